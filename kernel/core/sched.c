/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict priorities, round robin with quanta.
 *
 * The running thread is in no queue.  A quantum is consumed by whoever runs on
 * it (cpu.slice_owner): a call donates the caller's quantum to the server, so
 * that a server's work is paid by its client.  When a quantum ends while
 * another thread runs on it, its owner waits for its next turn (TF_SPENT).
 */
#include "core/sched.h"

#include "core/arch.h"
#include "core/ipc.h"
#include "core/utcb.h"
#include "debug/kdb.h"
#include "debug/panic.h"
#include "ready.h"
#include "virt/virt.h"

/* How far the delay of a preemption has got (cpu.delay): X.2's delayed preemption. */
enum { DELAY_NONE, DELAY_ON, DELAY_OVER };

static void refill(struct thread *t)
{
    t->slice_left = t->slice;
    t->flags &= (u8)~TF_SPENT;
}

/* ---- quanta ---- */

static void use(u64 *left, u64 used)
{
    if (*left != TIME_NEVER)
        *left -= MIN(used, *left);
}

/* What has run since slice_start goes into the owner's books. */
static void charge(struct cpu *cpu, u64 now)
{
    struct thread *owner = cpu->slice_owner;
    u64 used = now - cpu->slice_start;

    cpu->slice_start = now;
    owner->cpu_time += used;
    account_cpu_time(owner->domain, used);
    use(&owner->slice_left, used);
    use(&owner->quantum_left, used);
}

static void set_slice_end(struct cpu *cpu, u64 now)
{
    const struct thread *t = cpu->slice_owner;
    u64 left = MIN(t->slice_left, t->quantum_left);

    cpu->slice_end = t == cpu->idle || left == TIME_NEVER ? TIME_NEVER : now + left;
    if (cpu->slice_end < cpu->alarm)
        cpu->todo |= TODO_ALARM;
}

/* From now on t's quantum is consumed. */
static void own_slice(struct cpu *cpu, struct thread *t)
{
    u64 now;

    if (cpu->slice_owner == t)
        return;
    now = arch_tsc();
    charge(cpu, now);
    cpu->slice_owner = t;
    if (t->slice_left == 0)
        refill(t);
    set_slice_end(cpu, now);
}

void sched_settle(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);

    if (cpu->slice_owner == t)
        charge(cpu, arch_tsc());
}

/* Does current want to go on, and may it still? */
static bool delays(struct cpu *cpu)
{
    struct thread *cur = cpu->current;

    if (cpu->delay == DELAY_ON)
        return true;
    if (cpu->delay == DELAY_OVER || !cur->max_delay || !cur->utcb ||
        !(cur->utcb->flags & UTCB_DELAY) || cur->flags & TF_GUEST)
        return false;
    cur->utcb->flags |= UTCB_PENDING;
    cpu->delay = DELAY_ON;
    cpu->slice_end = arch_tsc() + arch_us_to_tsc(cur->max_delay);
    cpu->todo |= TODO_ALARM;
    return true;
}

/* Its delay has been used up: the exception handler hears of it, if the thread wants that. */
static void delay_over(struct cpu *cpu)
{
    struct thread *cur = cpu->current;

    cpu->delay = DELAY_OVER;
    if (cur->utcb->flags & UTCB_SIGNAL && cur->cont == CONT_NONE)
        cur->cont = CONT_PREEMPTION;
}

/* t's quantum has been used up, or given up, by another thread.  If t could go on (it had handed the
 * processor over), it stood at the head of its queue to use the rest. */
static void spent(struct thread *t)
{
    t->flags |= TF_SPENT;
    t->slice_left = 0;
    if (!t->queued)
        return;
    ready_remove(t);
    ready_add(t, false);
}

