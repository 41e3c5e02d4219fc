/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VM's console: the two rings that the monitor shares with the VMM.  Output
 * is gathered; the monitor is called when half a ring waits, when the guest
 * sleeps, or some time after the first byte.
 *
 * The board's lock protects it.  `due` and `changed` are read without: whichever
 * vCPU clears `changed` looks at `due` behind that, and ends its run by then.
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
    bool pending;      /* output that the monitor has not been told of          */
    bool changed;      /* `due` is another than before                          */
    uint64_t due;      /* when to tell it: the host's TSC, 0 at once, ~0 never  */
    uint64_t patience; /* TSC ticks from the first byte to that        */
};

void console_init(struct console *console, struct mz_console *ring, uint64_t tsc_khz);
struct uart_backend console_backend(struct console *console);

/* True: something is pending, and the caller is to let the monitor have it, without the lock,
 * since that takes as long as the serial line does. */
bool console_take(struct console *console);

#endif
