/* SPDX-License-Identifier: BSD-2-Clause */
/* The time stamp counter as clock, the local APIC's timer as alarm. */
#ifndef PLAT_CLOCK_H
#define PLAT_CLOCK_H

#include "types.h"

/* Measure the TSC; the local APIC is up.  Then, as on each other processor, start the timer. */
void clock_init(void);
void clock_start(void);
/* microseconds = TSC * factor / 2^64 */
u64 clock_factor(void);

#endif
