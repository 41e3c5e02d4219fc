/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF64 kernels: the segments, and the note with the PVH entry point. */
#include <string.h>

#include <boot/elffile.h>

#include "boot/boot.h"
#include "board/board.h"

struct elf_note {
    uint32_t name_size, desc_size, type;
};

#define SEGMENTS_MAX 32

#define NOTE_PVH_ENTRY 18 /* XEN_ELFNOTE_PHYS32_ENTRY */

/* Whether [offset, offset + size) lies in the image. */
static bool inside(const struct boot_image *image, uint64_t offset, uint64_t size)
{
    return offset <= image->size && size <= image->size - offset;
}

static bool read_header(struct boot *boot, struct elf64_header *h)
{
    const struct boot_image *image = &boot->config->kernel;
    if (!inside(image, 0, sizeof(*h)))
        return boot_fail(boot, "the kernel image has only %lu bytes", image->size);
    memcpy(h, image->bytes, sizeof(*h));
    if (memcmp(h->ident, ELF_MAGIC, 4) != 0)
        return boot_fail(boot, "the kernel is neither an ELF file nor a bzImage");
    if (h->ident[4] != ELF_CLASS64 || h->ident[5] != ELF_LITTLE || h->machine != ELF_MACHINE_X64)
        return boot_fail(boot, "the kernel is an ELF file, but not for AMD64");
    if (h->phentsize != sizeof(struct elf64_phdr) || h->phnum == 0 || h->phnum > SEGMENTS_MAX)
        return boot_fail(boot, "the ELF kernel has unusable program headers");
    if (!inside(image, h->phoff, (uint64_t)h->phnum * sizeof(struct elf64_phdr)))
        return boot_fail(boot, "the ELF kernel is truncated: no program headers");
    return true;
}

static bool load_segment(struct boot *boot, const struct elf64_phdr *s)
{
    const struct boot_image *image = &boot->config->kernel;
    uint64_t offset;
    if (s->memsz == 0)
        return true;
    if (s->filesz > s->memsz || !inside(image, s->offset, s->filesz))
        return boot_fail(boot, "the ELF kernel is truncated: a segment is missing");
    if (s->paddr < BOARD_HIGH || s->paddr >= RAM_HOLE)
        return boot_fail(boot, "the ELF kernel has a segment at %lx", s->paddr);
    if (!ram_offset(boot->ram, gpa(s->paddr), s->memsz, &offset))
        return boot_fail(boot, "the kernel needs memory up to %lu MiB",
                         (s->paddr + s->memsz + MIB(1) - 1) / MIB(1));
    if (!ram_add_source(boot->ram, gpa(s->paddr), image->bytes + s->offset, s->filesz))
        return boot_fail(boot, "the ELF kernel has too many segments");
    if (s->paddr < boot->kernel_start)
        boot->kernel_start = s->paddr;
    if (s->paddr + s->memsz > boot->kernel_end)
        boot->kernel_end = s->paddr + s->memsz;
    return true;
}

static uint64_t align4(uint64_t n)
{
    return (n + 3) & ~UINT64_C(3);
}

/* Look for the entry point among the notes in [at, at + left) of the image. */
static bool find_entry(const uint8_t *at, uint64_t left, uint32_t *entry)
{
    struct elf_note note;
    while (left >= sizeof(note)) {
        memcpy(&note, at, sizeof(note));
        uint64_t name = align4(note.name_size), desc = align4(note.desc_size);
        at += sizeof(note);
        left -= sizeof(note);
        if (name > left || desc > left - name)
            return false;
        bool xen = note.name_size == 4 && memcmp(at, "Xen", 4) == 0;
        if (xen && note.type == NOTE_PVH_ENTRY && note.desc_size >= 4) {
            memcpy(entry, at + name, 4);
            return true;
        }
        at += name + desc;
        left -= name + desc;
    }
    return false;
}

bool elf_load(struct boot *boot, uint32_t *pvh_entry)
{
    const struct boot_image *image = &boot->config->kernel;
    struct elf64_header h;
    bool found = false;
    if (!read_header(boot, &h))
        return false;
    boot->kernel_start = UINT64_MAX;
    for (unsigned i = 0; i < h.phnum; i++) {
        struct elf64_phdr s;
        memcpy(&s, image->bytes + h.phoff + i * sizeof(s), sizeof(s));
        if (s.type == ELF_LOAD && !load_segment(boot, &s))
            return false;
        if (s.type == ELF_NOTE && !found && inside(image, s.offset, s.filesz))
            found = find_entry(image->bytes + s.offset, s.filesz, pvh_entry);
    }
    if (!found)
        return boot_fail(boot, "the ELF kernel has no PVH entry (CONFIG_PVH)");
    if (*pvh_entry < boot->kernel_start || *pvh_entry >= boot->kernel_end)
        return boot_fail(boot, "the ELF kernel's PVH entry %x is outside it", *pvh_entry);
    return true;
}
