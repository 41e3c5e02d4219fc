/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program for benchmarks: what it takes to allocate a region of 4 KiB, to touch it, and to
 * give it back, each the mean of many.  Its time stamp counter should count instructions.
 */
#include <marzipan/memory.h>
#include <marzipan/native.h>

#define ROUNDS 1000u
#define PAGE   UINT64_C(4096)

int main(void);

static uint64_t now(void)
{
    return __builtin_ia32_rdtsc();
}

int main(void)
{
    volatile uint64_t *word = (volatile uint64_t *)(uintptr_t)MZ_VMM_REGIONS;
    L4_ThreadId_t m = native_monitor();
    uint64_t allocate = 0, touch = 0, release = 0, id = 0;
    unsigned failures = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin = now(), allocated, touched;

        failures += mz_memory_allocate(m, PAGE, MZ_VMM_REGIONS, &id) != MZ_OK;
        allocated = now();
        *word = i;
        touched = now();
        failures += mz_memory_release(m, id) != MZ_OK;
        release += now() - touched;
        touch += touched - allocated;
        allocate += allocated - begin;
    }
    native_print("allocate %lu touch %lu release %lu\n", (unsigned long)(allocate / ROUNDS),
                 (unsigned long)(touch / ROUNDS), (unsigned long)(release / ROUNDS));
    native_exit(failures ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, failures, "calls failed");
}
