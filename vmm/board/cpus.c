/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/cpus.h"

void cpus_init(struct cpus *cpus, unsigned count)
{
    *cpus = (struct cpus){.count = count, .awake = 1};
}

/* What the signals of a vCPU are once this one has come.  Of several starts the first counts; INIT
 * begins anew. */
static uint32_t joined(uint32_t old, uint32_t signal)
{
    if (signal & CPU_INIT)
        return (old & CPU_INTERRUPT) | signal;
    return old & signal & CPU_STARTS ? old : old | signal;
}

bool cpus_signal(struct cpus *cpus, unsigned n, uint32_t signal)
{
    uint32_t *word = &cpus->signals[n], old = __atomic_load_n(word, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(word, &old, joined(old, signal), true, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
        ;
    return old == 0;
}

uint32_t cpus_take(struct cpus *cpus, unsigned n)
{
    return __atomic_exchange_n(&cpus->signals[n], 0, __ATOMIC_SEQ_CST);
}

bool cpus_stop(struct cpus *cpus)
{
    if (__atomic_sub_fetch(&cpus->awake, 1, __ATOMIC_SEQ_CST) > 0)
        return false;
    for (unsigned n = 0; n < cpus->count; n++) {
        if (__atomic_load_n(&cpus->signals[n], __ATOMIC_SEQ_CST) & ~CPU_INTERRUPT)
            return false;
    }
    return true;
}

void cpus_go(struct cpus *cpus)
{
    __atomic_add_fetch(&cpus->awake, 1, __ATOMIC_SEQ_CST);
}
