/* SPDX-License-Identifier: BSD-2-Clause */
/* The timer of a local APIC, apart from its registers. */
#ifndef VMM_DEVICES_LAPIC_TIMER_H
#define VMM_DEVICES_LAPIC_TIMER_H

#include "devices/lapic.h"

#define LVT_MASKED     0x10000u
#define LVT_TIMER_MODE 0x60000u

enum lapic_timer_mode { TIMER_ONE_SHOT, TIMER_PERIODIC, TIMER_DEADLINE, TIMER_RESERVED };

static inline enum lapic_timer_mode lapic_timer_mode(const struct lapic *lapic)
{
    return (enum lapic_timer_mode)(lapic->lvt[LVT_TIMER] >> 17 & 3);
}

void lapic_timer_stop(struct lapic *lapic);

/* A write to the initial count. */
void lapic_timer_start(struct lapic *lapic, uint32_t initial);
uint32_t lapic_timer_current(const struct lapic *lapic);

/* A write to the TSC deadline; without effect in the other modes. */
void lapic_timer_set_deadline(struct lapic *lapic, uint64_t when);

#endif
