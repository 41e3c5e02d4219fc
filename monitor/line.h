/* SPDX-License-Identifier: BSD-2-Clause */
/* The console's line: COM1, or what stands for it in a nested monitor: the parent, by two rings. */
#ifndef MONITOR_LINE_H
#define MONITOR_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uart/uart.h>

/* line_enable() asks for the interrupt, which can only be received later. */
void line_init(void);
bool line_enable(void);

/* Bytes that line_write() takes now; what is beyond is lost. */
size_t line_room(void);
void line_write(const void *bytes, size_t count);

/* Hand queued bytes on as far as that goes without waiting.  In how many milliseconds this is to be
 * tried again though nothing has happened, 0: not. */
uint64_t line_pump(void);

/* Wait until all is out; for the last words before power-off. */
void line_drain(void);

/* One byte of input, or -1. */
int line_read(void);

/* Clear the interrupt's causes, after input has been read. */
void line_acknowledge(void);

#endif
