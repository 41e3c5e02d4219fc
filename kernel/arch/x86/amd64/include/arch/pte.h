/* SPDX-License-Identifier: BSD-2-Clause */
/* Four levels of tables (AMD APM vol. 2, 5.3). */
#ifndef ARCH_PTE_H
#define ARCH_PTE_H

#include "arch/insn.h"
#include "types.h"

#define PT_LEVELS 4
#define PT_BITS   9 /* of an address that a level translates */

#define PTE_NX   (1UL << 63)
#define PTE_ADDR 0x000ffffffffff000UL

#define PT_RIGHTS RIGHT_RWX

/* The largest page of this processor. */
static inline unsigned pt_find_largest(void)
{
    return cpuid_if(0x80000001, 0).d & 1u << 26 ? 30 : 21;
}

#endif
