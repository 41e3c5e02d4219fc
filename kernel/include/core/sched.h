/* SPDX-License-Identifier: BSD-2-Clause */
/* The scheduler: strict priorities, round robin with quanta within one. */
#ifndef CORE_SCHED_H
#define CORE_SCHED_H

#include "core/cpu.h"

/* Nobody runs on the processor yet. */
void sched_init(struct cpu *cpu);

/* Make t runnable: state READY, into its processor's queue, and ask for a new decision there if it
 * beats who runs. */
void sched_wake(struct thread *t);
/* t has just become something other than READY. */
void sched_block(struct thread *t);
/*
 * Current, which is going to wait, hands the processor to t, of the same one.  With a call goes
 * its quantum; with a reply goes the quantum that it was given, but never its own: a
 * client must not live on its server's time.
 */
void sched_donate(struct thread *t, bool call);
/* Current gives up the rest of its quantum. */
void sched_yield(void);
/* Current hands the processor, on its own quantum, to t if that is ready here, and not only because
 * of a quantum that others have used up; else yields. */
void sched_switch_to(struct thread *t);
/* t's priority or halt flag changes. */
void sched_set_priority(struct thread *t, u8 prio);
void sched_halt(struct thread *t, bool halt);
/* t's quantum, in TSC ticks, and its total quantum, as an X.2 Time period. */
void sched_set_slice(struct thread *t, u64 slice);
void sched_set_quantum(struct thread *t, u16 time);
/* What has been used so far is in t's books. */
void sched_settle(struct thread *t);
/* Who runs next; charges time and starts quanta. The idle thread if nobody can. */
struct thread *sched_choose(void);
/* t is about to disappear from its processor. */
void sched_forget(struct thread *t);

/* The alarm has rung: end quanta, waits and runs whose time has come.  Then set_alarm(). */
void sched_timer(void);
/* Set this processor's timer to what comes first. */
void sched_set_alarm(void);

#endif
