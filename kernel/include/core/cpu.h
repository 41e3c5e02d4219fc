/* SPDX-License-Identifier: BSD-2-Clause */
/* What each processor has of its own.  Assembly knows the first members (arch/offsets.h). */
#ifndef CORE_CPU_H
#define CORE_CPU_H

#include "arch/percpu.h"
#include "core/cpus.h"
#include "core/thread.h"
#include "types.h"

struct sched_queue {
    struct list queue[256];
    word_t bitmap[256 / WORD_BITS]; /* bit n: queue[n] is not empty */
};

/* What kernel_exit() must do before anybody runs; set by this processor only. */
enum todo {
    TODO_RESCHED = 1 << 0,   /* decide anew who runs                             */
    TODO_RELEASE = 1 << 1,   /* let go of other processors                       */
    TODO_ATTEND = 1 << 2,    /* another processor wants something                */
    TODO_TIMER = 1 << 3,     /* the alarm has rung                               */
    TODO_INTERRUPT = 1 << 4, /* interrupts wait to be handed to their threads    */
    TODO_ALARM = 1 << 5      /* the alarm is to be set anew                      */
};

/* What belongs to the running thread and is switched off lazily (arch_switch()). */
enum switch_work {
    WORK_FPU = 1 << 0,
    WORK_PORTS = 1 << 1,
    WORK_SEGMENTS = 1 << 2,
    WORK_TRACE = 1 << 3 /* is never done with: the fast paths write no trace */
};

struct cpu {
    struct thread *current; /* whose entry we are in                              */
    word_t stack_top;       /* this processor's kernel stack                      */
    struct cpu *self;
    word_t scratch;             /* for entry.S                                        */
    struct thread *slice_owner; /* whose quantum is being consumed                    */
    word_t table;               /* what the page table register holds                 */
    u32 waiting;                /* the thread.status that can have a message at once */
    u32 gate;                   /* the priority that it needs: see cpu_set_gate()     */
    u32 work;                   /* enum switch_work                                   */
    u32 number;
    struct thread *loaded; /* whose state arch_switch() put into the processor   */
    void *hw;              /* the processor's side of virtual machines           */
    u32 highest;           /* priority in a ready queue, 0 also if there is none */
    void *guest_state;     /* of the guest in user mode that is loaded: its state page */
    struct mapping *nodes; /* memory for new mappings (mapping.c), nobody's yet    */
    struct mapping *nodes_end;

    struct arch_cpu arch __attribute__((aligned(64)));

    u32 todo;                        /* enum todo                                           */
    word_t window;                   /* page table that the copy window shows, 0: none      */
    const struct space *guest_space; /* VM space whose translations may be cached */
    const struct space *ports;       /* whose IO permissions are loaded           */
    void *live_fpu;                  /* whose state the FPU holds: a thread's or vCPU's area */

    /* ---- the scheduler ---- */
    struct thread *idle;      /* stands for "nobody"; never in a queue                */
    u64 slice_start;          /* TSC when the consumption of slice_owner's began      */
    u64 slice_end;            /* TSC at which it ends; TIME_NEVER                     */
    u8 delay;                 /* current runs on, though it should not: see sched.c   */
    struct timeout *timeouts; /* heap root                                      */
    u64 alarm;                /* what the timer is set to                       */
    struct sched_queue ready;

    /* ---- other processors ---- */
    volatile u32 claim;               /* who wants or has this processor (cpus.c)             */
    volatile u32 flushed;             /* 0: another one waits until translations are forgotten */
    u32 flush;                        /* whose translations have to go: cpus_flush()          */
    u32 holding;                      /* whom this one owns                                   */
    bool escalate;                    /* one is not enough: stop them all next time           */
    void (*volatile command)(void *); /* for a processor that is owned           */
    void *command_arg;
    struct thread *volatile notified; /* threads with fresh notifications       */
    word_t irqs[IRQ_WORDS];           /* interrupts that wait for kernel_exit()          */

    struct thread idle_thread;
};

extern struct cpu *cpus[CPU_MAX];

#define GATE_CLOSED 256 /* no priority is so high */

/* Who gets a message on the fast path runs at once: not if somebody ready has a higher priority,
 * nor while there is switch_work to be done. */
static inline void cpu_set_gate(struct cpu *cpu)
{
    cpu->gate = cpu->work ? GATE_CLOSED : cpu->highest;
}

static inline struct cpu *cpu_of(const struct thread *t)
{
    return cpus[t->cpu];
}

#endif
