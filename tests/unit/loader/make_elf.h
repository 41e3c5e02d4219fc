/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes ELF files for the tests: one header, program headers, bytes. */
#ifndef MAKE_ELF_H
#define MAKE_ELF_H

#include <elf.h>
#include <stdint.h>
#include <string.h>

struct test_segment {
    uint64_t phys, virt, file_size, size;
    uint32_t flags;
    char fill;
};

#define TEST_ELF_SIZE 0x8000

static inline size_t make_elf64(uint8_t *file, uint64_t entry, const struct test_segment *s,
                                unsigned count)
{
    Elf64_Ehdr *h = (Elf64_Ehdr *)file;
    Elf64_Phdr *p = (Elf64_Phdr *)(h + 1);
    uint64_t at = 0x1000;

    memset(file, 0, TEST_ELF_SIZE);
    memcpy(h->e_ident, ELFMAG, 4);
    h->e_ident[EI_CLASS] = ELFCLASS64;
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_type = ET_EXEC;
    h->e_machine = EM_X86_64;
    h->e_entry = entry;
    h->e_phoff = sizeof(*h);
    h->e_phentsize = sizeof(*p);
    h->e_phnum = (uint16_t)count;
    for (unsigned i = 0; i < count; i++) {
        p[i] = (Elf64_Phdr){PT_LOAD,   s[i].flags,     at,        s[i].virt,
                            s[i].phys, s[i].file_size, s[i].size, 0x1000};
        memset(file + at, s[i].fill, s[i].file_size);
        at += s[i].file_size;
    }
    return at;
}

static inline size_t make_elf32(uint8_t *file, uint32_t entry, const struct test_segment *s,
                                unsigned count)
{
    Elf32_Ehdr *h = (Elf32_Ehdr *)file;
    Elf32_Phdr *p = (Elf32_Phdr *)(h + 1);
    uint32_t at = 0x1000;

    memset(file, 0, TEST_ELF_SIZE);
    memcpy(h->e_ident, ELFMAG, 4);
    h->e_ident[EI_CLASS] = ELFCLASS32;
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_type = ET_EXEC;
    h->e_machine = EM_386;
    h->e_entry = entry;
    h->e_phoff = sizeof(*h);
    h->e_phentsize = sizeof(*p);
    h->e_phnum = (uint16_t)count;
    for (unsigned i = 0; i < count; i++) {
        p[i] = (Elf32_Phdr){PT_LOAD,
                            at,
                            (uint32_t)s[i].virt,
                            (uint32_t)s[i].phys,
                            (uint32_t)s[i].file_size,
                            (uint32_t)s[i].size,
                            s[i].flags,
                            0x1000};
        memset(file + at, s[i].fill, s[i].file_size);
        at += (uint32_t)s[i].file_size;
    }
    return at;
}

#endif
