/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two multiboot interfaces, as far as the loader reads them, and the header
 * by which boot loaders recognise it (also included from assembly).
 */
#ifndef LOADER_MULTIBOOT_H
#define LOADER_MULTIBOOT_H

/* version 1 */
#define MB1_HEADER_MAGIC 0x1badb002
#define MB1_HEADER_FLAGS 3 /* page-aligned modules, memory information */
#define MB1_BOOT_MAGIC   0x2badb002

/* version 2 */
#define MB2_HEADER_MAGIC 0xe85250d6
#define MB2_ARCH_I386    0
#define MB2_HEADER_ALIGN 6 /* header tag: page-aligned modules */
#define MB2_BOOT_MAGIC   0x36d76289

#ifndef __ASSEMBLY__
#include <stdint.h>

#define MB1_INFO_MEMORY  (1u << 0)
#define MB1_INFO_CMDLINE (1u << 2)
#define MB1_INFO_MODULES (1u << 3)
#define MB1_INFO_MMAP    (1u << 6)

struct mb1_info {
    uint32_t flags;
    uint32_t mem_lower, mem_upper; /* KiB below 640 KiB, and from 1 MiB */
    uint32_t boot_device;
    uint32_t cmdline;
    uint32_t mods_count, mods_addr;
    uint32_t syms[4];
    uint32_t mmap_length, mmap_addr;
    uint32_t unused[9];
};

struct mb1_module {
    uint32_t start, end, string, reserved;
};

/* size does not count itself; the next entry lies size + 4 bytes further. */
struct mb1_mmap {
    uint32_t size;
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed));

enum mb2_tag_type {
    MB2_TAG_END = 0,
    MB2_TAG_CMDLINE = 1,
    MB2_TAG_MODULE = 3,
    MB2_TAG_MMAP = 6,
    MB2_TAG_RSDP_OLD = 14,
    MB2_TAG_RSDP_NEW = 15
};

struct mb2_info {
    uint32_t total_size, reserved;
};

/* Tags follow the info; each starts at a multiple of 8 bytes. */
struct mb2_tag {
    uint32_t type, size;
    union {
        char text[0];
        uint8_t bytes[0];
        struct {
            uint32_t start, end;
            char string[];
        } module;
        struct {
            uint32_t entry_size, entry_version;
        } mmap;
    };
};

struct mb2_mmap {
    uint64_t base, length;
    uint32_t type, zero;
};

_Static_assert(sizeof(struct mb1_info) == 88, "Multiboot 0.6.96, section 3.3");
_Static_assert(sizeof(struct mb1_mmap) == 24, "Multiboot 0.6.96, section 3.3");
_Static_assert(sizeof(struct mb2_mmap) == 24, "Multiboot2 2.0, section 3.6.8");
#endif

#endif
