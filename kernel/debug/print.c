/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's printf, on the console. */
#include <stdarg.h>

#include "core/arch.h"
#include "core/lock.h"
#include "debug/backtrace.h"
#include "debug/kdb.h"
#include "debug/panic.h"

struct spec {
    unsigned width;
    char pad;
    unsigned longs;
};

static void put(char c)
{
    if (c == '\n')
        arch_console_putc('\r');
    arch_console_putc(c);
    if (c == '\n')
        kdb_line();
}

static void put_padded(const char *s, size_t n, const struct spec *spec)
{
    for (size_t i = n; i < spec->width; i++)
        put(spec->pad);
    while (n-- > 0)
        put(*s++);
}

static void put_number(u64 v, unsigned base, bool negative, const struct spec *spec)
{
    char buf[24], *p = buf + sizeof(buf);

    do {
        *--p = "0123456789abcdef"[v % base];
        v /= base;
    } while (v);
    if (negative)
        *--p = '-';
    put_padded(p, (size_t)(buf + sizeof(buf) - p), spec);
}

static const char *parse(const char *fmt, struct spec *spec)
{
    *spec = (struct spec){.pad = ' '};
    if (*fmt == '0')
        spec->pad = *fmt++;
    for (; *fmt >= '0' && *fmt <= '9'; fmt++)
        spec->width = spec->width * 10 + (unsigned)(*fmt - '0');
    for (; *fmt == 'l' || *fmt == 'z'; fmt++)
        spec->longs++;
    return fmt;
}

static void vkprintf(const char *fmt, va_list ap)
{
    struct spec spec;

    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            put(*fmt);
            continue;
        }
        fmt = parse(fmt + 1, &spec);
        switch (*fmt) {
        case 'c':
            put((char)va_arg(ap, int));
            break;
        case 's': {
            const char *s = va_arg(ap, const char *);
            put_padded(s, strlen(s), &spec);
            break;
        }
        case 'd': {
            int64_t v = spec.longs > 1 ? va_arg(ap, int64_t)
                        : spec.longs   ? va_arg(ap, long)
                                       : va_arg(ap, int);
            put_number(v < 0 ? -(u64)v : (u64)v, 10, v < 0, &spec);
            break;
        }
        case 'p':
            spec.longs = 1;
            put_number(va_arg(ap, word_t), 16, false, &spec);
            break;
        case 'u':
        case 'x':
            put_number(spec.longs > 1 ? va_arg(ap, u64)
                       : spec.longs   ? va_arg(ap, word_t)
                                      : va_arg(ap, unsigned),
                       *fmt == 'x' ? 16 : 10, false, &spec);
            break;
        default:
            put(*fmt);
        }
    }
}

static struct lock console_lock;

bool print_alone;

void kprintf(const char *fmt, ...)
{
    bool lock = !print_alone && cpu_count > 1;
    va_list ap;

    if (lock)
        lock_take(&console_lock);
    va_start(ap, fmt);
    vkprintf(fmt, ap);
    va_end(ap);
    if (lock)
        lock_give(&console_lock);
}

void panic(const char *fmt, ...)
{
    va_list ap;

    print_alone = true;
    kprintf("\nalmond: panic: ");
    va_start(ap, fmt);
    vkprintf(fmt, ap);
    va_end(ap);
    kprintf("\n");
    panic_stop(NULL, (word_t)__builtin_frame_address(0));
}
