/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's console: a 16550 at COM1, 115200 8N1, polled. */
#include "arch/insn.h"
#include "core/arch.h"
#include "plat/serial.h"

#define COM1 0x3f8

enum { DATA, INT_ENABLE, FIFO_CONTROL, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS };
enum { DIVISOR_LOW = DATA, DIVISOR_HIGH = INT_ENABLE }; /* while LCR_DIVISOR is set */

#define LCR_8N1              0x03
#define LCR_DIVISOR          0x80
#define FCR_ENABLE_AND_CLEAR 0x07
#define MCR_DTR_RTS_OUT2     0x0b
#define LSR_DATA             0x01
#define LSR_EMPTY            0x20

#define SPINS 100000 /* far longer than a character takes */

static bool present;

INIT void serial_init(void)
{
    outb(COM1 + INT_ENABLE, 0);
    outb(COM1 + LINE_CONTROL, LCR_DIVISOR | LCR_8N1);
    outb(COM1 + DIVISOR_LOW, 1);
    outb(COM1 + DIVISOR_HIGH, 0);
    outb(COM1 + LINE_CONTROL, LCR_8N1);
    outb(COM1 + FIFO_CONTROL, FCR_ENABLE_AND_CLEAR);
    outb(COM1 + MODEM_CONTROL, MCR_DTR_RTS_OUT2);
    present = inb(COM1 + LINE_STATUS) != 0xff;
}

void arch_console_putc(char c)
{
    if (!present)
        return;
    for (unsigned i = 0; i < SPINS && !(inb(COM1 + LINE_STATUS) & LSR_EMPTY); i++)
        cpu_relax();
    outb(COM1 + DATA, (u8)c);
}

int arch_console_getc(void)
{
    return present && inb(COM1 + LINE_STATUS) & LSR_DATA ? inb(COM1 + DATA) : -1;
}
