/* SPDX-License-Identifier: BSD-2-Clause */
/* The scheduler: strict priorities, round robin with quanta within one. */
#ifndef CORE_SCHED_H
#define CORE_SCHED_H

#include "core/cpu.h"

void sched_init(void);

/* Make t runnable: state READY, into its queue, and ask for a new decision if it beats current. */
void sched_wake(struct thread *t);
/* t has just become something other than READY. */
void sched_block(struct thread *t);
/*
 * Current, which is going to wait, hands the processor to t.  With a call goes its
 * quantum; with a reply goes the quantum that it was given, but never its own: a
 * client must not live on its server's time.
 */
void sched_donate(struct thread *t, bool call);
/* Current gives up the rest of its quantum. */
void sched_yield(void);
/* Current hands the processor, on its own quantum, to t if that is ready here, else yields. */
void sched_switch_to(struct thread *t);
/* t's priority or halt flag changes. */
void sched_set_priority(struct thread *t, u8 prio);
void sched_update(struct thread *t);
/* Who runs next; charges time and starts quanta. The idle thread if nobody can. */
struct thread *sched_choose(void);

/* Ready for user code: neither blocked nor halted. */
static inline bool thread_runnable(const struct thread *t)
{
    return t->state == THREAD_READY && !t->halted;
}

#endif
