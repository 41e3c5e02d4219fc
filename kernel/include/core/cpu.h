/* SPDX-License-Identifier: BSD-2-Clause */
/* What each processor has of its own.  entry.S knows the first members' offsets. */
#ifndef CORE_CPU_H
#define CORE_CPU_H

#include "core/thread.h"
#include "types.h"

struct sched_queue {
    struct list queue[256];
    word_t bitmap[256 / WORD_BITS]; /* bit n: queue[n] is not empty */
};

struct cpu {
    struct thread *current; /* whose entry we are in                              */
    word_t frame_top;       /* end of current's frame: where system calls store   */
    word_t stack_top;       /* this processor's kernel stack                      */
    word_t scratch;         /* for entry.S                                        */

    unsigned number;
    struct thread *loaded;      /* whose state arch_switch() put into the processor */
    struct space *loaded_space; /* whose page tables CR3 holds                      */
    void *live_fpu;             /* whose state the FPU holds: a thread's or vCPU's area */

    bool resched;               /* decide anew; false only while current can go on  */
    struct thread *slice_owner; /* whose quantum is being consumed                  */
    u64 slice_start;            /* TSC when the consumption began                   */
    struct timeout slice_end;
    struct timeout *timeouts; /* heap root                                        */

    struct sched_queue ready;
    struct thread *idle; /* stands for "nobody"; never in a queue */
};

extern struct cpu boot_cpu;

/* The kernel's GS base points to the processor's struct cpu. */
static inline struct cpu *this_cpu(void)
{
    return &boot_cpu;
}

#endif
