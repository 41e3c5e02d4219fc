/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/uart.h"

enum uart_register { RBR_THR, IER, IIR_FCR, LCR, MCR, LSR, MSR, SCR };

#define IER_RX   0x01u
#define IER_TX   0x02u
#define IER_LINE 0x04u
#define IER_ALL  0x0fu

#define IIR_NONE    0x01u
#define IIR_TX      0x02u
#define IIR_RX      0x04u
#define IIR_LINE    0x06u
#define IIR_TIMEOUT 0x0cu
#define IIR_FIFO    0xc0u

#define FCR_ENABLE       0x01u
#define FCR_CLEAR_RX     0x02u
#define FCR_TRIGGER(fcr) ((fcr) >> 6 & 3)

#define LCR_DLAB 0x80u

#define MCR_LOOP 0x10u
#define MCR_ALL  0x1fu

#define LSR_DATA    0x01u
#define LSR_OVERRUN 0x02u
#define LSR_EMPTY   0x60u /* holding and shift register */

#define MSR_CONNECTED 0xb0u /* CTS, DSR, DCD */

void uart_init(struct uart *uart, uint16_t base, struct uart_backend backend, struct irq_line irq)
{
    *uart = (struct uart){.backend = backend, .irq = irq, .base = base, .dll = 1};
}

static unsigned fifo_size(const struct uart *uart)
{
    return uart->fcr & FCR_ENABLE ? UART_FIFO : 1;
}

static bool fifo_put(struct uart *uart, uint8_t byte)
{
    if (uart->count >= fifo_size(uart))
        return false;
    uart->fifo[(uart->head + uart->count++) % UART_FIFO] = byte;
    return true;
}

/* The cause of an interrupt with the highest priority.  A receiver below its
 * trigger level reports the time-out at once: on a line without speed, what is
 * not there yet comes much later. */
static uint8_t cause(const struct uart *uart)
{
    static const uint8_t trigger[4] = {1, 4, 8, 14};
    if (uart->overrun && (uart->ier & IER_LINE))
        return IIR_LINE;
    if (uart->count > 0 && (uart->ier & IER_RX)) {
        bool fifo = uart->fcr & FCR_ENABLE;
        return fifo && uart->count < trigger[FCR_TRIGGER(uart->fcr)] ? IIR_TIMEOUT : IIR_RX;
    }
    if (uart->tx_pending && (uart->ier & IER_TX))
        return IIR_TX;
    return IIR_NONE;
}

static void update(struct uart *uart)
{
    bool line = cause(uart) != IIR_NONE;
    if (line != uart->line) {
        uart->line = line;
        irq_line_set(&uart->irq, line);
    }
}

void uart_poll(struct uart *uart)
{
    if (!(uart->mcr & MCR_LOOP)) {
        while (uart->count < fifo_size(uart)) {
            int byte = uart->backend.get(uart->backend.context);
            if (byte < 0)
                break;
            fifo_put(uart, (uint8_t)byte);
        }
    }
    update(uart);
}

static uint8_t read_data(struct uart *uart)
{
    uint8_t byte = 0;
    if (uart->count > 0) {
        byte = uart->fifo[uart->head];
        uart->head = (uart->head + 1) % UART_FIFO;
        if (--uart->count == 0)
            uart_poll(uart);
    }
    update(uart);
    return byte;
}

static void write_data(struct uart *uart, uint8_t byte)
{
    if (uart->mcr & MCR_LOOP) {
        if (!fifo_put(uart, byte))
            uart->overrun = true;
    } else {
        uart->backend.put(uart->backend.context, byte);
    }
    /* Sent: the empty transmitter is news, an edge for who looks at edges. */
    uart->tx_pending = false;
    if (uart->ier & IER_TX)
        update(uart);
    uart->tx_pending = true;
    update(uart);
}

static uint8_t read_iir(struct uart *uart)
{
    uint8_t iir = cause(uart);
    if (iir == IIR_TX) {
        uart->tx_pending = false;
        update(uart);
    }
    return iir | (uart->fcr & FCR_ENABLE ? IIR_FIFO : 0);
}

static uint8_t read_lsr(struct uart *uart)
{
    uint8_t lsr = LSR_EMPTY | (uart->count ? LSR_DATA : 0) | (uart->overrun ? LSR_OVERRUN : 0);
    if (uart->overrun) {
        uart->overrun = false;
        update(uart);
    }
    return lsr;
}

/* In loop-back the modem inputs show the outputs: RTS, DTR, OUT1, OUT2 appear as
 * CTS, DSR, RI, DCD. */
static uint8_t read_msr(const struct uart *uart)
{
    uint8_t mcr = uart->mcr;
    if (!(mcr & MCR_LOOP))
        return MSR_CONNECTED;
    return (uint8_t)((mcr & 2) << 3 | (mcr & 1) << 5 | (mcr & 4) << 4 | (mcr & 8) << 4);
}

static void write_fcr(struct uart *uart, uint8_t value)
{
    if (((value ^ uart->fcr) & FCR_ENABLE) || (value & FCR_CLEAR_RX))
        uart->head = uart->count = 0;
    uart->fcr = value & FCR_ENABLE ? value & 0xc9 : 0;
    uart_poll(uart);
}

static void write_ier(struct uart *uart, uint8_t value)
{
    if (value & ~uart->ier & IER_TX)
        uart->tx_pending = true;
    uart->ier = value & IER_ALL;
    update(uart);
}

static uint32_t uart_read(void *device, uint16_t port, unsigned size)
{
    struct uart *uart = device;
    bool dlab = uart->lcr & LCR_DLAB;
    switch ((enum uart_register)((port - uart->base) % UART_PORTS)) {
    case RBR_THR:
        return dlab ? uart->dll : read_data(uart);
    case IER:
        return dlab ? uart->dlm : uart->ier;
    case IIR_FCR:
        return read_iir(uart);
    case LCR:
        return uart->lcr;
    case MCR:
        return uart->mcr;
    case LSR:
        return read_lsr(uart);
    case MSR:
        return read_msr(uart);
    case SCR:
        return uart->scr;
    }
    return UINT32_MAX;
}

static void uart_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct uart *uart = device;
    bool dlab = uart->lcr & LCR_DLAB;
    uint8_t byte = (uint8_t)value;
    switch ((enum uart_register)((port - uart->base) % UART_PORTS)) {
    case RBR_THR:
        if (dlab)
            uart->dll = byte;
        else
            write_data(uart, byte);
        break;
    case IER:
        if (dlab)
            uart->dlm = byte;
        else
            write_ier(uart, byte);
        break;
    case IIR_FCR:
        write_fcr(uart, byte);
        break;
    case LCR:
        uart->lcr = byte;
        break;
    case MCR:
        uart->mcr = byte & MCR_ALL;
        uart_poll(uart);
        break;
    case SCR:
        uart->scr = byte;
        break;
    case LSR:
    case MSR:
        break;
    }
}

struct io_device uart_ports(struct uart *uart)
{
    return (struct io_device){uart_read, uart_write, uart};
}
