/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vCPUs tell each other: signals, each a bit that its vCPU takes when it gets
 * to it, and whether anybody is left who could still do something.  The caller
 * wakes whom it has told something new.
 */
#ifndef VMM_BOARD_CPUS_H
#define VMM_BOARD_CPUS_H

#include <stdbool.h>
#include <stdint.h>

#define BOARD_CPUS 8u

#define CPU_INTERRUPT     0x01u /* its local APIC has got something */
#define CPU_NMI           0x02u
#define CPU_INIT          0x04u
#define CPU_START(vector) (0x08u | (uint32_t)(vector) << 8)
#define CPU_STARTS        0x08u
#define CPU_VECTOR(s)     ((uint8_t)((s) >> 8))

struct cpus {
    unsigned count;
    unsigned awake; /* those that are not stopped */
    uint32_t signals[BOARD_CPUS];
    bool asleep[BOARD_CPUS]; /* in HLT, or stopped: a signal or its timer wakes it */
};

/* All but the first are stopped. */
void cpus_init(struct cpus *cpus, unsigned count);

/* Tell vCPU n something.  True: it had nothing to take before, so it has to be woken. */
bool cpus_signal(struct cpus *cpus, unsigned n, uint32_t signal);
uint32_t cpus_take(struct cpus *cpus, unsigned n);

static inline bool cpus_signalled(const struct cpus *cpus, unsigned n)
{
    return __atomic_load_n(&cpus->signals[n], __ATOMIC_RELAXED) != 0;
}

static inline void cpus_set_asleep(struct cpus *cpus, unsigned n, bool asleep)
{
    __atomic_store_n(&cpus->asleep[n], asleep, __ATOMIC_RELAXED);
}

/* Would vCPU n run if it had a processor?  Its timer may have told it to when this says no. */
static inline bool cpus_ready(const struct cpus *cpus, unsigned n)
{
    return !__atomic_load_n(&cpus->asleep[n], __ATOMIC_RELAXED) || cpus_signalled(cpus, n);
}

/*
 * The caller is a vCPU that only a signal can make go on: it waits for its start, or
 * has halted with interrupts off.  True: all have, and no signal is on its way, so
 * the VM has come to its end.
 */
bool cpus_stop(struct cpus *cpus);

/* The caller may go on after all.  It says so before it takes its signals: else somebody who stops
 * in between would find neither it nor them. */
void cpus_go(struct cpus *cpus);

#endif
