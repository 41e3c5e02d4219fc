/* SPDX-License-Identifier: BSD-2-Clause */
/* Processor time: ThreadSwitch, SystemClock, Schedule. */
#ifndef L4_SCHEDULE_H
#define L4_SCHEDULE_H

#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_SCHEDRESULT_ERROR        0
#define L4_SCHEDRESULT_DEAD         1
#define L4_SCHEDRESULT_INACTIVE     2
#define L4_SCHEDRESULT_RUNNING      3
#define L4_SCHEDRESULT_PENDING_SEND 4
#define L4_SCHEDRESULT_SENDING      5
#define L4_SCHEDRESULT_WAITING      6
#define L4_SCHEDRESULT_RECEIVING    7
#define L4_SCHED_UNCHANGED          (~0ul)

static inline void L4_ThreadSwitch(L4_ThreadId_t dest)
{
    l4_thread_switch(dest.raw);
}

static inline void L4_Yield(void)
{
    l4_thread_switch(0);
}

/* Microseconds since the system started. */
static inline L4_Clock_t L4_SystemClock(void)
{
    return (L4_Clock_t){.raw = l4_system_clock()};
}

static inline L4_Word_t L4_Schedule(L4_ThreadId_t dest, L4_Word_t time_control,
                                    L4_Word_t processor_control, L4_Word_t prio_control,
                                    L4_Word_t preemption_control, L4_Word_t *old_time_control)
{
    *old_time_control = time_control;
    return l4_schedule(dest.raw, old_time_control, processor_control, prio_control,
                       preemption_control);
}

static inline L4_Word_t L4_Set_Priority(L4_ThreadId_t dest, L4_Word_t priority)
{
    L4_Word_t old = L4_SCHED_UNCHANGED;

    return l4_schedule(dest.raw, &old, L4_SCHED_UNCHANGED, priority & 0xff, L4_SCHED_UNCHANGED);
}

static inline L4_Word_t L4_Set_ProcessorNo(L4_ThreadId_t dest, L4_Word_t processor)
{
    L4_Word_t old = L4_SCHED_UNCHANGED;

    return l4_schedule(dest.raw, &old, processor & 0xffff, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED);
}

static inline L4_Word_t L4_Set_Timeslice(L4_ThreadId_t dest, L4_Time_t timeslice,
                                         L4_Time_t total_quantum)
{
    L4_Word_t time = (L4_Word_t)timeslice.raw << 16 | total_quantum.raw;

    return l4_schedule(dest.raw, &time, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED);
}

static inline L4_Word_t L4_Timeslice(L4_ThreadId_t dest, L4_Time_t *timeslice,
                                     L4_Time_t *total_quantum)
{
    L4_Word_t time = L4_SCHED_UNCHANGED;
    L4_Word_t result =
        l4_schedule(dest.raw, &time, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED);

    timeslice->raw = (L4_Word16_t)(time >> 16);
    total_quantum->raw = (L4_Word16_t)time;
    return result;
}

static inline L4_Word_t L4_Set_PreemptionDelay(L4_ThreadId_t dest, L4_Word_t sensitive_priority,
                                               L4_Word_t max_delay)
{
    L4_Word_t old = L4_SCHED_UNCHANGED;

    return l4_schedule(dest.raw, &old, L4_SCHED_UNCHANGED, L4_SCHED_UNCHANGED,
                       (sensitive_priority & 0xff) << 16 | (max_delay & 0xffff));
}

#endif
