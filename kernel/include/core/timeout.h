/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeouts, kept in a pairing heap per processor; times are TSC values. */
#ifndef CORE_TIMEOUT_H
#define CORE_TIMEOUT_H

#include "types.h"

#define TIME_NEVER (~(u64)0)

struct timeout {
    u64 when;
    struct timeout *child, *next, *prev; /* prev: parent if first child */
    void (*expired)(struct timeout *);   /* called after removal from the heap */
    bool armed;
};

/* Arm (or re-arm) for TSC value `when`; TIME_NEVER disarms. */
void timeout_set(struct timeout *t, u64 when);
void timeout_cancel(struct timeout *t);
/* Run what is due at `now`. */
void timeout_run(u64 now);
/* The earliest armed time, or TIME_NEVER. */
u64 timeout_next(void);

#endif
