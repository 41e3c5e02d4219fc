/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict priorities, round robin with quanta.
 *
 * The running thread is in no queue.  A quantum is consumed by whoever runs on
 * it (cpu.slice_owner): a call donates the caller's quantum to the server, so
 * that a server's work is paid by its client.  When a quantum ends while
 * another thread runs on it, its owner waits for its next turn (slice_spent).
 */
#include "core/sched.h"

#include "api/api.h"
#include "core/arch.h"
#include "debug/panic.h"

struct cpu boot_cpu;
static struct thread idle_thread;

static void enqueue(struct thread *t, bool at_head)
{
    struct sched_queue *q = &this_cpu()->ready;

    if (t->queued)
        return;
    t->queued = true;
    if (at_head)
        list_prepend(&q->queue[t->priority], &t->ready_link);
    else
        list_append(&q->queue[t->priority], &t->ready_link);
    q->bitmap[t->priority / WORD_BITS] |= 1UL << t->priority % WORD_BITS;
}

static void dequeue(struct thread *t)
{
    struct sched_queue *q = &this_cpu()->ready;

    if (!t->queued)
        return;
    t->queued = false;
    list_remove(&t->ready_link);
    if (list_empty(&q->queue[t->priority]))
        q->bitmap[t->priority / WORD_BITS] &= ~(1UL << t->priority % WORD_BITS);
}

/* The highest priority with a queued thread, -1: none. */
static int highest(const struct sched_queue *q)
{
    for (int i = ARRAY_SIZE(q->bitmap) - 1; i >= 0; i--)
        if (q->bitmap[i])
            return (i + 1) * (int)WORD_BITS - 1 - __builtin_clzl(q->bitmap[i]);
    return -1;
}

static void refill(struct thread *t)
{
    t->slice_left = t->slice;
    t->slice_spent = false;
}

/* From now on t's quantum is consumed. */
static void own_slice(struct cpu *cpu, struct thread *t)
{
    u64 now = arch_tsc(), used = now - cpu->slice_start;
    struct thread *old = cpu->slice_owner;

    if (old == t)
        return;
    old->cpu_time += used;
    if (old->slice != TIME_NEVER)
        old->slice_left -= MIN(used, old->slice_left);
    cpu->slice_owner = t;
    cpu->slice_start = now;
    if (t == cpu->idle || t->slice == TIME_NEVER) {
        timeout_cancel(&cpu->slice_end);
        return;
    }
    if (t->slice_left == 0)
        refill(t);
    timeout_set(&cpu->slice_end, now + t->slice_left);
}

static void slice_ended(struct timeout *timeout)
{
    struct cpu *cpu = container_of(timeout, struct cpu, slice_end);
    struct thread *owner = cpu->slice_owner, *cur = cpu->current;

    if (owner == cpu->idle)
        return;
    owner->slice_left = 0;
    if (owner == cur) {
        cpu->resched = true;
        if (thread_runnable(cur)) {
            enqueue(cur, false);
            own_slice(cpu, cpu->idle);
        }
    } else {
        owner->slice_spent = true;
        own_slice(cpu, cur);
    }
}

void sched_init(void)
{
    struct cpu *cpu = this_cpu();

    for (unsigned i = 0; i < 256; i++)
        list_init(&cpu->ready.queue[i]);
    idle_thread.state = THREAD_STOPPED;
    idle_thread.slice = TIME_NEVER;
    list_init(&idle_thread.ready_link);
    cpu->idle = cpu->current = cpu->slice_owner = &idle_thread;
    cpu->slice_end.expired = slice_ended;
    cpu->slice_start = arch_tsc();
    cpu->resched = true;
}

void sched_wake(struct thread *t)
{
    struct cpu *cpu = this_cpu();

    t->state = THREAD_READY;
    if (t->halted || t == cpu->current)
        return;
    if (t->slice_spent)
        refill(t);
    enqueue(t, false);
    if (!thread_runnable(cpu->current) || t->priority > cpu->current->priority)
        cpu->resched = true;
}

void sched_block(struct thread *t)
{
    dequeue(t);
    if (t == this_cpu()->current)
        this_cpu()->resched = true;
}

void sched_donate(struct thread *t, bool call)
{
    struct cpu *cpu = this_cpu();
    bool own = cpu->slice_owner == cpu->current && !call;

    t->state = THREAD_READY;
    if (t->halted)
        return;
    if (own && t->slice_left == 0)
        t->slice_spent = true;
    if (t->slice_spent || highest(&cpu->ready) > t->priority || cpu->slice_owner == cpu->idle) {
        bool at_head = !t->slice_spent;

        if (t->slice_spent)
            refill(t);
        enqueue(t, at_head);
        cpu->resched = true;
        return;
    }
    dequeue(t);
    cpu->current = t;
    if (own)
        own_slice(cpu, t);
}

void sched_yield(void)
{
    struct cpu *cpu = this_cpu();

    refill(cpu->current);
    if (cpu->slice_owner != cpu->current)
        cpu->slice_owner->slice_spent = true;
    enqueue(cpu->current, false);
    own_slice(cpu, cpu->idle);
    cpu->resched = true;
}

void sched_switch_to(struct thread *t)
{
    struct cpu *cpu = this_cpu();

    if (!t->queued || !thread_runnable(t) || !thread_runnable(cpu->current)) {
        sched_yield();
        return;
    }
    dequeue(t);
    enqueue(cpu->current, true);
    cpu->current = t;
}

void sched_set_priority(struct thread *t, u8 prio)
{
    bool queued = t->queued;

    dequeue(t);
    t->priority = prio;
    if (queued)
        enqueue(t, false);
    this_cpu()->resched = true;
}

void sched_update(struct thread *t)
{
    if (thread_runnable(t)) {
        if (t != this_cpu()->current)
            enqueue(t, false);
    } else {
        dequeue(t);
    }
    this_cpu()->resched = true;
}

struct thread *sched_choose(void)
{
    struct cpu *cpu = this_cpu();
    struct thread *cur = cpu->current, *next;
    bool cur_ok = thread_runnable(cur) && !cur->queued;
    int prio;

    if (likely(!cpu->resched && cur_ok))
        return cur;
    cpu->resched = false;
    prio = highest(&cpu->ready);
    if (cur_ok && (prio < 0 || prio <= cur->priority)) {
        if (cpu->slice_owner == cpu->idle) /* the owner has gone */
            own_slice(cpu, cur);
        return cur;
    }
    if (cur_ok)
        enqueue(cur, true);
    next = prio < 0 ? cpu->idle : list_first(&cpu->ready.queue[prio], struct thread, ready_link);
    dequeue(next);
    cpu->current = next;
    own_slice(cpu, next);
    return next;
}

void sched_timer(void)
{
    timeout_run(arch_tsc());
}
