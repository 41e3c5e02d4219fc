/* SPDX-License-Identifier: BSD-2-Clause */
#include "console.h"

#include <string.h>

#include <l4/schedule.h>

#include <marzipan/console.h>
#include <marzipan/native.h>

void console_write(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!native_room())
            console_flush();
        native_put((uint8_t)bytes[i]);
    }
}

void console_line(const char *line)
{
    console_write(line, strlen(line));
    console_write("\r\n", 2);
}

void console_flush(void)
{
    mz_console_flush(native_monitor());
}

uint64_t now_ms(void)
{
    return L4_SystemClock().raw / 1000;
}
