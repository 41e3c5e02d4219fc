/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/vcpu.h>

#include "supply.h"
#include "thread.h"

#define NOWHERE 0xffu

static uint32_t largest = 1; /* weight of all that run */

static uint64_t now_us(void)
{
    return L4_SystemClock().raw;
}

unsigned policy_processors(void)
{
    return (unsigned)L4_NumProcessors(L4_Kip());
}

/* The processors that the domain may use; all, if those of the description are not there.  Where the
 * first one runs guests badly, VMs do without it unless they ask for it. */
uint32_t policy_allowed(const struct domain *d)
{
    uint32_t there = policy_processors() >= 32 ? ~0u : (1u << policy_processors()) - 1;

    if (!d->config.program && !d->config.cpus && there != 1 && L4_Almond() &&
        L4_Almond()->quirks & L4_ALMOND_Q_FIRST_PROCESSOR)
        return there & ~1u;
    return d->config.cpus & there ? d->config.cpus & there : there;
}

/* The threads that a domain's time is divided among. */
static unsigned workers(const struct domain *d)
{
    if (d->config.monitor) /* it gives time to those below it by itself */
        return 1;
    return d->config.program ? (d->threads.used ? (unsigned)d->threads.used : 1) : d->config.vcpus;
}

static bool works(const struct domain *d, unsigned slot)
{
    return d->config.program || slot < d->config.vcpus;
}

static uint32_t load_of(unsigned processor)
{
    uint32_t load = 0;

    FOR_EACH_DOMAIN(d)
    {
        for (unsigned slot = 0; d->state == DOMAIN_RUNNING && slot < SLOT_OWN_END; slot++) {
            if (!L4_IsNilThread(d->thread[slot]) && works(d, slot) &&
                d->processor[slot] == processor)
                load += d->config.weight;
        }
    }
    return load;
}

/* The least loaded processor of a set. */
static unsigned place(uint32_t set)
{
    uint32_t least = 0;
    unsigned best = 32;

    for (unsigned p = 0; p < policy_processors() && p < 32; p++) {
        uint32_t load = set >> p & 1 ? load_of(p) : 0;

        if (set >> p & 1 && (best == 32 || load < least)) {
            best = p;
            least = load;
        }
    }
    return best;
}

static uint32_t slice_us(const struct domain *d)
{
    unsigned there = 0;

    for (uint32_t set = policy_allowed(d); set; set &= set - 1)
        there++;
    return policy_slice_us(d->config.weight, largest, (workers(d) + there - 1) / there);
}

static bool is_limited(const struct domain *d)
{
    return d->config.cap || d->config.budget_us;
}

/* What a thread may use from now on: to the end of the period, or without an end. */
static L4_Time_t quantum(const struct domain *d)
{
    if (d->config.budget_us)
        return L4_TimePeriod(d->config.budget_us / workers(d));
    return d->config.cap ? L4_TimePeriod(policy_cap_us(d->config.cap, workers(d))) : L4_Never;
}

static void fill_up(const struct domain *d, unsigned slot)
{
    if (d->config.budget_us)
        L4_Set_Priority(d->thread[slot], POLICY_PRIORITY);
    L4_Set_Timeslice(d->thread[slot], L4_TimePeriod(slice_us(d)), quantum(d));
}

/* A thread that comes in the middle of a period waits for the next one: else a domain had the more
 * time the more threads it makes. */
static void join(struct domain *d, unsigned slot)
{
    L4_Time_t time = is_limited(d) ? L4_ZeroTime : L4_Never;

    if (d->config.cap)
        d->beyond |= 1u << slot;
    L4_Set_Timeslice(d->thread[slot], L4_TimePeriod(slice_us(d)), time);
}

static void each_worker(const struct domain *d, void (*act)(const struct domain *, unsigned))
{
    for (unsigned slot = 0; slot < SLOT_OWN_END; slot++) {
        if (!L4_IsNilThread(d->thread[slot]) && works(d, slot))
            act(d, slot);
    }
}

static void set_slice(const struct domain *d, unsigned slot)
{
    L4_Set_Timeslice(d->thread[slot], L4_TimePeriod(slice_us(d)), (L4_Time_t){.raw = 0xffff});
}

