/* SPDX-License-Identifier: BSD-2-Clause */
#include <marzipan/native.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT 200u

static uint32_t room(const struct mz_console *r)
{
    return MZ_LOG_SIZE - (r->log_head - __atomic_load_n(&r->log_tail, __ATOMIC_ACQUIRE));
}

static void put(enum mz_log_level level, const char *format, va_list args)
{
    struct mz_console *r = native_rings();
    uint32_t head = r->log_head, length;
    char line[TEXT + 2];

    line[0] = (char)level;
    vsnprintf(line + 1, TEXT + 1, format, args);
    length = (uint32_t)strlen(line + 1) + 2;
    if (room(r) < length)
        mz_log_flush(native_monitor());
    for (uint32_t i = 0; i < length; i++)
        r->log[head++ % MZ_LOG_SIZE] = (uint8_t)line[i];
    __atomic_store_n(&r->log_head, head, __ATOMIC_RELEASE);
}

void native_log(enum mz_log_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(level, format, args);
    va_end(args);
    mz_log_flush(native_monitor());
}

void native_log_later(enum mz_log_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(level, format, args);
    va_end(args);
}
