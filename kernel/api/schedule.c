/* SPDX-License-Identifier: BSD-2-Clause */
/* Schedule, ThreadSwitch, SystemClock, ProcessorControl. */
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "error.h"

#define UNCHANGED (~(word_t)0)

enum tstate {
    TS_ERROR,
    TS_DEAD,
    TS_INACTIVE,
    TS_RUNNING,
    TS_PENDING_SEND,
    TS_SENDING,
    TS_WAITING,
    TS_RECEIVING
};

static enum tstate tstate_of(const struct thread *t)
{
    if (t->kipc == KIPC_IRQ)
        return t->state == THREAD_SENDING ? TS_PENDING_SEND : TS_WAITING;
    if (t->state == THREAD_SENDING)
        return TS_PENDING_SEND;
    if (t->state == THREAD_RECEIVING || t->state == THREAD_SLEEPING)
        return TS_WAITING;
    if (t->transfer.partner)
        return t->transfer.sends ? TS_SENDING : TS_RECEIVING;
    if (!t->utcb || thread_is_halted(t) || t->state == THREAD_STOPPED)
        return TS_INACTIVE;
    return TS_RUNNING;
}

/* Microseconds as an X.2 Time period: the largest that is not longer; never for 2^31 and up. */
static u16 time_encode(u64 us)
{
    unsigned e = 0;

    if (us == 0)
        return L4_TIME_ZERO;
    if (us >> 31)
        return 0;
    while (us >> e >= 1024)
        e++;
    return (u16)(e << 10 | us >> e);
}

static u16 ticks_encode(u64 ticks)
{
    return ticks == TIME_NEVER ? 0 : time_encode(arch_tsc_to_us(ticks));
}

/* Half of a time control: is it a length, if it is anything? */
static bool is_period(word_t time)
{
    return (time & 0xffff) == 0xffff || !(time & 0x8000);
}

static enum l4_error schedule_check(const struct thread *cur, const struct thread *t, word_t time,
                                    word_t processor, word_t prio, word_t preemption)
{
    bool may_all = api_privileged(cur);

    if (!api_schedules(cur, t))
        return ERR_PRIVILEGE;
    if (prio != UNCHANGED && (prio & 0xff) > cur->priority && !may_all)
        return ERR_PRIVILEGE;
    if (preemption != UNCHANGED && (preemption >> 16 & 0xff) > cur->priority && !may_all)
        return ERR_PRIVILEGE;
    if (time != UNCHANGED && (!is_period(time >> 16) || !is_period(time)))
        return ERR_PARAM;
    if (processor != UNCHANGED && (processor & 0xffff) >= cpu_count)
        return ERR_PARAM;
    return ERR_OK;
}

static void set_time(struct thread *t, word_t time)
{
    u16 slice = (u16)(time >> 16), quantum = (u16)time;

    if (slice != 0xffff)
        sched_set_slice(t, slice ? arch_us_to_tsc(time_period_us(slice)) : TIME_NEVER);
    if (quantum == 0xffff)
        return;
    sched_set_quantum(t, quantum);
    if (t->kipc == KIPC_PREEMPTION && t->quantum_left) /* that is the answer */
        ipc_abort(t, IPC_CANCELLED);
}

word_t api_schedule(struct thread *cur, word_t dest, word_t time, word_t processor, word_t prio,
                    word_t preemption, word_t *old_time)
{
    struct thread *t = id_is_global(dest) ? thread_find(dest) : NULL;
    bool moves = t && processor != UNCHANGED && (processor & 0xffff) != t->cpu;
    enum tstate state;
    enum l4_error e;

    *old_time = 0;
    if (!t)
        return api_fail(cur, ERR_THREAD);
    e = schedule_check(cur, t, time, processor, prio, preemption);
    if (e)
        return api_fail(cur, e);
    if (moves)
        api_stop_others(cur);
    else
        api_own(cur, t->cpu);
    state = tstate_of(t);
    sched_settle(t);
    *old_time = (word_t)ticks_encode(t->slice_left) << 16 | ticks_encode(t->quantum_left);
    if (time != UNCHANGED)
        set_time(t, time);
    if (prio != UNCHANGED)
        sched_set_priority(t, (u8)prio);
    if (preemption != UNCHANGED) {
        t->max_delay = (u16)preemption;
        t->sensitive_prio = (u8)(preemption >> 16);
    }
    cur->utcb->error = ERR_OK;
    if (moves)
        thread_move(t, processor & 0xffff);
    return state;
}

void api_thread_switch(struct thread *cur, word_t dest)
{
    struct thread *t = dest == NILTHREAD ? NULL : thread_find(dest);

    if (t == cur)
        return;
    if (t && t->space && ipc_reaches(cur, t))
        sched_switch_to(t);
    else
        sched_yield();
}

word_t api_processor_control(struct thread *cur, word_t processor, word_t internal, word_t external,
                             word_t voltage)
{
    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (processor >= cpu_count)
        return api_fail(cur, ERR_PARAM);
    return 1; /* frequency and voltage are the firmware's business: nothing to do */
}
