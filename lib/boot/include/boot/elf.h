/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF programs of the own width: reading a module that is to run as a child.  Every offset and
 * size of the file is checked when it is opened; after that nothing can fail.
 */
#ifndef BOOT_ELF_H
#define BOOT_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_SEGMENTS 8
#define ELF_PAGE     UINT64_C(4096)

/* Access rights, encoded like those of an fpage. */
#define ELF_X 1u
#define ELF_W 2u
#define ELF_R 4u

struct elf_segment {
    uint64_t vaddr, memsz, offset, filesz;
    unsigned rights;
};

struct elf_image {
    const uint8_t *data;
    size_t size;
    uint64_t entry;
    unsigned count;
    struct elf_segment segment[ELF_SEGMENTS];
};

/* Read the headers.  All segments must lie in [low, high).  NULL if the image is
 * good, else what is wrong with it. */
const char *elf_open(struct elf_image *image, const void *data, size_t size, uint64_t low,
                     uint64_t high);

/* The access rights of the page at vaddr (page-aligned); 0 if no segment reaches into it. */
unsigned elf_rights(const struct elf_image *image, uint64_t vaddr);

/* The place in the file of the page at vaddr, if the file's own page can serve
 * as it is: read-only, one segment's only, without bss.  Else NULL. */
const uint8_t *elf_direct(const struct elf_image *image, uint64_t vaddr);

/* Fill a zeroed page with what the segments put at [vaddr, vaddr + ELF_PAGE). */
void elf_fill(const struct elf_image *image, uint64_t vaddr, uint8_t *page);

/* Bytes of memory that a process needs for its private pages. */
uint64_t elf_private_bytes(const struct elf_image *image);

/* A header check of what a VM is to boot: NULL, or what is wrong: neither ELF nor
 * bzImage, or cut short. */
const char *elf_check_kernel(const void *data, size_t size);

#endif
