/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks for what all processors share.  They are held for a bounded time,
 * with interrupts off, and taken in this order:
 *
 *   ownership of processors (core/cpus.h)  ->  mapdb_lock  ->  kmem_lock
 *   a thread's senders_lock, the IO-APIC's, the console's: nothing is taken while one is held
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/atomic.h"
#include "core/cpus.h"

/* Not fair: who holds one is so soon done that nobody waits for long. */
struct lock {
    volatile u32 taken; /* 0x00, fastfault.S takes one too */
};

static inline void lock_take(struct lock *l)
{
    while (unlikely(!atomic_swap_if(&l->taken, 0, 1)))
        while (l->taken)
            cpu_wait();
}

static inline void lock_give(struct lock *l)
{
    atomic_store(&l->taken, 0);
}

#endif
