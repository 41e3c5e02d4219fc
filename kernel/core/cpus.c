/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Owning other processors: core/cpus.h says what for.
 *
 * cpu.claim is 0, or names a processor that wants this one, or that has it.  Only
 * this processor makes "has" of "wants", in park(), where its threads are at rest.
 *
 * No deadlock: who waits for one processor owns no other.  While it waits it lets
 * those with lower numbers go first, so a circle of waiters breaks at one place at
 * least.  Who stops all comes before everybody: all others that wait withdraw.
 */
#include "core/cpus.h"

#include "core/binding.h"
#include "core/arch.h"
#include "core/trace.h"
#include "core/ipc.h"
#include "debug/panic.h"
#include "virt/virt.h"

#define CLAIM_WANTS  0x100u
#define CLAIM_HAS    0x200u
#define CLAIM_NUMBER 0x0ffu

#define NO_ONE (~0u)

struct cpu *cpus[CPU_MAX];
unsigned cpu_count;

static volatile u32 stopper = NO_ONE; /* who stops them all */

/* ---- what others want of this processor ---- */

static void forget_translations(struct cpu *me)
{
    if (unlikely(!me->flushed)) {
        arch_flush();
        atomic_store(&me->flushed, 1);
    }
}

void cpu_wait(void)
{
    forget_translations(this_cpu());
    arch_pause();
}

/* If somebody wants this processor, stand still until he has done what he wants. */
static void park(struct cpu *me)
{
    u32 claim = me->claim, has = CLAIM_HAS | (claim & CLAIM_NUMBER);

    if (!(claim & CLAIM_WANTS) || !atomic_swap_if(&me->claim, claim, has))
        return;
    while (me->claim == has) {
        void (*command)(void *) = me->command;

        if (command) {
            command(me->command_arg);
            __atomic_store_n(&me->command, NULL, __ATOMIC_RELEASE);
        }
        cpu_wait();
    }
}

void cpus_attend(void)
{
    struct cpu *me = this_cpu();

    me->todo &= ~(u32)TODO_ATTEND;
    forget_translations(me);
    ipc_take_notified(me);
    park(me);
}

/* ---- waiting for others ---- */

/* Somebody goes first.  What this processor was about to do starts over. */
static _Noreturn void abandon(struct cpu *me)
{
    park(me);
    me->todo |= TODO_ATTEND;
    kernel_abandon();
}

static bool must_yield(const struct cpu *me)
{
    u32 claim = me->claim;

    if (stopper != NO_ONE)
        return stopper != me->number;
    return claim & CLAIM_WANTS && (claim & CLAIM_NUMBER) < me->number;
}

static void claim(struct cpu *me, struct cpu *other)
{
    u32 wants = CLAIM_WANTS | me->number;

    /* Who would have to withdraw at once does not begin: it would go round and interrupt. */
    while (must_yield(me) || !atomic_swap_if(&other->claim, 0, wants)) {
        if (stopper != me->number && me->claim)
            abandon(me);
        cpu_wait();
    }
    arch_ipi(other->number);
    while (other->claim == wants) {
        if (must_yield(me) && atomic_swap_if(&other->claim, wants, 0))
            abandon(me);
        cpu_wait();
    }
    trace(L4_TRACE_OWN, me->current, other->number, 0);
    me->holding |= 1u << other->number;
    me->todo |= TODO_RELEASE;
}

void cpus_release(void)
{
    struct cpu *me = this_cpu();

    for (unsigned n = 0; n < cpu_count; n++)
        if (me->holding & 1u << n)
            atomic_store(&cpus[n]->claim, 0);
    if (stopper == me->number)
        stopper = NO_ONE;
    me->holding = 0;
    me->todo &= ~(u32)TODO_RELEASE;
}

static void stop(struct cpu *me)
{
    while (stopper != me->number && !atomic_swap_if(&stopper, NO_ONE, me->number)) {
        if (me->claim)
            abandon(me);
        cpu_wait();
    }
    for (unsigned n = 0; n < cpu_count; n++)
        if (n != me->number && !(me->holding & 1u << n))
            claim(me, cpus[n]);
}

void cpus_stop(void)
{
    struct cpu *me = this_cpu();

    if (cpu_count == 1)
        return;
    if (me->holding && stopper != me->number) { /* one of them already: let go, start over */
        me->escalate = true;
        kernel_abandon();
    }
    me->escalate = false;
    stop(me);
}

void cpu_own(unsigned n)
{
    struct cpu *me = this_cpu();

    if (n == me->number || me->holding & 1u << n)
        return;
    if (me->holding || me->escalate)
        cpus_stop();
    else
        claim(me, cpus[n]);
}

void cpu_run_on(unsigned n, void (*fn)(void *), void *arg)
{
    struct cpu *cpu = cpus[n];

    if (cpu == this_cpu()) {
        fn(arg);
        return;
    }
    ASSERT(this_cpu()->holding & 1u << n);
    cpu->command_arg = arg;
    __atomic_store_n(&cpu->command, fn, __ATOMIC_RELEASE);
    while (cpu->command)
        cpu_wait();
}

/* ---- translations ---- */

/* Only who holds mapdb_lock asks, so nobody else asks at the same time. */
void cpus_flush(void)
{
    struct cpu *me = this_cpu();
    u32 set = me->flush;

    me->flush = 0;
    if (likely(!set))
        return;
    for (unsigned n = 0; n < cpu_count; n++) {
        if (!(set & 1u << n))
            continue;
        atomic_store(&cpus[n]->flushed, 0);
        arch_ipi(n);
    }
    for (unsigned n = 0; n < cpu_count; n++)
        while (set & 1u << n && !cpus[n]->flushed)
            cpu_wait();
}

/* ---- start ---- */

void cpu_enter_idle(void)
{
    virt_start();
    atomic_fence();
    cpu_count++; /* only one at a time starts */
    kernel_abandon();
}

bool cpu_interrupted(void)
{
    arch_interrupt_window();
    return this_cpu()->todo & (TODO_ATTEND | TODO_TIMER | TODO_INTERRUPT);
}
