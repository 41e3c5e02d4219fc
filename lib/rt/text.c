/* SPDX-License-Identifier: BSD-2-Clause */
#include <rt/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t text_copy(char *to, size_t size, const void *from, size_t max)
{
    const unsigned char *s = from;
    size_t n = 0;

    while (n < max && n + 1 < size && s[n]) {
        to[n] = s[n] >= 0x20 && s[n] < 0x7f ? (char)s[n] : '.';
        n++;
    }
    while (n && (to[n - 1] == ' ' || (to[n - 1] == '.' && s[n - 1] == '\n')))
        n--;
    to[n] = '\0';
    return n;
}

void text_add(char *to, size_t size, const char *format, ...)
{
    size_t used = strlen(to);
    va_list args;

    va_start(args, format);
    vsnprintf(to + used, size - used, format, args);
    va_end(args);
}

const char *text_size(uint64_t bytes)
{
    static char buffers[4][24];
    static unsigned turn;
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    char *out = buffers[turn++ % 4];
    uint64_t n = (bytes >> 10) + !!(bytes & 1023);
    unsigned unit = 0;

    while (unit < 3 && n >= 1024 && (n % 1024 == 0 || n >= 10240)) {
        n = (n >> 10) + !!(n & 1023);
        unit++;
    }
    snprintf(out, sizeof(buffers[0]), "%lu %s", (unsigned long)n, units[unit]);
    return out;
}
