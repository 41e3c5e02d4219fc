/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A watchdog: once started, it ends the VM unless it is fed in time.  ACPI's WDAT
 * (board/wdat.c) tells the guest how to use its four registers of 32 bits:
 *
 *   +0  feed       write: count down from the beginning; reads as 0
 *   +4  control    bit 0: it runs; writing it starts, with the full time, or stops
 *   +8  time-out   ms; what is more than the longest, or 0, becomes the longest
 *   +12 left       ms until it bites, 0 if it is stopped (read-only)
 *
 * A new time-out holds from the next feeding on.
 */
#ifndef VMM_DEVICES_WATCHDOG_H
#define VMM_DEVICES_WATCHDOG_H

#include "board/bus.h"

#define WATCHDOG_PORT  0x610
#define WATCHDOG_PORTS 16

enum watchdog_register {
    WATCHDOG_FEED = 0,
    WATCHDOG_CONTROL = 4,
    WATCHDOG_TIMEOUT = 8,
    WATCHDOG_LEFT = 12
};

#define WATCHDOG_RUNS 1u

struct watchdog_ops {
    uint64_t (*now)(void *context); /* the host's TSC               */
    void (*changed)(void *context); /* `due` is another than before */
    void (*bite)(void *context);    /* end the VM                   */
};

struct watchdog {
    const struct watchdog_ops *ops;
    void *context;
    uint64_t ticks_per_ms;
    uint32_t longest_ms, timeout_ms;
    unsigned steps; /* until it bites                              */
    uint64_t step;  /* ticks of one: an equal part of the time-out */
    uint64_t due;   /* when to look again, ~0 if it is stopped     */
};

/* It is stopped until the guest starts it. */
void watchdog_init(struct watchdog *watchdog, const struct watchdog_ops *ops, void *context,
                   uint32_t longest_ms, uint64_t ticks_per_ms);
bool watchdog_attach(struct watchdog *watchdog, struct io_bus *bus);

/* To be called at `due`: one step nearer to the bite.  It stays one step if it is called much
 * later, since the guest did not run meanwhile either, and could not feed: the VM was paused. */
void watchdog_look(struct watchdog *watchdog);

#endif
