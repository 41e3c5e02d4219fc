/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several processors.  All that a processor's threads consist of (their states,
 * the ready queue, the timeouts) belongs to that processor: it works on them
 * without locks, with interrupts off.  Who wants to touch a thread of another
 * processor *owns* that processor first: it interrupts it and waits until it
 * stands still at the kernel's exit, where no work is half done.
 *
 *   cpu_own(n)       own one other processor for the rest of this kernel entry
 *   cpus_stop()      own them all: creation, change and deletion of threads and spaces
 *
 * While a processor waits it may be claimed itself.  It then lets the other one
 * go first, and its own operation starts over, since nothing that it knew need
 * be true any more: so both functions may not return.  What has been done so far
 * must be consistent by then, and thread.cont say how the current thread goes on.
 */
#ifndef CORE_CPUS_H
#define CORE_CPUS_H

#include "types.h"

#define CPU_MAX 32

extern unsigned cpu_count; /* processors that run */

void cpu_own(unsigned n);
void cpus_stop(void);
/* Let go of all that this processor owns: kernel_exit() does. */
void cpus_release(void);
/* Another processor has interrupted this one, which is at the kernel's exit: see what it wants. */
void cpus_attend(void);

/* In every loop that waits for another processor. */
void cpu_wait(void);

/* Run fn(arg) on processor n, which this one owns (or is). */
void cpu_run_on(unsigned n, void (*fn)(void *), void *arg);

/* Other processors shall forget translations: the set (bit n: processor n) is gathered in
 * this_cpu()->flush; this waits until they have. */
void cpus_flush(void);

/* A preemption point: let interrupts in; did one come, that the kernel's exit has to see to? */
bool cpu_interrupted(void);

/* A new processor is ready: it waits for work. */
_Noreturn void cpu_enter_idle(void);

#endif
