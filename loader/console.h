/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: on COM1 and on a VGA text screen. */
#ifndef LOADER_CONSOLE_H
#define LOADER_CONSOLE_H

void console_init(void);

/* Prints "loader: error: ..." and stops the machine. */
void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
