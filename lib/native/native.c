/* SPDX-License-Identifier: BSD-2-Clause */
#include <marzipan/native.h>

#include <stdarg.h>
#include <stdio.h>

#include <marzipan/console.h>

uint32_t native_room(void)
{
    const struct mz_console *r = native_rings();

    return MZ_OUT_SIZE - (r->out_head - __atomic_load_n(&r->out_tail, __ATOMIC_ACQUIRE));
}

void native_put(uint8_t byte)
{
    struct mz_console *r = native_rings();

    r->out[r->out_head % MZ_OUT_SIZE] = byte;
    __atomic_store_n(&r->out_head, r->out_head + 1, __ATOMIC_RELEASE);
}

int native_get(void)
{
    struct mz_console *r = native_rings();
    uint32_t tail = r->in_tail;
    int byte;

    if (__atomic_load_n(&r->in_head, __ATOMIC_ACQUIRE) == tail)
        return -1;
    byte = r->in[tail % MZ_IN_SIZE];
    __atomic_store_n(&r->in_tail, tail + 1, __ATOMIC_RELEASE);
    return byte;
}

void native_print(const char *format, ...)
{
    char line[256];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (const char *s = line; *s; s++) {
        if (!native_room())
            mz_console_flush(native_monitor());
        native_put((uint8_t)*s);
    }
    mz_console_flush(native_monitor());
}

void native_exit(enum mz_exit_cause cause, uint64_t detail, const char *text)
{
    char short_text[65]; /* what exit.now takes: a longer one would never get there */

    snprintf(short_text, sizeof(short_text), "%s", text);
    for (;;)
        mz_exit_now(native_monitor(), cause, detail, short_text);
}
