/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time.  The TSC is the clock.  The alarm is the local APIC's timer, with
 * TSC deadlines or counting down by itself.
 */
#include "plat/clock.h"

#include "api/api.h"
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/insn.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "arch/switch.h"
#include "arch/wide.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "debug/panic.h"
#include "plat/apic.h"
#include "plat/frequency.h"

u64 tsc_khz;
static u64 us_per_tsc;    /* * 2^64 */
static u64 tsc_per_us;    /* * 2^32 */
static u64 ticks_per_tsc; /* of the countdown, * 2^32 */

static bool deadline_mode;

u64 arch_tsc(void)
{
    return rdtsc();
}

u64 arch_tsc_to_us(u64 tsc)
{
    return multiply_high(tsc, us_per_tsc);
}

u64 arch_us_to_tsc(u64 us)
{
    return multiply_part(us, tsc_per_us);
}

u64 clock_factor(void)
{
    return us_per_tsc;
}

void arch_timer_set(u64 when)
{
    u64 now, delta;

    if (deadline_mode) {
        wrmsr(MSR_TSC_DEADLINE, when ? when : 1);
        return;
    }
    now = rdtsc();
    if (when <= now) {
        lapic_timer_start(1);
        return;
    }
    delta = MIN(when - now, (u64)1 << 40);
    lapic_timer_start((u32)MIN((delta * ticks_per_tsc >> 32) + 1, (u64)0xffffffff));
}

INIT void clock_start(void)
{
    if (deadline_mode)
        lapic_timer_deadline_mode(VEC_TIMER);
    else
        lapic_timer_one_shot_mode(VEC_TIMER);
    switch_slot(this_cpu())->clock_factor = (word_t)us_per_tsc;
}

INIT void clock_init(void)
{
    u64 lapic_khz = 0;

    deadline_mode = cpu_features.tsc_deadline;
    tsc_khz = frequency_measure(deadline_mode ? NULL : &lapic_khz);
    if (tsc_khz <= 1000)
        panic("the time stamp counter does not count (%lu kHz)", (word_t)tsc_khz);
    us_per_tsc = divide_high(1000, tsc_khz);
    tsc_per_us = (tsc_khz << 32) / 1000;
    if (!deadline_mode)
        ticks_per_tsc = (lapic_khz << 32) / tsc_khz;
    syscall_set_clock(us_per_tsc);
    clock_start();
}
