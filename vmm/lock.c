/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No wake-up is lost: who waits sets its bit before it tries once more, who drops the
 * lock clears `held` before it looks at the bits.  One is woken; if somebody else is
 * faster, the bit is still there when that one drops the lock.
 */
#include "lock.h"

#include "host.h"

#define TRIES 64 /* the holder may run on another processor, and be done in a moment */

static bool try(struct lock *lock)
{
    return !__atomic_load_n(&lock->held, __ATOMIC_RELAXED) &&
           !__atomic_exchange_n(&lock->held, 1, __ATOMIC_SEQ_CST);
}

void lock_wait(struct lock *lock)
{
    unsigned self = host_self();
    uint32_t bit = 1u << self;
    uint64_t bits = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        if (try(lock))
            return;
        __builtin_ia32_pause();
    }
    __atomic_fetch_or(&lock->waiting, bit, __ATOMIC_SEQ_CST);
    while (!try(lock))
        bits |= host_wait();
    __atomic_fetch_and(&lock->waiting, ~bit, __ATOMIC_SEQ_CST);
    if (bits & ~HOST_NOTIFY_LOCK) /* they were meant for the run that comes next */
        host_notify(self, bits & ~HOST_NOTIFY_LOCK);
}

/* In turns: the next one behind the caller. */
void lock_wake(struct lock *lock)
{
    uint32_t waiting = __atomic_load_n(&lock->waiting, __ATOMIC_SEQ_CST);
    uint32_t behind = waiting & ~((2u << host_self()) - 1);
    if (waiting)
        host_notify((unsigned)__builtin_ctz(behind ? behind : waiting), HOST_NOTIFY_LOCK);
}
