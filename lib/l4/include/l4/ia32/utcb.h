/* SPDX-License-Identifier: BSD-2-Clause */
/* How a thread finds its UTCB. */
#ifndef L4_IA32_UTCB_H
#define L4_IA32_UTCB_H

#include <l4/types.h>

/* The address of the own MR0.  Read anew at each use: a migrated thread has another. */
static inline L4_Word_t *L4_Utcb(void)
{
    L4_Word_t *mr0;

    __asm__ volatile("mov %%gs:0, %0" : "=r"(mr0));
    return mr0;
}

#endif
