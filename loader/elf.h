/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF programs of both classes: checking, and copying to where they run. */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include <stdbool.h>
#include <stdint.h>

#define ELF_SEGMENTS 16

#define ELF_EXEC  1u
#define ELF_WRITE 2u

struct elf_segment {
    uint64_t phys, virt;
    uint64_t offset, file_size, size; /* in the file; in memory */
    uint32_t flags;
};

struct elf_image {
    unsigned bits;      /* 32 or 64                             */
    uint64_t entry;     /* physical                             */
    uint64_t low, high; /* physical extent, high exclusive      */
    unsigned count;     /* loadable segments that are not empty */
    struct elf_segment segment[ELF_SEGMENTS];
};

bool elf_recognise(const void *file, uint64_t size);

/* Reads and checks the headers; returns what is wrong, NULL if nothing is. */
const char *elf_parse(const void *file, uint64_t size, struct elf_image *image);

/* Copies the segments to their physical addresses, zeroes the rest of them. */
void elf_load(const void *file, const struct elf_image *image);

#endif
