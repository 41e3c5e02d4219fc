/* SPDX-License-Identifier: BSD-2-Clause */
/* A fake architecture: the real page tables over a pool in a process's memory. */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#define USER_END     0x00007ffffffff000
#define POOL_BASE    0x20000000 /* pool pointers have 31 bits here */
#define IMAGE_BASE   0x0000300000000000
#define THREAD_TABLE 0x0000310000000000

#define ROOT_KERNEL_0     510
#define ROOT_KERNEL_SLOTS 2

#endif
