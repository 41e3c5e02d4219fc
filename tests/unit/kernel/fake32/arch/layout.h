/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake architecture with words of 32 bits. */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#define USER_END     0xc0000000
#define POOL_BASE    0x20000000
#define IMAGE_BASE   0x30000000
#define THREAD_TABLE 0x31000000

#define ROOT_KERNEL_0     768
#define ROOT_KERNEL_SLOTS 256

#endif
