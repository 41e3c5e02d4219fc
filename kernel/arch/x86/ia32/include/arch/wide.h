/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on 128 bits, in pieces of 32, and a sum that several processors add to. */
#ifndef ARCH_WIDE_H
#define ARCH_WIDE_H

#include "types.h"

/* a * b: the upper half in *high, the lower as result. */
static inline u64 multiply(u64 a, u64 b, u64 *high)
{
    u64 low = (u64)(u32)a * (u32)b;
    u64 left = (a >> 32) * (u32)b + (low >> 32);
    u64 right = (u64)(u32)a * (b >> 32) + (u32)left;

    *high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);
    return right << 32 | (u32)low;
}

/* a * b / 2^64 */
static inline u64 multiply_high(u64 a, u64 b)
{
    u64 high;

    multiply(a, b, &high);
    return high;
}

/* a * b / 2^32; saturates. */
static inline u64 multiply_part(u64 a, u64 b)
{
    u64 high, low = multiply(a, b, &high);

    return high >> 32 ? ~(u64)0 : high << 32 | low >> 32;
}

/* high * 2^64 / divisor, for high < divisor < 2^63 */
static inline u64 divide_high(u64 high, u64 divisor)
{
    u64 quotient = 0;

    for (unsigned bit = 0; bit < 64; bit++) {
        high <<= 1;
        quotient <<= 1;
        if (high >= divisor) {
            high -= divisor;
            quotient |= 1;
        }
    }
    return quotient;
}

static inline void atomic_add_wide(u64 *sum, u64 n)
{
    u64 old = *sum, new;
    bool done = false;

    do {
        new = old + n;
        asm volatile("lock cmpxchg8b %1"
                     : "=@ccz"(done), "+m"(*sum), "+A"(old)
                     : "b"((u32) new), "c"((u32)(new >> 32))
                     : "memory");
    } while (!done);
}

#endif
