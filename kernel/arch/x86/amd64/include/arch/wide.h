/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on 128 bits, and a sum that several processors add to. */
#ifndef ARCH_WIDE_H
#define ARCH_WIDE_H

#include "types.h"

/* a * b / 2^64 */
static inline u64 multiply_high(u64 a, u64 b)
{
    return (u64)((unsigned __int128)a * b >> 64);
}

/* a * b / 2^32; saturates. */
static inline u64 multiply_part(u64 a, u64 b)
{
    unsigned __int128 product = (unsigned __int128)a * b >> 32;

    return product >> 64 ? ~(u64)0 : (u64)product;
}

/* high * 2^64 / divisor, for high < divisor */
static inline u64 divide_high(u64 high, u64 divisor)
{
    u64 low = 0;

    asm("divq %2" : "+a"(low), "+d"(high) : "r"(divisor) : "cc");
    return low;
}

static inline void atomic_add_wide(u64 *sum, u64 n)
{
    __atomic_fetch_add(sum, n, __ATOMIC_RELAXED);
}

#endif
