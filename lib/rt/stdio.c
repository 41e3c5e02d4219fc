/* SPDX-License-Identifier: BSD-2-Clause */
/* <stdio.h> over the formatter and the output hook. */
#include <rt/console.h>
#include <rt/format.h>
#include <stdio.h>

static void (*put_hook)(char c);

struct buffer {
    char *next, *last; /* last: kept for the NUL */
};

void rt_set_putchar(void (*put)(char c))
{
    put_hook = put;
}

int putchar(int c)
{
    if (put_hook)
        put_hook((char)c);
    return (unsigned char)c;
}

int puts(const char *s)
{
    while (*s)
        putchar(*s++);
    putchar('\n');
    return 0;
}

static void to_console(void *arg, char c)
{
    putchar(c);
}

int vprintf(const char *fmt, va_list args)
{
    return rt_vformat(to_console, NULL, fmt, args);
}

int printf(const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vprintf(fmt, args);
    va_end(args);
    return n;
}

static void to_buffer(void *arg, char c)
{
    struct buffer *b = arg;

    if (b->next < b->last)
        *b->next++ = c;
}

int vsnprintf(char *to, size_t size, const char *fmt, va_list args)
{
    struct buffer b = {to, size ? to + size - 1 : to};
    int n = rt_vformat(to_buffer, &b, fmt, args);

    if (size)
        *b.next = 0;
    return n;
}

int snprintf(char *to, size_t size, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(to, size, fmt, args);
    va_end(args);
    return n;
}
