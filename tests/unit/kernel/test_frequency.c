/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: kernel/plat/pc/frequency.c
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* The frequency of the time stamp counter, on a machine that is not there now and then. */
#include "plat/frequency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch/features.h"
#include "arch/insn.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

#define KHZ         2445000u
#define PM_TIMER_HZ 3579545u
#define LAPIC_HZ    1000000000u
#define READ_NS     1500 /* from the look at one clock to that at another */

struct acpi_info acpi;
struct cpu_features cpu_features;
unsigned fake_cpuid_d;

static u64 now_ns, absent_ns;
static unsigned reads, absent_every, absent_at;

u64 rdtsc(void)
{
    return now_ns * KHZ / 1000000;
}

struct cpuid cpuid(u32 leaf, u32 subleaf)
{
    (void)leaf;
    (void)subleaf;
    return (struct cpuid){0, 0, 0, 0};
}

/* The timer's value is of the middle; somebody else may have the processor before or behind. */
u32 inl(u16 port)
{
    bool absent = absent_every && reads++ % absent_every == absent_at;
    u32 value;

    (void)port;
    now_ns += READ_NS + (absent && reads % 2 ? absent_ns : 0);
    value = (u32)(now_ns * PM_TIMER_HZ / 1000000000) & 0xffffff;
    now_ns += READ_NS + (absent && reads % 2 == 0 ? absent_ns : 0);
    return value;
}

u8 inb(u16 port)
{
    (void)port;
    return 0;
}

void outb(u16 port, u8 value)
{
    (void)port;
    (void)value;
}

void lapic_timer_start(u32 ticks)
{
    (void)ticks;
}

u32 lapic_timer_left(void)
{
    return 0xffffffff - (u32)(now_ns * (LAPIC_HZ / 1000000) / 1000);
}

void panic(const char *format, ...)
{
    (void)format;
    abort();
}

/* Within half a percent. */
static bool close_to(u64 khz, u64 expected)
{
    return khz >= expected - expected / 200 && khz <= expected + expected / 200;
}

static void check(void)
{
    u64 khz;

    reads = 0;
    khz = frequency_measure(NULL);
    assert_true(close_to(khz, KHZ));
}

static void test_quiet(void **state)
{
    (void)state;
    check();
}

/* For longer than the whole measurement takes, from each of its looks on. */
static void test_absent(void **state)
{
    (void)state;
    absent_ns = 3000000;
    for (absent_every = 40; absent_every < 4000; absent_every += 97)
        for (absent_at = 0; absent_at < absent_every; absent_at += 1 + absent_every / 40)
            check();
    absent_every = 0;
}

static void test_lapic(void **state)
{
    u64 lapic_khz;

    (void)state;
    reads = 0;
    assert_true(close_to(frequency_measure(&lapic_khz), KHZ));
    assert_true(close_to(lapic_khz, LAPIC_HZ / 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_lapic),
    };

    acpi.pm_timer = 0x608;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
