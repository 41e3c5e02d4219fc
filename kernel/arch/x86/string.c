/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory functions that the compiler calls by itself. */
#include "arch/width.h"
#include "types.h"

#define WORD sizeof(word_t)

void *memcpy(void *dst, const void *src, size_t n)
{
    void *d = dst;

    if (n % WORD == 0) {
        n /= WORD;
        asm volatile("rep movs" INSN_WORD : "+D"(d), "+S"(src), "+c"(n) : : "memory");
    } else {
        asm volatile("rep movsb" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
    }
    return dst;
}

void *memset(void *dst, int c, size_t n)
{
    void *d = dst;
    word_t pattern = (u8)c * (~(word_t)0 / 0xff);

    if (n % WORD == 0) {
        n /= WORD;
        asm volatile("rep stos" INSN_WORD : "+D"(d), "+c"(n) : "a"(pattern) : "memory");
    } else {
        asm volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(pattern) : "memory");
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
