/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an exit to the VMM and back costs, in TSC ticks: under QEMU's -icount one tick is one
 * instruction.  CPUID and a write to an unused port, 1000 of each, after some to warm up.
 * The loop's own few instructions are in the result.
 */
#include "payload.h"

enum { ROUNDS = 1000, WARM_UP = 16, UNUSED_PORT = 0x5e0 };

static uint64_t cpuid_rounds(uint64_t rounds)
{
    uint64_t start = rdtsc();

    __asm__ volatile("1: xor %%eax, %%eax\n"
                     "cpuid\n"
                     "dec %0\n"
                     "jnz 1b"
                     : "+r"(rounds)
                     :
                     : "eax", "ebx", "ecx", "edx", "cc");
    return rdtsc() - start;
}

static uint64_t pio_rounds(uint64_t rounds)
{
    uint64_t start = rdtsc();

    __asm__ volatile("1: outb %%al, %%dx\n"
                     "dec %0\n"
                     "jnz 1b"
                     : "+r"(rounds)
                     : "a"(0), "d"(UNUSED_PORT)
                     : "cc");
    return rdtsc() - start;
}

void payload_main(void)
{
    cpuid_rounds(WARM_UP);
    print("cpuid: %lu\n", cpuid_rounds(ROUNDS) / ROUNDS);
    pio_rounds(WARM_UP);
    print("pio: %lu\n", pio_rounds(ROUNDS) / ROUNDS);
}
