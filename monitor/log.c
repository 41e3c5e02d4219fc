/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <l4/schedule.h>

#include <rt/text.h>

#include "console.h"

#define RING_SIZE 16384

static uint8_t buffer[RING_SIZE];
static struct fifo ring;
static enum mz_log_level shown = MZ_LOG_INFO;

bool (*log_gate)(void);

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static const char *const level_marks[] = {"\033[31merror:\033[0m ", "\033[33mwarning:\033[0m ", "",
                                          "debug: "};

uint64_t now_ms(void)
{
    return L4_SystemClock().raw / 1000;
}

void log_init(void)
{
    memset(buffer, 0,
           sizeof(buffer)); /* its pages are there: kernel memory does not grow with the log */
    fifo_init(&ring, buffer, sizeof(buffer));
}

bool log_set_level(const char *name)
{
    for (unsigned i = 0; i <= MZ_LOG_DEBUG; i++) {
        if (strcmp(level_names[i], name) == 0) {
            shown = (enum mz_log_level)i;
            return true;
        }
    }
    return false;
}

bool log_shows(enum mz_log_level level)
{
    return level <= shown;
}

void log_write(enum mz_log_level level, const char *format, ...)
{
    char line[LOG_LINE + 2];
    uint64_t ms = now_ms();
    va_list args;
    size_t length;

    if (level > shown || (log_gate && !log_gate()))
        return;
    snprintf(line, LOG_LINE, "[%5lu.%03lu] %s", (unsigned long)(ms / 1000),
             (unsigned long)(ms % 1000), level_marks[level]);
    length = strlen(line);
    va_start(args, format);
    vsnprintf(line + length, LOG_LINE - length, format, args);
    va_end(args);
    length = strlen(line);
    memcpy(line + length, "\r\n", 2);
    fifo_put(&ring, line, length + 2);
    console_log(line, length + 2);
}

const struct fifo *log_ring(void)
{
    return &ring;
}
