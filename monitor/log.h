/* SPDX-License-Identifier: BSD-2-Clause */
/* The log: lines with a time and a level, on the console and in a ring that the
 * operator can read again. */
#ifndef MONITOR_LOG_H
#define MONITOR_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include <marzipan/log.h>
#include <rt/fifo.h>

#define LOG_LINE 512

void log_init(void);

/* Show lines up to this level: "error", "warn", "info", "debug".  False: no such level. */
bool log_set_level(const char *name);

/* Whether lines of this level are shown at all. */
bool log_shows(enum mz_log_level level);

/* Asked before a line is written, if there is one: whether it may be. */
extern bool (*log_gate)(void);

/* Write one line.  Control characters in what clients sent must be gone already. */
void log_write(enum mz_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(MZ_LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(MZ_LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(MZ_LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(MZ_LOG_DEBUG, __VA_ARGS__)

/* The lines so far, each ended by "\r\n". */
const struct fifo *log_ring(void);

/* Milliseconds since the kernel's clock started. */
uint64_t now_ms(void);

#endif
