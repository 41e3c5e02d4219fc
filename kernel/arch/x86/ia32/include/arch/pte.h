/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two levels of tables (Intel SDM vol. 3, 4.3), pages of 4 KiB and 4 MiB.
 *
 * Not PAE, which would bring NX: with it pages of 4 MiB, which X.2's programs
 * for IA32 count on, would be 2 MiB, entries would take two stores, and walks a
 * third level, and every space three pages more.  A word of 32 bits names no
 * memory above 4 GiB anyway; who wants NX has AMD64.
 */
#ifndef ARCH_PTE_H
#define ARCH_PTE_H

#include "types.h"

#define PT_LEVELS 2
#define PT_BITS   10 /* of an address that a level translates */

#define PTE_NX   0UL
#define PTE_ADDR 0xfffff000UL

#define PT_RIGHTS (RIGHT_R | RIGHT_W) /* who reads can execute */

/* start.S has made sure that the processor has them. */
static inline unsigned pt_find_largest(void)
{
    return 22;
}

#endif
