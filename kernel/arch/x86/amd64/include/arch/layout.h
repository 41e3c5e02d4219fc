/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's part of every address space (AMD64).
 *
 *   0x0000_0000_0000_0000  user area, PML4 slots 0-255
 *   0xffff_8000_0000_0000  slots 256-287: each processor's window on another space, while it copies
 *   0xffff_ff80_0000_0000  slot 511: pages that users may read
 *                          +0x00000 system call stubs (R X)
 *                          +0x10000 UTCB pointers (R NX), a page for each processor
 *   0xffff_ff80_4000_0000  device registers (RW NX uncached): local APIC, IO-APICs
 *   0xffff_ff80_8000_0000  temporary mappings at boot (ACPI tables)
 *   0xffff_ffff_8000_0000  the kernel image at its physical address: text R X, rodata R, data RW
 *   0xffff_ffff_a000_0000  the table of threads
 *   0xffff_ffff_b000_0000  the processors' areas, 64 KiB each (arch/area.h)
 *   0xffff_ffff_c000_0000  window on the kernel memory pool, RW NX, 2 MiB pages: so its addresses
 *                          are 32-bit numbers, sign-extended
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

/* Without the last page: the address behind a SYSCALL at its end is none that SYSRET may return
 * to, which on Intel's processors faults in the kernel. */
#define USER_END      0x00007ffffffff000
#define USER_PAGES    0xffffff8000000000
#define USER_STUBS    USER_PAGES
#define USER_UTCB_PTR (USER_PAGES + 0x10000)
#define DEVICE_BASE   0xffffff8040000000
#define BOOT_WINDOW   0xffffff8080000000
#define IMAGE_BASE    0xffffffff80000000
#define THREAD_TABLE  0xffffffffa0000000
#define CPU_AREAS     0xffffffffb0000000
#define POOL_WINDOW   0xffffffffc0000000
#define POOL_MAX      0x3f000000

/* The top-level table's slots that all spaces share. */
#define ROOT_KERNEL_0     511
#define ROOT_KERNEL_SLOTS 1

/* The copy window of processor n: one slot. */
#define ROOT_WINDOW_0  256
#define WINDOW_LOG2    39
#define WINDOW_BASE(n) (0xffff800000000000 + ((unsigned long)(n) << WINDOW_LOG2))

#define SEL_KCODE   0x08
#define SEL_KDATA   0x10
#define SEL_UCODE32 0x1b
#define SEL_UDATA   0x23
#define SEL_UCODE   0x2b
#define SEL_TSS     0x30
#define SEL_UGS     0x43 /* what users have in GS: see switch.h */

#ifndef __ASSEMBLY__
/* The address of physical memory 0, if the window reached so far: the pool may lie anywhere. */
#define POOL_BASE pool_origin
extern unsigned long pool_origin;
#endif

#endif
