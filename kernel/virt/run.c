/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs: from VcpuRun to the exit that concerns the VMM.
 *
 *   VcpuRun -> vcpu_start -> TF_GUEST -> vcpu_enter -> (exits that the kernel serves) -> vcpu_exit
 *                         \-> sleeping (halted) --------------- deadline, notification -> vcpu_end
 *
 * The way of a common exit is a chain of calls in tail position: no function on it needs a frame.
 */
#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "core/trace.h"
#include "core/utcb.h"
#include "virt/vcpu.h"
#include "virt/virt.h"

static __attribute__((noinline)) void exit_with(struct vcpu *v, unsigned reason, u32 groups)
{
    trace(L4_TRACE_VCPU_EXIT, v->thread, reason, v->state->rip);
    if (groups)
        v->kind->store(v, groups);
    arch_vcpu_result(v->thread, reason);
}

void vcpu_exit(struct vcpu *v, unsigned reason, u32 groups)
{
    struct thread *t = v->thread;

    vcpu_ended(v->state, reason, groups);
    t->flags &= (u8)~TF_GUEST;
    if (v->kind->user_mode) /* its registers are where the VMM's have to be */
        cpu_of(t)->loaded = NULL;
    if (unlikely(groups | tracing))
        exit_with(v, reason, groups);
    else
        arch_vcpu_result(t, reason);
}

/* End a run in which the guest is not executing. */
static void finish(struct thread *t, unsigned reason, u32 groups)
{
    vcpu_state_t *s = t->vcpu->state;

    s->exit_len = 0;
    if (reason == L4_EXIT_NOTIFY) {
        s->notify = ipc_take_bits(t);
    }
    t->vcpu->kind->store_gpr(t->vcpu);
    vcpu_exit(t->vcpu, reason, groups);
}

void vcpu_end(struct thread *t, unsigned reason)
{
    if (t->state == THREAD_SLEEPING)
        sched_wake(t);
    else if (!(t->flags & TF_GUEST))
        return;
    if (reason == L4_EXIT_ERROR)
        t->utcb->error = ERR_THREAD;
    finish(t, reason, 0);
}

void vcpu_notified(struct thread *t)
{
    vcpu_end(t, L4_EXIT_NOTIFY);
}

void vcpu_deadline(struct timeout *timeout)
{
    struct vcpu *v = container_of(timeout, struct vcpu, timeout);

    v->deadline = TIME_NEVER;
    vcpu_end(v->thread, L4_EXIT_TIMER);
}

/* False: it has passed. */
static bool arm(struct vcpu *v, u64 deadline)
{
    if (deadline != TIME_NEVER && deadline <= arch_tsc()) {
        v->deadline = TIME_NEVER;
        timeout_cancel(this_cpu(), &v->timeout);
        return false;
    }
    v->deadline = deadline;
    timeout_set(this_cpu(), &v->timeout, deadline);
    return true;
}

void vcpu_start_slowly(struct vcpu *v)
{
    struct thread *t = v->thread;
    vcpu_state_t *s = v->state;
    u32 dirty = s->dirty, flags = s->flags;
    u64 deadline = s->deadline;
    bool possible = v->kind->load_gpr(v);

    if (dirty) {
        s->dirty = 0;
        v->kind->load(v, dirty);
    }
    if (!s->first_tsc)
        s->first_tsc = arch_tsc();
    if (flags & L4_VCPU_SHADOW)
        v->kind->set_shadow(v);
    if (flags & L4_VCPU_FLUSH_TLB)
        v->kind->flush_tlb(v);
    if (v->window != !!(flags & L4_VCPU_IRQ_WINDOW))
        v->kind->set_window(v, !v->window);
    s->flags = 0;
    if (flags & L4_VCPU_SYNC)
        finish(t, L4_EXIT_SYNC, L4_VCPU_G_ALL);
    else if (t->notify_bits)
        finish(t, L4_EXIT_NOTIFY, 0);
    else if (deadline != v->deadline && !arm(v, deadline))
        finish(t, L4_EXIT_TIMER, 0);
    else if (flags & L4_VCPU_HALTED) {
        t->state = THREAD_SLEEPING;
        sched_block(t);
    } else if (!possible)
        finish(t, L4_EXIT_INVALID, 0);
    else
        t->flags |= TF_GUEST;
}

void vcpu_refuse(struct thread *t)
{
    t->utcb->error = ERR_THREAD;
    arch_vcpu_result(t, L4_EXIT_ERROR);
}

void vcpu_start(struct thread *t)
{
    struct vcpu *v = t->vcpu;

    if (likely(v))
        v->kind->start(v);
    else
        vcpu_refuse(t);
}

void vcpu_enter(struct thread *t)
{
    t->vcpu->kind->enter(t->vcpu);
}
