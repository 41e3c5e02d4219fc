/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's serial lines, 115200 8N1: COM1 is the console, COM2 the control line.  Output
 * goes through a queue that uart_pump() and the interrupt empty in bursts of the device's FIFO,
 * so that a slow line never holds up the monitor; input comes by interrupt.
 */
#ifndef MONITOR_UART_H
#define MONITOR_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rt/fifo.h>

struct uart {
    uint16_t base;
    uint8_t irq;
    bool present;
    bool ring;       /* the parent monitor stands for it */
    bool interrupts; /* they can be received      */
    bool held;       /* input stays in the device */
    uint8_t enabled; /* what IER holds            */
    struct fifo queue;
};

extern struct uart uart_console, uart_control;

/* Set up both; without a device, output vanishes.  uart_enable_input() then asks for
 * interrupts, which can only be received later. */
void uart_init(void);
bool uart_enable_input(struct uart *uart);

/* Bytes that uart_write() takes now; what is beyond is lost. */
size_t uart_room(const struct uart *uart);
void uart_write(struct uart *uart, const void *bytes, size_t count);

/* Hand queued bytes to the device as far as it takes them without waiting.  In how many milliseconds
 * this is to be tried again though nothing has happened, 0: not. */
uint64_t uart_pump(struct uart *uart);

/* Wait until all is out; for the last words before power-off. */
void uart_drain(struct uart *uart);

/* Forget what is queued. */
void uart_discard(struct uart *uart);

/* One byte of input, or -1. */
int uart_read(struct uart *uart);

/* Whether input raises interrupts; it does not while nobody wants to read it. */
void uart_hold(struct uart *uart, bool held);

/* Clear the interrupt's causes, after input has been read. */
void uart_acknowledge(struct uart *uart);

#endif
