/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in an ELF file, for all who read one: System V ABI, "ELF header" and "Program header". */
#ifndef BOOT_ELFFILE_H
#define BOOT_ELFFILE_H

#include <stdint.h>

#define ELF_MAGIC "\177ELF"

/* In ident[4] and ident[5]. */
#define ELF_CLASS32 1
#define ELF_CLASS64 2
#define ELF_LITTLE  1

#define ELF_TYPE_EXEC   2
#define ELF_MACHINE_386 3
#define ELF_MACHINE_X64 62

enum elf_phdr_type { ELF_LOAD = 1, ELF_NOTE = 4 };

struct elf64_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf64_phdr {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct elf32_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint32_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf32_phdr {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

_Static_assert(sizeof(struct elf64_header) == 64, "ELF header");
_Static_assert(sizeof(struct elf64_phdr) == 56, "ELF program header");
_Static_assert(sizeof(struct elf32_header) == 52, "ELF header");
_Static_assert(sizeof(struct elf32_phdr) == 32, "ELF program header");

#endif
