/* SPDX-License-Identifier: BSD-2-Clause */
/* The 64-bit divisions that the compiler calls for on a 32-bit processor. */
#include <stdint.h>

uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);

/* The processor divides 64 bits by 32 if the quotient has 32. */
static uint32_t divide(uint32_t high, uint32_t low, uint32_t d, uint32_t *rest)
{
    uint32_t quotient;

    __asm__("divl %4" : "=a"(quotient), "=d"(*rest) : "a"(low), "d"(high), "rm"(d) : "cc");
    return quotient;
}

/* Bit by bit: nobody is in a hurry with such large divisors. */
static uint64_t divide_long(uint64_t n, uint64_t d, uint64_t *rest)
{
    uint64_t quotient = 0, r = 0;

    for (int bit = 63; bit >= 0; bit--) {
        r = r << 1 | (n >> bit & 1);
        if (r >= d) {
            r -= d;
            quotient |= UINT64_C(1) << bit;
        }
    }
    *rest = r;
    return quotient;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest)
{
    uint32_t high, r = 0;
    uint64_t low;

    if (d >> 32)
        return divide_long(n, d, rest);
    high = divide(0, (uint32_t)(n >> 32), (uint32_t)d, &r);
    low = divide(r, (uint32_t)n, (uint32_t)d, &r);
    *rest = r;
    return (uint64_t)high << 32 | low;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
    uint64_t rest;

    return __udivmoddi4(n, d, &rest);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
    uint64_t rest;

    __udivmoddi4(n, d, &rest);
    return rest;
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

int64_t __divdi3(int64_t n, int64_t d)
{
    uint64_t quotient = __udivdi3(magnitude(n), magnitude(d));

    return (int64_t)((n < 0) != (d < 0) ? -quotient : quotient);
}

int64_t __moddi3(int64_t n, int64_t d)
{
    uint64_t rest = __umoddi3(magnitude(n), magnitude(d));

    return (int64_t)(n < 0 ? -rest : rest);
}
