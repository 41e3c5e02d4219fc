/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's part of every address space (IA32).
 *
 *   0x0000_0000  user area
 *   0xc000_0000  window on the kernel memory pool, RW, 4 MiB pages
 *   0xf000_0000  the kernel image at its physical address: text and rodata R, data RW
 *   0xf100_0000  4 MiB for each processor: its window on another space, while it copies
 *   0xf900_0000  device registers (RW, uncached): local APIC, IO-APICs
 *   0xf940_0000  the processors' areas, 64 KiB each (arch/area.h)
 *   0xf960_0000  the table of threads
 *   0xfc00_0000  temporary mappings at boot (ACPI tables)
 *   0xff80_0000  the UTCB pointers, which users may read, a page for each processor
 *
 * Without PAE there is no NX: what is not written can be executed.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#define USER_END      0xc0000000
#define POOL_WINDOW   0xc0000000
#define POOL_MAX      0x30000000
#define IMAGE_BASE    0xf0000000
#define DEVICE_BASE   0xf9000000
#define CPU_AREAS     0xf9400000
#define THREAD_TABLE  0xf9600000
#define BOOT_WINDOW   0xfc000000
#define USER_UTCB_PTR 0xff800000

/* The top-level table's slots that all spaces share. */
#define ROOT_KERNEL_0     768
#define ROOT_KERNEL_SLOTS 256

/* The copy window of processor n: one slot. */
#define ROOT_WINDOW_0  964
#define WINDOW_LOG2    22
#define WINDOW_BASE(n) (0xf1000000 + ((unsigned long)(n) << WINDOW_LOG2))

/* Where the stubs begin in the KIP. */
#define KIP_STUBS 0x800

/* The user selectors are those of every X.2 kernel for IA32. */
#define SEL_KCODE 0x08
#define SEL_KDATA 0x10
#define SEL_UCODE 0x1b
#define SEL_UDATA 0x23
#define SEL_UTCB  0x2b
#define SEL_TSS   0x30
#define SEL_DF    0x38
#define SEL_LOCAL 0x43 /* the first of LOCAL_SEGMENTS thread-local ones */

#ifndef __ASSEMBLY__
/* The address of physical memory 0, if the window reached so far: the pool may lie anywhere. */
#define POOL_BASE pool_origin
extern unsigned long pool_origin;
#endif

#endif
