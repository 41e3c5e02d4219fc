/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying and filling.  The string instructions move eight bytes at a time:
 * on hardware they are as fast as vector loops, in an emulator that counts
 * instructions far cheaper, and they leave the vector registers alone.
 */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    void *d = to;
    size_t words = n / 8, rest = n % 8;

    __asm__ volatile("rep movsq" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(rest) : : "memory");
    return to;
}

/* Copies from the top down, for a destination that overlaps the source's end. */
static void copy_down(void *to, const void *from, size_t n)
{
    char *d = (char *)to + n - 1;
    const char *s = (const char *)from + n - 1;
    size_t words = n / 8, rest = n % 8;

    __asm__ volatile("std; rep movsb; sub $7, %0; sub $7, %1; mov %3, %2; rep movsq; cld"
                     : "+&D"(d), "+&S"(s), "+&c"(rest)
                     : "r"(words)
                     : "memory", "cc");
}

void *memmove(void *to, const void *from, size_t n)
{
    if ((size_t)((char *)to - (const char *)from) >= n)
        return memcpy(to, from, n);
    copy_down(to, from, n);
    return to;
}

void *memset(void *to, int c, size_t n)
{
    void *d = to;
    unsigned long fill = (unsigned char)c * 0x0101010101010101ul;
    size_t words = n / 8, rest = n % 8;

    __asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(fill) : "memory");
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(rest) : "a"(fill) : "memory");
    return to;
}
