/* SPDX-License-Identifier: BSD-2-Clause */
#include <uart/uart.h>

#include <rt/ports.h>

/* Registers of the 16550 and the bits used here. */
enum {
    RBR = 0,
    THR = 0,
    DLL = 0,
    IER = 1,
    DLM = 1,
    IIR = 2,
    FCR = 2,
    LCR = 3,
    MCR = 4,
    LSR = 5,
    MSR = 6,
    SCR = 7
};
#define IER_RX     0x01
#define IER_TX     0x02
#define IIR_NONE   0x01
#define FCR_ENABLE 0x07 /* on, both FIFOs cleared; interrupt at one byte */
#define LCR_8N1    0x03
#define LCR_DLAB   0x80
#define MCR_ON     0x0b /* DTR, RTS, OUT2 (lets interrupts out) */
#define LSR_DATA   0x01
#define LSR_ROOM   0x20
#define LSR_IDLE   0x40
#define BURST      16
#define ACK_TRIES  16

static uint8_t get(const struct uart *uart, unsigned reg)
{
    return in8((uint16_t)(uart->base + reg));
}

static void set(const struct uart *uart, unsigned reg, uint8_t value)
{
    out8((uint16_t)(uart->base + reg), value);
}

static void enable(struct uart *uart, uint8_t value)
{
    if (value != uart->enabled)
        set(uart, IER, value);
    uart->enabled = value;
}

void uart_init(struct uart *uart, uint16_t base, void *buffer, size_t size)
{
    *uart = (struct uart){.base = base};
    fifo_init(&uart->queue, buffer, size);
    set(uart, SCR, 0x5a);
    uart->present = get(uart, SCR) == 0x5a;
    if (!uart->present)
        return;
    set(uart, IER, 0);
    set(uart, LCR, LCR_8N1 | LCR_DLAB);
    set(uart, DLL, 1);
    set(uart, DLM, 0);
    set(uart, LCR, LCR_8N1);
    set(uart, FCR, FCR_ENABLE);
    set(uart, MCR, MCR_ON);
}

void uart_enable(struct uart *uart)
{
    uart->interrupts = true;
    enable(uart, IER_RX | IER_TX);
}

void uart_write(struct uart *uart, const void *bytes, size_t count)
{
    if (count > fifo_room(&uart->queue))
        count = fifo_room(&uart->queue);
    fifo_put(&uart->queue, bytes, count);
}

void uart_pump(struct uart *uart)
{
    uint8_t burst[BURST], rx = uart->held ? 0 : IER_RX;

    if (!uart->present)
        uart_discard(uart);
    while (fifo_used(&uart->queue) && get(uart, LSR) & LSR_ROOM) {
        size_t n = fifo_get(&uart->queue, burst, BURST);

        for (size_t i = 0; i < n; i++)
            set(uart, THR, burst[i]);
    }
    if (uart->interrupts)
        enable(uart, fifo_used(&uart->queue) ? rx | IER_TX : rx);
}

bool uart_is_idle(const struct uart *uart)
{
    return !fifo_used(&uart->queue) && (!uart->present || get(uart, LSR) & LSR_IDLE);
}

void uart_discard(struct uart *uart)
{
    uart->queue.tail = uart->queue.head;
}

int uart_read(const struct uart *uart)
{
    return uart->present && get(uart, LSR) & LSR_DATA ? get(uart, RBR) : -1;
}

void uart_hold(struct uart *uart, bool held)
{
    uart->held = held;
    uart_pump(uart);
}

void uart_acknowledge(const struct uart *uart)
{
    for (unsigned i = 0; i < ACK_TRIES && !(get(uart, IIR) & IIR_NONE); i++)
        get(uart, MSR);
}
