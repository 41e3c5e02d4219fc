/* SPDX-License-Identifier: BSD-2-Clause */
#include "uart.h"

#include "fifo.h"
#include "io.h"
#include "supply.h"

#define COM1 0x3f8

/* Registers of the 16550 and the bits used here. */
enum {
    RBR = COM1,
    THR = COM1,
    DLL = COM1,
    IER = COM1 + 1,
    DLM = COM1 + 1,
    IIR = COM1 + 2,
    FCR = COM1 + 2,
    LCR = COM1 + 3,
    MCR = COM1 + 4,
    LSR = COM1 + 5,
    MSR = COM1 + 6,
    SCR = COM1 + 7
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

static uint8_t buffer[UART_QUEUE];
static struct fifo queue;
static bool present;
static uint8_t enabled; /* what IER holds */

static void set_ier(uint8_t value)
{
    if (value != enabled)
        out8(IER, value);
    enabled = value;
}

void uart_init(void)
{
    fifo_init(&queue, buffer, sizeof(buffer));
    out8(SCR, 0x5a);
    present = in8(SCR) == 0x5a;
    if (!present)
        return;
    out8(IER, 0);
    out8(LCR, LCR_8N1 | LCR_DLAB);
    out8(DLL, 1);
    out8(DLM, 0);
    out8(LCR, LCR_8N1);
    out8(FCR, FCR_ENABLE);
    out8(MCR, MCR_ON);
}

bool uart_enable_input(void)
{
    if (!present || !supply_interrupt(UART_IRQ))
        return false;
    set_ier(IER_RX | IER_TX);
    return true;
}

size_t uart_room(void)
{
    return fifo_room(&queue);
}

void uart_write(const void *bytes, size_t count)
{
    if (count > fifo_room(&queue))
        count = fifo_room(&queue);
    fifo_put(&queue, bytes, count);
}

void uart_pump(void)
{
    uint8_t burst[BURST];

    if (!present)
        queue.tail = queue.head;
    while (fifo_used(&queue) && in8(LSR) & LSR_ROOM) {
        size_t n = fifo_get(&queue, burst, BURST);

        for (size_t i = 0; i < n; i++)
            out8(THR, burst[i]);
    }
    if (enabled)
        set_ier(fifo_used(&queue) ? IER_RX | IER_TX : IER_RX);
}

void uart_drain(void)
{
    for (unsigned spins = 0; spins < DRAIN_SPINS; spins++) {
        uart_pump();
        if (!fifo_used(&queue) && (!present || in8(LSR) & LSR_IDLE))
            break;
    }
}

int uart_read(void)
{
    return present && in8(LSR) & LSR_DATA ? in8(RBR) : -1;
}

void uart_acknowledge(void)
{
    for (unsigned i = 0; i < ACK_TRIES && !(in8(IIR) & IIR_NONE); i++)
        in8(MSR);
}
