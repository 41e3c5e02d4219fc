/* SPDX-License-Identifier: BSD-2-Clause */
/* The way out of the kernel: whoever is next goes on. */
#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "core/trace.h"
#include "debug/check.h"
#include "debug/kdb.h"
#include "virt/virt.h"

/* Interrupts that have come, each to its thread.  Some may need another processor and start over. */
static void hand_interrupts(struct cpu *cpu)
{
    for (unsigned i = 0; i < ARRAY_SIZE(cpu->irqs); i++) {
        while (cpu->irqs[i]) {
            unsigned bit = (unsigned)__builtin_ctzl(cpu->irqs[i]);

            api_interrupt(i * WORD_BITS + bit);
            cpu->irqs[i] &= ~((word_t)1 << bit);
        }
    }
    cpu->todo &= ~(u32)TODO_INTERRUPT;
}

static __attribute__((noinline)) void do_todo(struct cpu *cpu)
{
    if (cpu->todo & TODO_RELEASE)
        cpus_release();
    if (cpu->todo & TODO_ATTEND)
        cpus_attend();
    if (cpu->todo & TODO_TIMER)
        sched_timer();
    if (cpu->todo & TODO_INTERRUPT)
        hand_interrupts(cpu);
    if (cpu->todo & TODO_RESCHED)
        sched_choose();
    if (cpu->todo & TODO_ALARM)
        sched_set_alarm();
}

/* What the thread has still to do in the kernel. */
static void go_on(struct thread *t)
{
    switch ((enum continuation)t->cont) {
    case CONT_NONE:
        break;
    case CONT_CALL:
        t->cont = CONT_NONE;
        arch_call_again(t);
        break;
    case CONT_EXCEPTION:
        api_exception(t);
        break;
    case CONT_ATTRIBUTES:
        arch_call_again(t);
        break;
    case CONT_RECEIVE:
        ipc_receive_again(t);
        break;
    case CONT_TRANSFER:
        ipc_transfer_again(t);
        break;
    case CONT_FAULT:
        ipc_fault_again(t);
        break;
    case CONT_UNMAP:
        api_unmap_again(t);
        break;
    case CONT_PREEMPTION:
        api_preemption(t);
        break;
    }
}

_Noreturn void kernel_exit(void)
{
    struct cpu *cpu = this_cpu();

    check_kernel();
    for (;;) {
        struct thread *t;

        kdb_attend();
        while (unlikely(cpu->todo))
            do_todo(cpu);
        t = cpu->current;
        if (unlikely(t != cpu->loaded)) {
            trace_switch(cpu, t);
            if (t == cpu->idle) { /* the last one's address space stays loaded */
                arch_idle();
                continue;
            }
            arch_switch(t);
        }
        if (unlikely(t->cont))
            go_on(t);
        else if (likely(!(t->flags & (TF_GUEST | TF_CHANGED))))
            arch_return_to_user(t);
        else if (t->flags & TF_GUEST)
            vcpu_enter(t);
        else {
            t->flags &= (u8)~TF_CHANGED; /* arch_return_to_user() looks at them */
            arch_return_to_user(t);
        }
    }
}