/* Slices follow the weights of those that run. */
static void weigh(void)
{
    uint32_t before = largest;

    largest = 1;
    FOR_EACH_DOMAIN(d)
    {
        if (d->state == DOMAIN_RUNNING && d->config.weight > largest)
            largest = d->config.weight;
    }
    if (largest == before)
        return;
    FOR_EACH_DOMAIN(d)
    {
        if (d->state == DOMAIN_RUNNING)
            each_worker(d, set_slice);
    }
}

void policy_begin(struct domain *d)
{
    d->period_us = now_us();
    weigh();
}

void policy_end(void)
{
    weigh();
}

enum mz_error policy_thread(struct domain *d, unsigned slot)
{
    bool placed = slot == SLOT_MAIN || (works(d, slot) && !d->config.program);
    unsigned processor;

    d->processor[slot] = NOWHERE; /* it is no load yet */
    processor = placed ? place(policy_allowed(d)) : d->processor[SLOT_MAIN];
    d->processor[slot] = (uint8_t)processor;
    if (processor && !L4_Set_ProcessorNo(d->thread[slot], processor))
        return supply_refusal();
    if (slot == SLOT_MAIN)
        fill_up(d, slot);
    else if (works(d, slot))
        join(d, slot);
    return MZ_OK;
}

void policy_weight_changed(const struct domain *d)
{
    if (d->state != DOMAIN_RUNNING)
        return;
    weigh();
    each_worker(d, set_slice);
}

static void set_priority(const struct domain *d, unsigned slot)
{
    L4_Set_Priority(d->thread[slot], d->config.priority);
}

void policy_changed(struct domain *d, bool priority)
{
    if (d->state != DOMAIN_RUNNING)
        return;
    d->beyond = 0;
    d->period_us = now_us();
    if (priority)
        each_worker(d, set_priority);
    each_worker(d, fill_up);
}

enum mz_error policy_pin(struct domain *d, unsigned slot, uint32_t set)
{
    uint8_t before = d->processor[slot];
    unsigned processor;

    d->processor[slot] = NOWHERE; /* it is no load for itself */
    processor = place(set);
    if (processor == 32 || !L4_Set_ProcessorNo(d->thread[slot], processor)) {
        d->processor[slot] = before;
        return MZ_ERR_BAD_ARG;
    }
    d->processor[slot] = (uint8_t)processor;
    return MZ_OK;
}

/* What a cap leaves to one whose budget is used up. */
static L4_Time_t beyond_budget(const struct domain *d)
{
    uint64_t us = (uint64_t)d->config.reservation_us * d->config.cap / 100;

    return L4_TimePeriod((us > d->config.budget_us ? us - d->config.budget_us : 1) / workers(d) +
                         1);
}

void policy_exhausted(struct domain *d, unsigned slot)
{
    if (!d->config.budget_us || (d->config.cap && d->beyond >> slot & 1))
        return; /* until the period ends */
    d->beyond |= 1u << slot;
    L4_Set_Priority(d->thread[slot], d->config.priority);
    L4_Set_Timeslice(d->thread[slot], L4_TimePeriod(slice_us(d)),
                     d->config.cap ? beyond_budget(d) : L4_Never);
}

/* The domain's next period; what it has missed it has missed. */
static void begin_period(struct domain *d, uint64_t now)
{
    uint64_t period = d->config.budget_us ? d->config.reservation_us : POLICY_PERIOD_US;

    if (now < d->period_us)
        return;
    d->period_us += period;
    if (d->period_us <= now)
        d->period_us = now + period;
    d->beyond = 0;
    each_worker(d, fill_up);
}

uint64_t policy_poll(void)
{
    uint64_t next = 0, now = 0;

    FOR_EACH_DOMAIN(d)
    {
        if (d->state != DOMAIN_RUNNING || !is_limited(d) || d->paused)
            continue;
        if (!now)
            now = now_us();
        begin_period(d, now);
        if (!next || d->period_us < next)
            next = d->period_us;
    }
    return next ? next - now : 0;
}
