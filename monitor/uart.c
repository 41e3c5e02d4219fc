/* SPDX-License-Identifier: BSD-2-Clause */
#include "uart.h"

#include <string.h>

#include <l4/thread.h>
#include <l4/vcpu.h>

#include <marzipan/native.h>

#include "io.h"
#include "ring.h"
#include "supply.h"

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
#define IER_RX      0x01
#define IER_TX      0x02
#define IIR_NONE    0x01
#define FCR_ENABLE  0x07 /* on, both FIFOs cleared; interrupt at one byte */
#define LCR_8N1     0x03
#define LCR_DLAB    0x80
#define MCR_ON      0x0b /* DTR, RTS, OUT2 (lets interrupts out) */
#define LSR_DATA    0x01
#define LSR_ROOM    0x20
#define LSR_IDLE    0x40
#define BURST       16
#define ACK_TRIES   16
#define DRAIN_SPINS 100000000u

/* The control line's queue holds the longest answer: nobody waits for its reader. */
static uint8_t console_buffer[8192], control_buffer[65536];

struct uart uart_console = {.base = 0x3f8, .irq = 4};
struct uart uart_control = {.base = 0x2f8, .irq = 3};

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

static void set_up(struct uart *uart, void *buffer, size_t size)
{
    memset(buffer, 0, size); /* as in log_init() */
    fifo_init(&uart->queue, buffer, size);
    if (supply_is_nested()) {
        uart->ring = uart->present = uart == &uart_console;
        return;
    }
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

void uart_init(void)
{
    set_up(&uart_console, console_buffer, sizeof(console_buffer));
    set_up(&uart_control, control_buffer, sizeof(control_buffer));
}

bool uart_enable_input(struct uart *uart)
{
    if (uart->ring)
        return L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY;
    if (!uart->present || !L4_AssociateInterrupt(L4_GlobalId(uart->irq, 1), L4_Myself()))
        return false;
    uart->interrupts = true;
    enable(uart, IER_RX | IER_TX);
    return true;
}

size_t uart_room(const struct uart *uart)
{
    return fifo_room(&uart->queue);
}

void uart_write(struct uart *uart, const void *bytes, size_t count)
{
    if (count > fifo_room(&uart->queue))
        count = fifo_room(&uart->queue);
    fifo_put(&uart->queue, bytes, count);
}

uint64_t uart_pump(struct uart *uart)
{
    uint8_t burst[BURST], rx = uart->held ? 0 : IER_RX;

    if (!uart->present)
        uart_discard(uart);
    if (uart->ring)
        return ring_pump(&uart->queue);
    while (fifo_used(&uart->queue) && get(uart, LSR) & LSR_ROOM) {
        size_t n = fifo_get(&uart->queue, burst, BURST);

        for (size_t i = 0; i < n; i++)
            set(uart, THR, burst[i]);
    }
    if (uart->interrupts)
        enable(uart, fifo_used(&uart->queue) ? rx | IER_TX : rx);
    return 0;
}

void uart_drain(struct uart *uart)
{
    if (uart->ring)
        return ring_drain(&uart->queue);
    for (unsigned spins = 0; spins < DRAIN_SPINS; spins++) {
        uart_pump(uart);
        if (!fifo_used(&uart->queue) && (!uart->present || get(uart, LSR) & LSR_IDLE))
            break;
    }
}

void uart_discard(struct uart *uart)
{
    uart->queue.tail = uart->queue.head;
}

int uart_read(struct uart *uart)
{
    if (uart->ring)
        return native_get();
    return uart->present && get(uart, LSR) & LSR_DATA ? get(uart, RBR) : -1;
}

void uart_hold(struct uart *uart, bool held)
{
    uart->held = held;
    uart_pump(uart);
}

void uart_acknowledge(struct uart *uart)
{
    for (unsigned i = 0; i < ACK_TRIES && !(get(uart, IIR) & IIR_NONE); i++)
        get(uart, MSR);
}
