/* SPDX-License-Identifier: BSD-2-Clause */
/* Schedule, ThreadSwitch, SystemClock, ProcessorControl, MemoryControl. */
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "error.h"

#define UNCHANGED (~(word_t)0)

enum tstate { TS_ERROR, TS_DEAD, TS_INACTIVE, TS_RUNNING, TS_PENDING_SEND, TS_SENDING, TS_WAITING };

static enum tstate tstate_of(const struct thread *t)
{
    if (t->kipc == KIPC_IRQ)
        return t->state == THREAD_SENDING ? TS_PENDING_SEND : TS_WAITING;
    if (t->state == THREAD_SENDING)
        return TS_PENDING_SEND;
    if (t->state == THREAD_RECEIVING || t->state == THREAD_SLEEPING)
        return TS_WAITING;
    if (!t->utcb || t->halted || t->state == THREAD_STOPPED)
        return TS_INACTIVE;
    return TS_RUNNING;
}

/* Microseconds as an X.2 Time period: the largest that is not longer; never for 2^31 and up. */
static u16 time_encode(u64 us)
{
    unsigned e = 0;

    if (us == 0)
        return 0x0400;
    if (us >> 31)
        return 0;
    while (us >> e >= 1024)
        e++;
    return (u16)(e << 10 | us >> e);
}

static u64 period_us(u16 time)
{
    return (u64)(time & 0x3ff) << (time >> 10 & 0x1f);
}

static bool is_scheduler(const struct thread *cur, const struct thread *t)
{
    const struct thread *s = thread_find(t->scheduler);

    return api_privileged(cur) || (s && s->space == cur->space);
}

static void set_quantum(struct thread *t, word_t time)
{
    u16 slice = (u16)(time >> 16);

    if (slice == 0xffff)
        return;
    t->slice = slice == 0 ? TIME_NEVER : arch_us_to_tsc(period_us(slice));
    t->slice_left = t->slice;
}

static enum l4_error schedule_check(const struct thread *cur, const struct thread *t, word_t time,
                                    word_t prio, word_t preemption)
{
    bool may_all = api_privileged(cur);

    if (!is_scheduler(cur, t))
        return ERR_PRIVILEGE;
    if (prio != UNCHANGED && (prio & 0xff) > cur->priority && !may_all)
        return ERR_PRIVILEGE;
    if (preemption != UNCHANGED && (preemption >> 16 & 0xff) > cur->priority && !may_all)
        return ERR_PRIVILEGE;
    if (time != UNCHANGED && ((time >> 16 & 0xffff) != 0xffff && time >> 16 & 0x8000))
        return ERR_PARAM; /* a point in time is no length */
    return ERR_OK;
}

word_t api_schedule(struct thread *cur, word_t dest, word_t time, word_t processor, word_t prio,
                    word_t preemption, word_t *old_time)
{
    struct thread *t = id_is_global(dest) ? thread_find(dest) : NULL;
    enum tstate state;
    enum l4_error e;

    *old_time = 0;
    if (!t)
        return api_fail(cur, ERR_THREAD);
    e = schedule_check(cur, t, time, prio, preemption);
    if (e)
        return api_fail(cur, e);
    state = tstate_of(t);
    if (t->slice != TIME_NEVER)
        *old_time = (word_t)time_encode(arch_tsc_to_us(t->slice_left)) << 16;
    if (time != UNCHANGED)
        set_quantum(t, time);
    if (prio != UNCHANGED)
        sched_set_priority(t, (u8)prio);
    if (preemption != UNCHANGED) {
        t->max_delay = (u16)preemption;
        t->sensitive_prio = (u8)(preemption >> 16);
    }
    cur->utcb->error = ERR_OK;
    return state;
}

void api_thread_switch(struct thread *cur, word_t dest)
{
    struct thread *t = dest == NILTHREAD ? NULL : thread_find(dest);

    if (t == cur)
        return;
    if (t)
        sched_switch_to(t);
    else
        sched_yield();
}

u64 api_system_clock(void)
{
    return arch_tsc_to_us(arch_tsc());
}

word_t api_processor_control(struct thread *cur, word_t processor, word_t internal, word_t external,
                             word_t voltage)
{
    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (processor != 0)
        return api_fail(cur, ERR_PARAM);
    return 1; /* frequency and voltage are the firmware's business: nothing to do */
}

word_t api_memory_control(struct thread *cur, word_t control, const word_t attr[4])
{
    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    for (unsigned i = 0; i < 4; i++)
        if (attr[i] > 1) /* default and write-back are what every page has */
            return api_fail(cur, ERR_PARAM);
    return control < MR_COUNT ? 1 : api_fail(cur, ERR_PARAM);
}
