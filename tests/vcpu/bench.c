/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions of an exit and the way back in (under -icount shift=0 the TSC counts them). */
#include "vm.h"

#include <stdio.h>

GUEST(bench_cpuid);
GUEST(bench_out);

#define ROUNDS 1000u

/* `own` instructions of the guest are in each round. */
static void measure(const char *name, enum l4_vcpu_exit reason, unsigned own)
{
    uint64_t start, end;

    for (unsigned i = 0; i < 10; i++)
        vm_expect_skip(reason);
    start = rdtsc();
    for (unsigned i = 0; i < ROUNDS; i++) {
        L4_VcpuRun();
        vs->rip += vs->exit_len;
    }
    end = rdtsc();
    printf("# bench %s %llu ticks, %u of them the guest's\n", name,
           (unsigned long long)((end - start) / ROUNDS), own);
}

void bench(void)
{
    LOAD_LONG(bench_cpuid);
    measure("vcpu_exit_cpuid", L4_EXIT_CPUID, 3);
    LOAD_LONG(bench_out);
    measure("vcpu_exit_pio", L4_EXIT_IO, 2);
}
