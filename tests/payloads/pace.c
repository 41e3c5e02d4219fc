/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast this VM gets on: rounds of a fixed loop in each window=TICKS of the TSC,
 * windows=N times.  Beside a VM that misbehaves it tells what that one takes away.
 */
#include "payload.h"

enum { LOOPS = 1000 };

static void work(void)
{
    for (unsigned i = 0; i < LOOPS; i++)
        __asm__ volatile("" ::: "memory");
}

void payload_main(void)
{
    uint64_t window = argument_number("window", 100000000), windows = argument_number("windows", 5);

    print("pace: begins\n");
    for (uint64_t i = 0; i < windows; i++) {
        uint64_t rounds = 0, end = rdtsc() + window;
        while (rdtsc() < end) {
            work();
            rounds++;
        }
        print("pace: %lu\n", rounds);
    }
    print("pace: done\n");
}
