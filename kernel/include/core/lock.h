/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ticket locks for what all processors share.  They are held for a bounded time,
 * with interrupts off, and taken in this order:
 *
 *   ownership of processors (core/cpus.h)  ->  mapdb_lock  ->  kmem_lock
 *   a thread's senders_lock, the IO-APIC's, the console's: nothing is taken while one is held
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/atomic.h"
#include "core/cpus.h"

struct lock {
    volatile u32 next, serving;
};

static inline void lock_take(struct lock *l)
{
    u32 ticket = atomic_add(&l->next, 1);

    while (unlikely(l->serving != ticket))
        cpu_wait();
}

static inline void lock_give(struct lock *l)
{
    atomic_store(&l->serving, l->serving + 1);
}

#endif
