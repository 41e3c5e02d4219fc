/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A serial port of the machine's, 115200 8N1.  Output goes through a queue that uart_pump() and the
 * interrupt empty in bursts of the device's FIFO, so that a slow line never holds its owner up;
 * input comes by interrupt.
 */
#ifndef UART_UART_H
#define UART_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rt/fifo.h>

#define UART_COM1     0x3f8u
#define UART_COM1_IRQ 4u
#define UART_COM2     0x2f8u
#define UART_COM2_IRQ 3u
#define UART_PORTS    8u

struct uart {
    uint16_t base;
    bool present;
    bool interrupts; /* they can be received      */
    bool held;       /* input stays in the device */
    uint8_t enabled; /* what IER holds            */
    struct fifo queue;
};

/* Look whether there is a device, and set it up; without one, output vanishes. */
void uart_init(struct uart *uart, uint16_t base, void *buffer, size_t size);

/* Its interrupts can be received from now on. */
void uart_enable(struct uart *uart);

/* Bytes beyond the queue's room are lost. */
void uart_write(struct uart *uart, const void *bytes, size_t count);

/* Hand queued bytes to the device as far as it takes them without waiting. */
void uart_pump(struct uart *uart);

/* Whether the device itself has sent all. */
bool uart_is_idle(const struct uart *uart);

/* Forget what is queued. */
void uart_discard(struct uart *uart);

/* One byte of input, or -1. */
int uart_read(const struct uart *uart);

/* Whether input raises interrupts; it does not while nobody wants to read it. */
void uart_hold(struct uart *uart, bool held);

/* Clear the interrupt's causes, after input has been read. */
void uart_acknowledge(const struct uart *uart);

#endif
