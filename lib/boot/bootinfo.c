/* SPDX-License-Identifier: BSD-2-Clause */
#include <boot/bootinfo.h>

#include <string.h>

enum { HEADER_MAGIC, HEADER_VERSION, HEADER_SIZE, HEADER_FIRST, HEADER_COUNT, HEADER_WORDS = 8 };
enum { RECORD_TYPE, RECORD_VERSION, RECORD_NEXT, RECORD_WORDS };
enum { MODULE_START = RECORD_WORDS, MODULE_SIZE, MODULE_CMDLINE, MODULE_WORDS };
enum { EXEC_CMDLINE = 15, EXEC_WORDS };

#define TYPE_MODULE     1
#define TYPE_SIMPLEEXEC 2

/* The structure consists of words of the root task's width. */
#define WORD sizeof(unsigned long)

static uint64_t word(const void *base, uint64_t offset, unsigned index)
{
    unsigned long w;

    memcpy(&w, (const char *)base + offset + index * sizeof(w), sizeof(w));
    return w;
}

uint64_t bootinfo_size(const void *info)
{
    uint64_t size = word(info, 0, HEADER_SIZE);

    if (word(info, 0, HEADER_MAGIC) != BOOTINFO_MAGIC)
        return 0;
    return size >= HEADER_WORDS * WORD && size < (1u << 20) ? size : 0;
}

/* The string at `offset` from the record, if it ends inside the structure. */
static const char *string(const void *info, size_t size, uint64_t record, uint64_t offset)
{
    const char *s;

    if (offset == 0 || offset >= size - record)
        return "";
    s = (const char *)info + record + offset;
    return memchr(s, '\0', size - record - offset) ? s : "";
}

/* Read the record at `at`, if it is a program or module and lies inside. */
static int read_record(const void *info, size_t size, uint64_t at, struct boot_record *record)
{
    uint64_t type = word(info, at, RECORD_TYPE);
    uint64_t words = (size - at) / WORD;

    *record = (struct boot_record){0, 0, ""};
    if (type == TYPE_MODULE && words >= MODULE_WORDS) {
        record->start = word(info, at, MODULE_START);
        record->size = word(info, at, MODULE_SIZE);
        record->cmdline = string(info, size, at, word(info, at, MODULE_CMDLINE));
        return 0;
    }
    if (type == TYPE_SIMPLEEXEC && words >= EXEC_WORDS) {
        record->cmdline = string(info, size, at, word(info, at, EXEC_CMDLINE));
        return 0;
    }
    return -1;
}

int bootinfo_record(const void *info, size_t size, unsigned n, struct boot_record *record)
{
    uint64_t at, left;

    if (size < HEADER_WORDS * WORD)
        return -1;
    at = word(info, 0, HEADER_FIRST);
    left = word(info, 0, HEADER_COUNT);
    while (left--) {
        uint64_t next;

        if (at > size || size - at < RECORD_WORDS * WORD)
            return -1;
        if (read_record(info, size, at, record) == 0 && n-- == 0)
            return 0;
        next = word(info, at, RECORD_NEXT);
        if (next == 0 || next > size - at)
            return -1;
        at += next;
    }
    return -1;
}
