/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two classes differ only in the width of some fields, so one parser takes
 * its offsets from a table.
 */
#include "elf.h"

#include <stddef.h>
#include <string.h>
#include "memory.h"

#define ELF_MAGIC   0x464c457fu
#define CLASS_32    1
#define CLASS_64    2
#define LITTLE      1
#define TYPE_EXEC   2
#define MACHINE_386 3
#define MACHINE_X64 62
#define PT_LOAD     1

enum field { E_ENTRY, E_PHOFF, P_FLAGS, P_OFFSET, P_VADDR, P_PADDR, P_FILESZ, P_MEMSZ, FIELDS };

/* System V ABI, "ELF header" and "Program header": where the fields are, in the order above. */
static const struct elf_class {
    unsigned bits, machine, header_size, phentsize_at, program_header_size;
    uint8_t at[FIELDS];
} classes[] = {
    {32, MACHINE_386, 52, 42, 32, {24, 28, 24, 4, 8, 12, 16, 20}},
    {64, MACHINE_X64, 64, 54, 56, {24, 32, 4, 8, 16, 24, 32, 40}},
};

static uint64_t read_bytes(const uint8_t *p, unsigned n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | p[n];
    return value;
}

static uint64_t read_field(const struct elf_class *class, const uint8_t *p, enum field f)
{
    return read_bytes(p + class->at[f], f == P_FLAGS ? 4 : class->bits / 8);
}

bool elf_recognise(const void *file, uint64_t size)
{
    return size >= 16 && read_bytes(file, 4) == ELF_MAGIC;
}

static const char *check_header(const uint8_t *file, uint64_t size, const struct elf_class **class)
{
    if (!elf_recognise(file, size))
        return "it is not an ELF file";
    if ((file[4] != CLASS_32 && file[4] != CLASS_64) || file[5] != LITTLE)
        return "it is an ELF file of an unknown class or byte order";
    *class = &classes[file[4] - CLASS_32];
    if (size < (*class)->header_size)
        return "it is truncated: even the ELF header is incomplete";
    if (read_bytes(file + 16, 2) != TYPE_EXEC)
        return "it is not an executable (position-independent ones cannot be loaded)";
    if (read_bytes(file + 18, 2) != (*class)->machine)
        return "it is built for another processor";
    if (read_bytes(file + (*class)->phentsize_at, 2) != (*class)->program_header_size)
        return "its program headers have an unknown size";
    return NULL;
}

static const char *check_segment(const struct elf_segment *s, uint64_t size)
{
    if (s->offset > size || s->file_size > size - s->offset)
        return "it is truncated: a segment lies beyond the end of the module";
    if (s->file_size > s->size)
        return "a segment is larger in the file than in memory";
    if (s->phys > UINT32_MAX || s->size > UINT32_MAX - s->phys)
        return "a segment lies above 4 GiB";
    return NULL;
}

static void add_segment(struct elf_image *image, const struct elf_segment *s)
{
    image->segment[image->count++] = *s;
    if (s->phys < image->low)
        image->low = s->phys;
    if (s->phys + s->size > image->high)
        image->high = s->phys + s->size;
}

/* A kernel's entry is a virtual address: find where it lies physically. */
static const char *find_entry(struct elf_image *image, uint64_t entry)
{
    for (unsigned i = 0; i < image->count; i++) {
        const struct elf_segment *s = &image->segment[i];
        if (entry - s->virt < s->size) {
            image->entry = entry - s->virt + s->phys;
            return NULL;
        }
    }
    for (unsigned i = 0; i < image->count; i++)
        if (entry - image->segment[i].phys < image->segment[i].size) {
            image->entry = entry;
            return NULL;
        }
    return "its entry point lies in none of its segments";
}

static const char *read_segments(const uint8_t *file, uint64_t size, const struct elf_class *class,
                                 struct elf_image *image)
{
    uint64_t at = read_field(class, file, E_PHOFF);
    uint64_t n = read_bytes(file + class->phentsize_at + 2, 2);
    const char *error;

    if (at > size || n * class->program_header_size > size - at)
        return "it is truncated: program headers lie beyond the end of the module";
    for (; n > 0; n--, at += class->program_header_size) {
        const uint8_t *p = file + at;
        struct elf_segment s = {
            .phys = read_field(class, p, P_PADDR),
            .virt = read_field(class, p, P_VADDR),
            .offset = read_field(class, p, P_OFFSET),
            .file_size = read_field(class, p, P_FILESZ),
            .size = read_field(class, p, P_MEMSZ),
            .flags = (uint32_t)read_field(class, p, P_FLAGS),
        };
        if (read_bytes(p, 4) != PT_LOAD || s.size == 0)
            continue;
        error = check_segment(&s, size);
        if (error)
            return error;
        if (image->count == ELF_SEGMENTS)
            return "it has too many segments";
        add_segment(image, &s);
    }
    return image->count ? NULL : "it has nothing to load";
}

const char *elf_parse(const void *file, uint64_t size, struct elf_image *image)
{
    const struct elf_class *class = NULL;
    const char *error = check_header(file, size, &class);

    if (error)
        return error;
    *image = (struct elf_image){.bits = class->bits, .low = UINT64_MAX};
    error = read_segments(file, size, class, image);
    if (error)
        return error;
    return find_entry(image, read_field(class, file, E_ENTRY));
}

void elf_load(const void *file, const struct elf_image *image)
{
    for (unsigned i = 0; i < image->count; i++) {
        const struct elf_segment *s = &image->segment[i];
        char *to = phys(s->phys);
        memcpy(to, (const char *)file + s->offset, (size_t)s->file_size);
        memset(to + s->file_size, 0, (size_t)(s->size - s->file_size));
    }
}
