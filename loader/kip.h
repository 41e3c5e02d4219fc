/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel interface page inside the loaded kernel image, before its start.
 * Its words have the kernel's width, which need not be the loader's.
 */
#ifndef LOADER_KIP_H
#define LOADER_KIP_H

#include <stdbool.h>
#include <stdint.h>
#include "elf.h"

/* Word indices; l4-x2 section "KIP". */
enum {
    KIP_KERN_DESC = 3,
    KIP_SIGMA0 = 8,
    KIP_ROOT_SERVER = 16,
    KIP_MEMORY_INFO = 21,
    KIP_KDEBUG_CONFIG = 22,
    KIP_BOOT_INFO = 46
};
/* Words of a server's description, from its index. */
enum { SERVER_SP, SERVER_IP, SERVER_LOW, SERVER_HIGH };

enum {
    MEM_CONVENTIONAL = 1,
    MEM_RESERVED = 2,
    MEM_SHARED = 4,
    MEM_BOOT_TABLES = 0x1e,
    MEM_BOOT_SERVER = 0x2e,
    MEM_BOOT_MODULE = 0x3e,
    MEM_BOOT_RSDP = 0x4e,
    MEM_ARCH = 0xf
};

/* Kdebug.config, as Almond understands it. */
#define KDEBUG_AT_START 1 /* enter the debugger before the first server runs */

#define KERNEL_ID_FAMILY(id) ((id) >> 24)
#define KERNEL_FAMILY_UKA    4 /* L4Ka: its memory pool must lie low */

struct kip {
    uint8_t *base;
    unsigned bits;        /* of a word: 32 or 64      */
    unsigned capacity;    /* of the memory descriptor */
    unsigned count;       /* ...s, and how many yet   */
    uint32_t descriptors; /* their offset             */
};

/* Looks through the loaded kernel's segments. */
bool kip_find(struct kip *kip, const struct elf_image *kernel);

uint64_t kip_read(const struct kip *kip, unsigned word);
void kip_write(struct kip *kip, unsigned word, uint64_t value);

/* Word 0 of the kernel descriptor. */
uint64_t kip_kernel_id(const struct kip *kip);

void kip_set_server(struct kip *kip, unsigned server, const struct elf_image *image);

/* Appends a descriptor of [low, high); what a word cannot hold is cut off; false if all are used. */
bool kip_add_memory(struct kip *kip, unsigned type, uint64_t low, uint64_t high);

#endif
