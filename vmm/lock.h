/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock between the VMM's threads.  Who does not get it soon sleeps until it is
 * dropped: to spin would be in vain, for as long as a time slice, whenever the
 * holder was preempted on the same processor.  A VM with one vCPU shares none.
 */
#ifndef VMM_LOCK_H
#define VMM_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"

struct lock {
    bool shared; /* false: there is one thread only, and nothing to do */
    uint32_t held;
    uint32_t waiting; /* a bit for each thread that sleeps, or is about to */
};

/* The way of those who do not get it at once, and of who drops it while they wait. */
void lock_wait(struct lock *lock);
void lock_wake(struct lock *lock);

static inline void lock_take(struct lock *lock)
{
    if (lock->shared && unlikely(__atomic_exchange_n(&lock->held, 1, __ATOMIC_SEQ_CST)))
        lock_wait(lock);
}

static inline void lock_drop(struct lock *lock)
{
    if (!lock->shared)
        return;
    __atomic_store_n(&lock->held, 0, __ATOMIC_SEQ_CST);
    if (unlikely(__atomic_load_n(&lock->waiting, __ATOMIC_SEQ_CST)))
        lock_wake(lock);
}

#endif
