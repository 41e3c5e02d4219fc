/* SPDX-License-Identifier: BSD-2-Clause */
/* Records are sequences of words of the root task's width. */
#include "bootinfo.h"

#include <string.h>
#include "memory.h"

#define MAGIC   0x14b0021du
#define VERSION 1

#define HEADER_WORDS     8
#define RECORD_WORDS_MAX 16
#define TYPE_MODULE      1
#define TYPE_SIMPLE_EXEC 2
#define TYPE_MULTIBOOT   0x102

struct writer {
    uint8_t *at;
    unsigned bytes; /* of a word */
};

static void put(struct writer *w, uint64_t value)
{
    memcpy(w->at, &value, w->bytes);
    w->at += w->bytes;
}

/* Where a record's words end, its string begins; records stay aligned to words. */
static uint64_t string_space(const char *s)
{
    return align_up(strlen(s) + 1, 8);
}

uint64_t bootinfo_size(const struct boot *boot)
{
    uint64_t size = (HEADER_WORDS + RECORD_WORDS_MAX) * 8;

    for (unsigned i = 0; i < boot->module_count; i++)
        size += RECORD_WORDS_MAX * 8 + string_space(boot->module[i].cmdline);
    return size;
}

static void put_record_head(struct writer *w, unsigned type, unsigned words, const char *string)
{
    uint64_t string_bytes = string ? string_space(string) : 0;

    put(w, type);
    put(w, VERSION);
    put(w, words * w->bytes + string_bytes);
}

static void put_string(struct writer *w, const char *s)
{
    memset(w->at, 0, (size_t)string_space(s));
    memcpy(w->at, s, strlen(s));
    w->at += string_space(s);
}

static void put_module(struct writer *w, const struct module *m)
{
    enum { WORDS = 6 };

    put_record_head(w, TYPE_MODULE, WORDS, m->cmdline);
    put(w, m->start);
    put(w, m->size);
    put(w, WORDS * w->bytes);
    put_string(w, m->cmdline);
}

/* Physical start, virtual start, size of a stretch of segments. */
struct stretch {
    uint64_t phys, virt, size;
};

static void extend(struct stretch *t, uint64_t at, uint64_t virt, uint64_t size)
{
    if (t->size == 0)
        *t = (struct stretch){at, virt, size};
    else if (at + size > t->phys)
        t->size = at + size - t->phys;
}

static void put_stretch(struct writer *w, const struct stretch *t)
{
    put(w, t->phys);
    put(w, t->virt);
    put(w, t->size);
}

/* Text and constants count as text; the file part of what is writable as data. */
static void put_simple_exec(struct writer *w, const struct module *m)
{
    enum { WORDS = 16 };
    struct stretch text = {0}, data = {0}, bss = {0};

    for (unsigned i = 0; i < m->image.count; i++) {
        const struct elf_segment *s = &m->image.segment[i];
        if (!(s->flags & ELF_WRITE)) {
            extend(&text, s->phys, s->virt, s->size);
            continue;
        }
        extend(&data, s->phys, s->virt, s->file_size);
        if (s->size > s->file_size)
            extend(&bss, s->phys + s->file_size, s->virt + s->file_size, s->size - s->file_size);
    }
    put_record_head(w, TYPE_SIMPLE_EXEC, WORDS, m->cmdline);
    put_stretch(w, &text);
    put_stretch(w, &data);
    put_stretch(w, &bss);
    put(w, m->image.entry);
    put(w, m->image.bits == 64 ? 2 : 1); /* flags: the ELF class */
    put(w, 0);
    put(w, WORDS * w->bytes);
    put_string(w, m->cmdline);
}

static void put_multiboot(struct writer *w, uint64_t mbi)
{
    put_record_head(w, TYPE_MULTIBOOT, 4, NULL);
    put(w, mbi);
}

void bootinfo_write(const struct boot *boot, unsigned bits, uint64_t at, uint64_t mbi)
{
    struct writer head = {phys(at), bits / 8}, w = head;

    w.at += HEADER_WORDS * w.bytes;
    for (unsigned i = MODULE_SIGMA0; i < boot->module_count; i++) {
        if (boot->module[i].loaded)
            put_simple_exec(&w, &boot->module[i]);
        else
            put_module(&w, &boot->module[i]);
    }
    if (mbi)
        put_multiboot(&w, mbi);
    put(&head, MAGIC);
    put(&head, VERSION);
    put(&head, (uint64_t)(w.at - (uint8_t *)phys(at)));
    put(&head, HEADER_WORDS * head.bytes);
    put(&head, boot->module_count - MODULE_SIGMA0 + (mbi ? 1 : 0));
    for (unsigned i = 0; i < 3; i++)
        put(&head, 0);
}
