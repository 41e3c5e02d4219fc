/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial console of a payload: COM1, polled. */
#include "payload.h"

enum { COM1 = 0x3f8, THR = 0, DLL = 0, IER = 1, DLM = 1, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };
enum { LCR_8N1 = 3, LCR_DLAB = 0x80, MCR_DTR_RTS = 3, LSR_THRE = 0x20 };

void console_init(void)
{
    out8(COM1 + IER, 0);
    out8(COM1 + LCR, LCR_DLAB);
    out8(COM1 + DLL, 1);
    out8(COM1 + DLM, 0);
    out8(COM1 + LCR, LCR_8N1);
    out8(COM1 + FCR, 1);
    out8(COM1 + MCR, MCR_DTR_RTS);
}

void console_put(char c)
{
    while (!(in8(COM1 + LSR) & LSR_THRE))
        __asm__ volatile("pause");
    out8(COM1 + THR, (uint8_t)c);
}

static void put_string(const char *s)
{
    while (*s)
        console_put(*s++);
}

static void put_number(uint64_t value, unsigned base)
{
    char digits[24];
    unsigned n = 0;

    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (n)
        console_put(digits[--n]);
}

static void put_signed(int64_t value)
{
    if (value < 0)
        console_put('-');
    put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

/* One conversion; LONGS is the number of l before it. */
static void convert(char type, unsigned longs, va_list *args)
{
    switch (type) {
    case 's':
        put_string(va_arg(*args, const char *));
        break;
    case 'c':
        console_put((char)va_arg(*args, int));
        break;
    case 'd':
        put_signed(longs ? va_arg(*args, int64_t) : va_arg(*args, int));
        break;
    case 'u':
    case 'x':
        put_number(longs ? va_arg(*args, uint64_t) : va_arg(*args, unsigned),
                   type == 'u' ? 10 : 16);
        break;
    default:
        console_put(type);
    }
}

void print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for (; *format; format++) {
        if (*format == '\n')
            console_put('\r');
        if (*format != '%') {
            console_put(*format);
            continue;
        }
        unsigned longs = 0;
        while (*++format == 'l')
            longs++;
        convert(*format, longs, &args);
    }
    va_end(args);
}