static void slice_ended(struct cpu *cpu)
{
    struct thread *owner = cpu->slice_owner, *cur = cpu->current;
    u64 now = arch_tsc();

    charge(cpu, now);
    if (owner == cpu->idle) {
        cpu->slice_end = TIME_NEVER;
    } else if (cpu->delay == DELAY_ON) {
        delay_over(cpu);
        set_slice_end(cpu, now);
        cpu->todo |= TODO_RESCHED;
    } else if (owner != cur) {
        spent(owner);
        own_slice(cpu, cur);
    } else if (owner->quantum_left == 0 || !delays(cpu)) {
        owner->slice_left = 0;
        cpu->todo |= TODO_RESCHED;
        if (thread_runnable(cur)) {
            ready_add(cur, false);
            own_slice(cpu, cpu->idle);
        } else {
            cpu->slice_end = TIME_NEVER;
        }
    }
}

void sched_init(struct cpu *cpu)
{
    struct thread *idle = &cpu->idle_thread;

    for (unsigned i = 0; i < 256; i++)
        list_init(&cpu->ready.queue[i]);
    idle->state = THREAD_STOPPED;
    idle->cpu = (u8)cpu->number;
    idle->slice = idle->slice_left = idle->quantum_left = TIME_NEVER;
    list_init(&idle->link);
    cpu->idle = cpu->current = cpu->slice_owner = idle;
    cpu->slice_end = cpu->alarm = TIME_NEVER;
    cpu->slice_start = arch_tsc();
    cpu->waiting = THREAD_RECEIVING | cpu->number << 24;
    cpu->todo = TODO_RESCHED;
}

/* ---- who runs ---- */

void sched_wake(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);

    t->state = THREAD_READY;
    if (thread_is_halted(t) || t == cpu->current)
        return;
    if (t->flags & TF_SPENT)
        refill(t);
    ready_add(t, false);
    if (!thread_runnable(cpu->current) || t->priority > cpu->current->priority)
        cpu->todo |= TODO_RESCHED;
}

void sched_block(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);

    ready_remove(t);
    if (t == cpu->current)
        cpu->todo |= TODO_RESCHED;
}

void sched_donate(struct thread *t, bool call)
{
    struct cpu *cpu = this_cpu();
    bool own = cpu->slice_owner == cpu->current && !call;

    t->state = THREAD_READY;
    if (thread_is_halted(t))
        return;
    if (own && t->slice_left == 0)
        t->flags |= TF_SPENT;
    if (t->flags & TF_SPENT || t->priority < cpu->highest || cpu->slice_owner == cpu->idle) {
        bool at_head = !(t->flags & TF_SPENT);

        if (!at_head)
            refill(t);
        ready_add(t, at_head);
        cpu->todo |= TODO_RESCHED;
        return;
    }
    cpu->current = t;
    if (own)
        own_slice(cpu, t);
}

/* Current gives way by itself: there is nothing to delay any more. */
static void end_delay(struct cpu *cpu)
{
    cpu->delay = DELAY_NONE;
    if (cpu->current->utcb)
        cpu->current->utcb->flags &= ~(word_t)UTCB_PENDING;
}

void sched_yield(void)
{
    struct cpu *cpu = this_cpu();

    end_delay(cpu);
    if (cpu->slice_owner != cpu->current)
        spent(cpu->slice_owner);
    own_slice(cpu, cpu->idle);
    refill(cpu->current);
    ready_add(cpu->current, false);
    cpu->todo |= TODO_RESCHED;
}

void sched_switch_to(struct thread *t)
{
    struct cpu *cpu = this_cpu();

    if (!t->queued || t->cpu != cpu->number || !thread_runnable(t) || t->flags & TF_SPENT ||
        !thread_runnable(cpu->current)) {
        sched_yield();
        return;
    }
    end_delay(cpu);
    ready_remove(t);
    ready_add(cpu->current, true);
    cpu->current = t;
}

void sched_set_priority(struct thread *t, u8 prio)
{
    bool queued = t->queued;

    ready_remove(t);
    t->priority = prio;
    if (queued)
        ready_add(t, false);
    cpu_of(t)->todo |= TODO_RESCHED;
}

