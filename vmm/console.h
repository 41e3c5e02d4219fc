/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VM's console: the two rings that the monitor shares with the VMM.  Output
 * is gathered; the monitor is called when half a ring waits, when the guest
 * sleeps, or when it has turned to other things.
 */
#ifndef VMM_CONSOLE_H
#define VMM_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "devices/uart.h"
#include "marzipan/vmm.h"

struct console {
    struct mz_console *ring;
    uint32_t head; /* our own counters: those in the ring can be overwritten */
    uint32_t tail;
    bool pending;  /* output that the monitor has not been told of */
    unsigned idle; /* exits since the last byte                    */
};

void console_init(struct console *console, struct mz_console *ring);
struct uart_backend console_backend(struct console *console);

/* Called once for each exit while output is pending. */
void console_tick(struct console *console);
void console_flush(struct console *console);

#endif
