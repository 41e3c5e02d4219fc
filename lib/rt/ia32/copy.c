/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and filling with the string instructions, four bytes at a time. */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    void *d = to;
    size_t words = n / 4, rest = n % 4;

    __asm__ volatile("rep movsl" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(rest) : : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    char *d = (char *)to + n - 1;
    const char *s = (const char *)from + n - 1;

    if ((size_t)((char *)to - (const char *)from) >= n)
        return memcpy(to, from, n);
    __asm__ volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(n) : : "memory", "cc");
    return to;
}

void *memset(void *to, int c, size_t n)
{
    void *d = to;
    unsigned long fill = (unsigned char)c * 0x01010101ul;
    size_t words = n / 4, rest = n % 4;

    __asm__ volatile("rep stosl" : "+D"(d), "+c"(words) : "a"(fill) : "memory");
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(rest) : "a"(fill) : "memory");
    return to;
}