void sched_halt(struct thread *t, bool halt)
{
    struct cpu *cpu = cpu_of(t);

    t->flags = (u8)((t->flags & ~TF_HALTED) | (halt ? TF_HALTED : 0));
    if (!thread_runnable(t))
        ready_remove(t);
    else if (t != cpu->current)
        ready_add(t, false);
    cpu->todo |= TODO_RESCHED;
}

void sched_set_slice(struct thread *t, u64 slice)
{
    sched_settle(t);
    t->slice = t->slice_left = slice;
    if (cpu_of(t)->slice_owner == t)
        set_slice_end(cpu_of(t), arch_tsc());
}

void sched_set_quantum(struct thread *t, u16 time)
{
    sched_settle(t);
    t->quantum_time = time;
    t->quantum_left = time ? arch_us_to_tsc(time_period_us(time)) : TIME_NEVER;
    if (cpu_of(t)->slice_owner == t)
        set_slice_end(cpu_of(t), arch_tsc());
}

void sched_forget(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);

    ready_remove(t);
    if (cpu->loaded == t)
        cpu->loaded = NULL;
    if (cpu->slice_owner == t)
        own_slice(cpu, cpu->idle);
    if (cpu->current == t)
        cpu->current = cpu->idle;
    cpu->todo |= TODO_RESCHED;
}

/* Current, which could go on, does. */
static struct thread *keep(struct cpu *cpu)
{
    struct thread *cur = cpu->current;

    if (cpu->slice_owner == cpu->idle) /* the owner has gone */
        own_slice(cpu, cur);
    return cur;
}

/* Has current run on only because it delays the end of its own quantum? */
static bool slice_was_over(const struct cpu *cpu)
{
    return cpu->delay != DELAY_NONE && cpu->slice_owner == cpu->current &&
           cpu->current->slice_left == 0;
}

struct thread *sched_choose(void)
{
    struct cpu *cpu = this_cpu();
    struct thread *cur = cpu->current, *next;
    bool cur_ok = thread_runnable(cur) && !cur->queued;
    int prio = ready_highest(cpu);

    cpu->todo &= ~(u32)TODO_RESCHED;
    if (cur_ok && prio <= cur->priority)
        return keep(cpu);
    if (cur_ok && prio <= cur->sensitive_prio && delays(cpu))
        return keep(cpu);
    if (cur_ok)
        ready_add(cur, !slice_was_over(cpu));
    next = prio < 0 ? cpu->idle : list_first(&cpu->ready.queue[prio], struct thread, link);
    ready_remove(next);
    cpu->current = next;
    cpu->delay = DELAY_NONE;
    own_slice(cpu, next);
    if (unlikely(next->quantum_left == 0) && next->cont == CONT_NONE)
        next->cont = CONT_PREEMPTION;
    return next;
}

/* ---- time ---- */

static void expired(struct cpu *cpu, struct timeout *t)
{
    if (t->kind == TIMEOUT_THREAD) {
        ipc_timed_out(container_of(t, struct thread, timeout));
    } else {
        timeout_cancel(cpu, t);
        vcpu_deadline(t);
    }
}

/* What expires may need another processor and then starts over: so it is removed when it is done. */
void sched_timer(void)
{
    struct cpu *cpu = this_cpu();
    u64 now = arch_tsc();

    if (cpu->slice_end <= now)
        slice_ended(cpu);
    while (cpu->timeouts && cpu->timeouts->when <= now)
        expired(cpu, cpu->timeouts);
    cpu->todo = (cpu->todo & ~(u32)TODO_TIMER) | TODO_ALARM;
}

void sched_set_alarm(void)
{
    struct cpu *cpu = this_cpu();
    u64 next = cpu->slice_end;

    cpu->todo &= ~(u32)TODO_ALARM;
    if (cpu->timeouts)
        next = MIN(next, cpu->timeouts->when);
    next = kdb_alarm(next);
    if (next < cpu->alarm) {
        cpu->alarm = next;
        arch_timer_set(next);
    }
}
