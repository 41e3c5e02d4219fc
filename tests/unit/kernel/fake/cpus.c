/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of core/cpus.c, for programs without threads: other processors obey at once. */
#include "core/cpus.h"

#include "core/arch.h"
#include "core/cpu.h"
#include "debug/panic.h"
#include "fake.h"

struct cpu *cpus[CPU_MAX];
unsigned cpu_count;

void cpu_wait(void)
{
    panic("nobody could end this wait");
}

void cpu_run_on(unsigned n, void (*fn)(void *), void *arg)
{
    unsigned me = this_cpu()->number;

    fake_enter_cpu(n);
    fn(arg);
    fake_enter_cpu(me);
}

static void flush(void *arg)
{
    (void)arg;
    arch_flush();
}

void cpus_flush(void)
{
    u32 set = this_cpu()->flush;

    this_cpu()->flush = 0;
    for (unsigned n = 0; n < cpu_count; n++)
        if (set >> n & 1)
            cpu_run_on(n, flush, NULL);
}
