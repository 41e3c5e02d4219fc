/* SPDX-License-Identifier: BSD-2-Clause */
#include <marzipan/native.h>

#include <marzipan/console.h>
#include <stdarg.h>
#include <stdio.h>

void native_print(const char *format, ...)
{
    struct mz_console *rings = native_rings();
    char line[256];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (const char *s = line; *s; s++) {
        if (rings->out_head - rings->out_tail == MZ_OUT_SIZE)
            mz_console_flush(native_monitor());
        rings->out[rings->out_head++ % MZ_OUT_SIZE] = (uint8_t)*s;
    }
    mz_console_flush(native_monitor());
}

void native_exit(enum mz_exit_cause cause, uint64_t detail, const char *text)
{
    for (;;)
        mz_exit_now(native_monitor(), cause, detail, text);
}
