/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's serial line, COM1, 115200 8N1.  Output goes through a queue that
 * uart_pump() and the interrupt empty in bursts of the device's FIFO, so that a
 * slow line never holds up the monitor; input comes by interrupt.
 */
#ifndef MONITOR_UART_H
#define MONITOR_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UART_IRQ   4
#define UART_QUEUE 8192

/* Set up the device; without one, output vanishes.  uart_enable_input() then
 * asks for interrupts, which can only be received later. */
void uart_init(void);
bool uart_enable_input(void);

/* Bytes that uart_write() takes now; what is beyond is lost. */
size_t uart_room(void);
void uart_write(const void *bytes, size_t count);

/* Hand queued bytes to the device as far as it takes them without waiting. */
void uart_pump(void);

/* Wait until all is out; for the last words before power-off. */
void uart_drain(void);

/* One byte of input, or -1. */
int uart_read(void);

/* Clear the interrupt's causes, after input has been read. */
void uart_acknowledge(void);

#endif
