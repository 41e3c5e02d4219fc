/* SPDX-License-Identifier: BSD-2-Clause */
/* What the boot code finds and prepares for the rest of the kernel. */
#ifndef ARCH_BOOT_H
#define ARCH_BOOT_H

#include "arch/layout.h"
#include "types.h"

/* The kernel memory pool, mapped at POOL_BASE + physical address. */
extern paddr_t boot_pool_base;
extern u64 boot_pool_size;

/* Top-level page table of the kernel alone; user spaces share its kernel slots. */
extern word_t *arch_kernel_root;

/* The KIP's link values of the system call stubs.  arch_links is in the order of the KIP's
 * link words 52 to 62; arch_ext_links in that of struct l4_almond, from VcpuControl on. */
#define ARCH_LINKS     11
#define ARCH_EXT_LINKS 10
extern const word_t arch_links[ARCH_LINKS];
extern const word_t arch_ext_links[ARCH_EXT_LINKS];

/* kernel.ld: the image's segments; each begins on a page. */
extern char _image_start[], _image_end[];
extern char _text_start[], _text_end[];
extern char _rodata_start[], _rodata_end[];
extern char _data_start[], _data_end[];
extern char _init_start[], _init_end[];
extern char _stubs_start[]; /* the system call stubs, which users execute        */

/* The physical address of something in the kernel image (not in the pool). */
static inline paddr_t image_to_phys(const void *p)
{
    return paddr((word_t)p - IMAGE_BASE);
}

/*
 * Memory descriptors of the KIP.  Returns the n-th descriptor of physical memory with this type
 * (0x2 reserved, 0x4e boot loader's subtype 4, ...) in *low and *high (exclusive).
 */
bool boot_memory_find(unsigned type, unsigned n, u64 *low, u64 *high);

/* Called by start.S: on the boot stack and the boot page tables; returns the top of the stack for the
 * next one, which does not return. */
word_t arch_boot(void);
_Noreturn void arch_boot_first(void);
/* And on every other processor. */
_Noreturn void arch_boot_other(unsigned n);

#endif
