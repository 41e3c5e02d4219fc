/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast are TSC and local APIC timer?  Where CPUID does not tell, they are
 * compared with a timer of known frequency: ACPI's, else the 8254.  How long that
 * takes depends on how long a look at the timer takes, at most 4 ms.
 */
#include "plat/frequency.h"

#include "arch/features.h"
#include "arch/insn.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

#define PM_TIMER_HZ 3579545
#define PIT_HZ      1193182

#define PIT_CHANNEL2   0x42
#define PIT_COMMAND    0x43
#define PIT_LOAD       0xb0 /* channel 2, low then high byte, mode 0 */
#define PIT_LATCH      0x80
#define PORT_B         0x61
#define PORT_B_GATE    0x01 /* channel 2 counts */
#define PORT_B_SPEAKER 0x02

#define PRECISION    8192    /* measure for so many times the uncertainty of one end */
#define MIN_HZ_PART  4000    /* at least 1/4000 s */
#define MAX_HZ_PART  250     /* at most 1/250 s */
#define LAST_HZ_PART 25      /* or 1/25 s, if the end is worse than the beginning */
#define GOOD_OF      5       /* the best of so many samples */
#define READS_MAX    1000000 /* a timer that does not move in so many looks is dead */

struct reference {
    u32 (*read)(void); /* counts upwards */
    u32 mask, hz;
};

/* One moment, as all counters saw it. */
struct sample {
    u64 tsc;
    u32 ref, lapic, uncertainty;
    bool dead;
};

static INIT u32 pm_timer_read(void)
{
    return inl(acpi.pm_timer);
}

static INIT u32 pit_read(void)
{
    u8 low;

    outb(PIT_COMMAND, PIT_LATCH);
    low = inb(PIT_CHANNEL2);
    return 0xffffu - (low | (u32)inb(PIT_CHANNEL2) << 8);
}

static INIT void pit_start(void)
{
    outb(PORT_B, (u8)((inb(PORT_B) & ~PORT_B_SPEAKER) | PORT_B_GATE));
    outb(PIT_COMMAND, PIT_LOAD);
    outb(PIT_CHANNEL2, 0xff);
    outb(PIT_CHANNEL2, 0xff);
}

static INIT struct reference choose_reference(void)
{
    if (acpi.pm_timer)
        return (struct reference){pm_timer_read, 0xffffff, PM_TIMER_HZ};
    pit_start();
    return (struct reference){pit_read, 0xffff, PIT_HZ};
}

/* Wait for the reference to move on and look at everything. */
static INIT struct sample take_sample(const struct reference *r)
{
    struct sample s = {.ref = r->read() & r->mask, .dead = true};
    u32 before = s.ref;
    u64 t0 = 0, t1 = 0;

    for (unsigned i = 0; i < READS_MAX && s.dead; i++) {
        t0 = rdtsc();
        s.ref = r->read() & r->mask;
        t1 = rdtsc();
        s.dead = s.ref == before;
    }
    s.lapic = lapic_timer_left();
    s.uncertainty = (u32)(t1 - t0);
    s.tsc = t0 + (t1 - t0) / 2;
    return s;
}

/* The processor may have been elsewhere between two looks: under an emulator, for long. */
static INIT struct sample take_good_sample(const struct reference *r)
{
    struct sample best = take_sample(r), s;

    for (unsigned i = 1; i < GOOD_OF && !best.dead; i++) {
        s = take_sample(r);
        if (s.dead || s.uncertainty < best.uncertainty)
            best = s;
    }
    return best;
}

/* Is more of b's time uncertain than can be ignored, or helped? */
static INIT bool too_rough(const struct reference *r, const struct sample *a,
                           const struct sample *b, u32 ticks)
{
    u64 needed = (u64)(a->uncertainty + b->uncertainty) * PRECISION;

    if (ticks < r->hz / MIN_HZ_PART)
        return true;
    if (ticks < r->hz / MAX_HZ_PART)
        return b->tsc - a->tsc < needed;
    return ticks < r->hz / LAST_HZ_PART && b->uncertainty > 2 * a->uncertainty;
}

static INIT u64 compare(const struct reference *r, u64 *lapic_khz)
{
    struct sample a, b;
    u32 ticks;

    lapic_timer_start(0xffffffff);
    a = take_good_sample(r);
    do {
        b = take_sample(r);
        ticks = (b.ref - a.ref) & r->mask;
    } while (!b.dead && too_rough(r, &a, &b, ticks));
    lapic_timer_start(0);
    if (a.dead || b.dead)
        return 0;
    if (lapic_khz)
        *lapic_khz = (u64)(a.lapic - b.lapic) * r->hz / ticks / 1000;
    return (b.tsc - a.tsc) * r->hz / ticks / 1000;
}

/* 0 if CPUID does not know. */
static INIT u64 tsc_khz_by_cpuid(void)
{
    struct cpuid ratio = cpuid_if(0x15, 0), hv;

    if (ratio.a && ratio.b && ratio.c)
        return (u64)ratio.c * ratio.b / ratio.a / 1000;
    if (!cpu_features.hypervisor)
        return 0;
    hv = cpuid(0x40000000, 0);
    return hv.a >= 0x40000010 && hv.a < 0x40000100 ? cpuid(0x40000010, 0).a : 0;
}

INIT u64 frequency_measure(u64 *lapic_khz)
{
    u64 known = tsc_khz_by_cpuid(), measured;
    struct reference r;

    if (known && !lapic_khz)
        return known;
    r = choose_reference();
    measured = compare(&r, lapic_khz);
    if (!measured)
        panic("no timer runs to measure the time stamp counter by");
    return known ? known : measured;
}
