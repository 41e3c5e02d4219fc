/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory functions that the compiler calls by itself. */
#include "types.h"

void *memcpy(void *dst, const void *src, size_t n)
{
    void *d = dst;

    if ((n & 7) == 0) {
        n >>= 3;
        asm volatile("rep movsq" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
    } else {
        asm volatile("rep movsb" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
    }
    return dst;
}

void *memset(void *dst, int c, size_t n)
{
    void *d = dst;

    if ((n & 7) == 0) {
        word_t pattern = (u8)c * 0x0101010101010101UL;

        n >>= 3;
        asm volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(pattern) : "memory");
    } else {
        asm volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory");
    }
    return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
    if ((word_t)dst - (word_t)src >= n)
        return memcpy(dst, src, n);
    for (u8 *d = dst; n > 0; n--)
        d[n - 1] = ((const u8 *)src)[n - 1];
    return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const u8 *x = a, *y = b;

    for (size_t i = 0; i < n; i++)
        if (x[i] != y[i])
            return x[i] - y[i];
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}
