/* SPDX-License-Identifier: BSD-2-Clause */
/* A 16550A serial port.  It sends at once, so its transmitter is always empty. */
#ifndef VMM_DEVICES_UART_H
#define VMM_DEVICES_UART_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"
#include "devices/irq.h"

#define UART_PORTS 8
#define UART_FIFO  16u

/* Where the bytes go and come from.  get() returns -1 if there is none now. */
struct uart_backend {
    void (*put)(void *context, uint8_t byte);
    int (*get)(void *context);
    void *context;
};

struct uart {
    struct uart_backend backend;
    struct irq_line irq;
    uint16_t base;
    uint8_t ier, lcr, mcr, scr, fcr;
    uint8_t dll, dlm;
    uint8_t fifo[UART_FIFO];
    unsigned head, count;
    bool overrun;
    bool tx_pending; /* the transmitter became empty and nobody has seen it */
    bool line;       /* the interrupt output                                */
};

void uart_init(struct uart *uart, uint16_t base, struct uart_backend backend, struct irq_line irq);
struct io_device uart_ports(struct uart *uart);

/* The backend has new bytes. */
void uart_poll(struct uart *uart);

#endif
