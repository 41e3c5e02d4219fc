/* SPDX-License-Identifier: BSD-2-Clause */
/* <stdlib.h>: the allocator's names, numbers, sorting; <assert.h>'s failure; errno. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <rt/heap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int errno;

void *malloc(size_t size)
{
    return rt_heap_alloc(size);
}

void *calloc(size_t count, size_t size)
{
    size_t total;
    void *p;

    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    p = rt_heap_alloc(total);
    return p ? memset(p, 0, total) : NULL;
}

void *realloc(void *p, size_t size)
{
    return rt_heap_resize(p, size);
}

void free(void *p)
{
    rt_heap_free(p);
}

static int digit_value(char c)
{
    if (isdigit(c))
        return c - '0';
    return isalpha(c) ? tolower(c) - 'a' + 10 : INT_MAX;
}

/* Skips the prefix that belongs to base; returns the base that results. */
static int number_base(const char **s, int base)
{
    bool hex = (*s)[0] == '0' && tolower((*s)[1]) == 'x' && isxdigit((*s)[2]);

    if (hex && (base == 0 || base == 16)) {
        *s += 2;
        return 16;
    }
    if (base == 0)
        return (*s)[0] == '0' ? 8 : 10;
    return base;
}

unsigned long long strtoull(const char *s, char **end, int base)
{
    const char *start = s, *first;
    unsigned long long value = 0;
    bool negative, overflow = false;

    while (isspace(*s))
        s++;
    negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    base = number_base(&s, base);
    for (first = s; digit_value(*s) < base; s++)
        if (__builtin_mul_overflow(value, (unsigned)base, &value) ||
            __builtin_add_overflow(value, (unsigned)digit_value(*s), &value))
            overflow = true;
    if (end)
        *end = (char *)(s == first ? start : s);
    if (overflow) {
        errno = ERANGE;
        return ULLONG_MAX;
    }
    return negative ? 0 - value : value;
}

unsigned long strtoul(const char *s, char **end, int base)
{
    unsigned long long value = strtoull(s, end, base);

    if (value > ULONG_MAX && 0 - value > ULONG_MAX) {
        errno = ERANGE;
        return ULONG_MAX;
    }
    return (unsigned long)value;
}

int atoi(const char *s)
{
    return (int)strtoul(s, NULL, 10);
}

static void swap_bytes(char *a, char *b, size_t n)
{
    for (; n > 0; n--, a++, b++) {
        char c = *a;
        *a = *b;
        *b = c;
    }
}

/* Insertion sort: the tables that servers sort are short, and often in order. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    char *first = base;

    for (size_t i = 1; i < count; i++)
        for (char *p = first + i * size; p > first && compare(p - size, p) > 0; p -= size)
            swap_bytes(p - size, p, size);
}

void rt_assert_failed(const char *what, const char *file, int line)
{
    printf("%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
