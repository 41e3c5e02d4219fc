/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/lapic_timer.h"

/* A guest that asks for a shorter period than this many ticks gets this one. */
#define SHORTEST_PERIOD 4096

/* log2 of the divider: bits 0, 1, 3 of the register count 2, 4, ... 128, 1. */
static unsigned shift(const struct lapic *lapic)
{
    return ((lapic->divide & 3) + (lapic->divide >> 1 & 4) + 1) & 7;
}

static uint64_t period(const struct lapic *lapic)
{
    return (uint64_t)lapic->initial << shift(lapic);
}

static void set(struct lapic *lapic, uint64_t when)
{
    lapic->deadline = when;
    lapic->ops->set_timer(lapic->context, when);
}

void lapic_timer_stop(struct lapic *lapic)
{
    set(lapic, 0);
}

void lapic_timer_start(struct lapic *lapic, uint32_t initial)
{
    if (lapic_timer_mode(lapic) == TIMER_DEADLINE)
        return;
    lapic->initial = initial;
    set(lapic, initial ? lapic->ops->now(lapic->context) + period(lapic) : 0);
}

uint32_t lapic_timer_current(const struct lapic *lapic)
{
    uint64_t now = lapic->ops->now(lapic->context);
    if (lapic_timer_mode(lapic) == TIMER_DEADLINE || lapic->deadline <= now)
        return 0;
    return (uint32_t)((lapic->deadline - now) >> shift(lapic));
}

void lapic_timer_set_deadline(struct lapic *lapic, uint64_t when)
{
    if (lapic_timer_mode(lapic) == TIMER_DEADLINE)
        set(lapic, when);
}

static uint64_t next_period(const struct lapic *lapic, uint64_t now)
{
    uint64_t length = period(lapic);
    if (length < SHORTEST_PERIOD)
        length = SHORTEST_PERIOD;
    uint64_t next = lapic->deadline + length;
    return next > now ? next : now + length;
}

void lapic_timer(struct lapic *lapic)
{
    uint64_t now = lapic->ops->now(lapic->context);
    if (lapic->deadline == 0)
        return;
    if (now < lapic->deadline) {
        set(lapic, lapic->deadline);
        return;
    }
    set(lapic, lapic_timer_mode(lapic) == TIMER_PERIODIC ? next_period(lapic, now) : 0);
    uint32_t lvt = lapic->lvt[LVT_TIMER];
    if (!(lvt & LVT_MASKED))
        lapic_accept(lapic, (uint8_t)lvt);
}
