/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell's place on the monitor's console. */
#ifndef SHELL_CONSOLE_H
#define SHELL_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes and lines; the operator sees them after the next flush, at the latest. */
void console_write(const char *bytes, size_t count);
void console_line(const char *line);

/* Waits while the serial line is busy. */
void console_flush(void);

uint64_t now_ms(void);

#endif
