/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel interface page.  The boot loader finds it in the kernel image by
 * its magic, fills in servers, memory descriptors and BootInfo; the kernel adds
 * the rest and maps it read-only into every space.
 */
#ifndef CORE_KIP_H
#define CORE_KIP_H

#include "arch/width.h"
#include "core/cpus.h"
#include "types.h"

struct kip_server {
    word_t sp, ip, low, high; /* memory [low, high) */
};

struct memdesc {
    word_t low;  /* type 0-3, subtype 4-7, virtual 9, low / 1024 above  */
    word_t high; /* inclusive, / 1024 from bit 10                       */
};

enum {
    MEM_CONVENTIONAL = 1,
    MEM_RESERVED = 2,
    MEM_DEDICATED = 3,
    MEM_SHARED = 4,
    MEM_BOOTLOADER = 0xe,
    MEM_ARCH = 0xf
};
#define MEM_SUB_RSDP 4 /* of MEM_BOOTLOADER: a page that starts with ACPI's RSDP */

enum {
    KIP_LINK_SPACE_CONTROL,
    KIP_LINK_THREAD_CONTROL,
    KIP_LINK_PROCESSOR_CONTROL,
    KIP_LINK_MEMORY_CONTROL,
    KIP_LINK_IPC,
    KIP_LINK_LIPC,
    KIP_LINK_UNMAP,
    KIP_LINK_EXCHANGE_REGISTERS,
    KIP_LINK_SYSTEM_CLOCK,
    KIP_LINK_THREAD_SWITCH,
    KIP_LINK_SCHEDULE,
    KIP_LINKS
};

#define KDEBUG_AT_START 1 /* of kdebug_config: the boot loader has been told kdb=yes */

#define KIP_MAGIC   0x4be6344cUL
#define KIP_VERSION 0x84050000UL

struct kip {
    word_t magic, api_version, api_flags, kern_desc_ptr;
    word_t kdebug_init, kdebug_entry, kdebug_low, kdebug_high;
    struct kip_server sigma0, sigma1, root; /* w+8, 12, 16 */
    word_t reserved20, memory_info;         /* w+21 */
    word_t kdebug_config[2];
    word_t legacy_mem[16]; /* w+24 .. 39 */
    word_t reserved40, virtual_reg_info;
    word_t utcb_info, kip_area_info; /* w+42, 43 */
    word_t reserved44[2];
    word_t boot_info, proc_desc_ptr, clock_info, thread_info; /* w+46 .. 49 */
    word_t page_info, processor_info;                         /* w+50, 51 */
    word_t links[KIP_LINKS];                                  /* w+52 .. 62 */
    word_t reserved63[5];
    word_t arch_syscalls[4]; /* w+68 */
    /* behind the fixed part: processor descriptors, kernel descriptor, memory descriptors */
    word_t proc_desc[CPU_MAX][4];
    word_t kern_desc[4];
    char strings[16];
    u64 extension[24]; /* struct l4_almond */
    struct memdesc memdescs[KIP_MEMDESCS];
};

_Static_assert(offsetof(struct kip, memory_info) == 21 * sizeof(word_t), "l4-x2 KIP w+21");
_Static_assert(offsetof(struct kip, utcb_info) == 42 * sizeof(word_t), "l4-x2 KIP w+42");
_Static_assert(offsetof(struct kip, boot_info) == 46 * sizeof(word_t), "l4-x2 KIP w+46");
_Static_assert(offsetof(struct kip, links) == 52 * sizeof(word_t), "l4-x2 KIP w+52");
_Static_assert(offsetof(struct kip, proc_desc) == 72 * sizeof(word_t), "l4-x2 KIP w+72");
_Static_assert(sizeof(struct kip) <= PAGE_SIZE, "one page");

extern struct kip kip;

/* Fill in what the kernel knows, once the platform is up. */
void kip_init(void);
/* Append a memory descriptor for [low, high). */
void kip_add_memory(unsigned type, bool virt, word_t low, word_t high);

#endif
