/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that wait for each other: queues of senders, and for how long. */
#include "waiting.h"

#include "core/arch.h"
#include "core/cpu.h"

void wait_update_pending(struct thread *t)
{
    if (list_empty(&t->senders))
        t->pending = 0;
    t->pending = (u8)((t->pending & ~PENDING_NOTIFY) | (t->notify_bits ? PENDING_NOTIFY : 0));
}

void wait_in_queue(struct thread *t, struct thread *dst)
{
    lock_take(&dst->senders_lock);
    list_append(&dst->senders, &t->link);
    dst->pending |= t->flags & TF_VIRTUAL ? PENDING_SENDER | PENDING_VIRTUAL : PENDING_SENDER;
    lock_give(&dst->senders_lock);
    t->state = THREAD_SENDING;
    t->partner = dst;
}

/* Also by t's own processor, while dst's is not owned. */
static void leave_queue(struct thread *t)
{
    struct thread *dst = t->partner;

    lock_take(&dst->senders_lock);
    list_remove(&t->link);
    lock_give(&dst->senders_lock);
    t->state = THREAD_TRANSFER; /* until it is ready, or waits again */
}

void wait_arm(struct thread *t, u64 deadline)
{
    if (deadline == TIME_NEVER)
        return;
    timeout_set(cpu_of(t), &t->timeout, deadline);
    t->flags |= TF_TIMEOUT;
}

void wait_disarm(struct thread *t)
{
    if (!(t->flags & TF_TIMEOUT))
        return;
    timeout_cancel(cpu_of(t), &t->timeout);
    t->flags &= (u8)~TF_TIMEOUT;
}

void wait_end(struct thread *t)
{
    if (t->state == THREAD_SENDING)
        leave_queue(t);
    t->partner = NULL;
    if (!t->transfer.timed)
        wait_disarm(t);
}

/* A time point: the next moment at which the clock's low bits are these (l4-x2 section 1.4). */
static u64 time_point(u16 time, u64 now)
{
    unsigned e = time >> 11 & 0xf;
    u64 m = time & 0x3ff, carry_bit = time >> 10 & 1;
    u64 base = now >> (e + 10) << (e + 10);

    if ((now >> (e + 10) & 1) != carry_bit)
        base += (u64)1 << (e + 10);
    return base + (m << e);
}

u64 ipc_deadline(u16 time, bool *zero)
{
    u64 now, then;

    *zero = time == L4_TIME_ZERO;
    if (time == 0 || *zero)
        return TIME_NEVER;
    if (time & 0x8000) {
        now = system_clock();
        then = time_point(time, now);
        *zero = then <= now;
        return arch_us_to_tsc(then);
    }
    return arch_tsc() + arch_us_to_tsc(time_period_us(time));
}
