/* SPDX-License-Identifier: BSD-2-Clause */
/* The time stamp counter as clock, the local APIC's timer as alarm. */
#ifndef PLAT_CLOCK_H
#define PLAT_CLOCK_H

#include "types.h"

/* Measure the TSC, start the timer. The local APIC is up. */
void clock_init(void);
/* The timer's interrupt, acknowledged. */
void clock_interrupt(void);
/* microseconds = TSC * factor / 2^64 */
u64 clock_factor(void);

#endif
