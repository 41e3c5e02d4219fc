/* SPDX-License-Identifier: BSD-2-Clause */
/* How a thread's IPC ends. */
#include "waiting.h"

#include "core/binding.h"
#include "core/arch.h"
#include "core/sched.h"

void ipc_go_on(struct thread *t)
{
    t->flags &= (u8) ~(TF_VIRTUAL | TF_REDIRECTED);
    t->cont = t->transfer.partner ? CONT_TRANSFER : CONT_NONE;
}

/* What the kernel's IPC for a page fault has overwritten of the message that it was in the way of. */
static void restore_message(struct thread *t)
{
    struct thread *dst = t->transfer.partner;
    struct ipc_call call;

    if (!dst || !t->transfer.sends)
        return;
    call = arch_ipc_call(t);
    t->recv_from = call.from;
    t->recv_timeout = (u16)call.timeouts;
    ipc_set_identity(t, dst);
    if (dst->id == t->space->redirector && dst->id != call.to)
        t->flags |= TF_REDIRECTED;
}

/* t is done with kernel IPC: it goes on where it was; an interrupt thread rests. */
static bool finish_kernel_ipc(struct thread *t)
{
    if (t->kipc == KIPC_IRQ) {
        t->state = THREAD_STOPPED;
        arch_irq_unmask(t->irq);
        return false;
    }
    if (t->kipc == KIPC_PREEMPTION && t->quantum_left == 0)
        sched_set_quantum(t, t->quantum_time);
    t->kipc = KIPC_NONE;
    ipc_go_on(t);
    restore_message(t);
    return true;
}

/* Nobody handles the fault: t halts, except if it was cancelled: then it faults again. */
static void fail_kernel_ipc(struct thread *t, enum ipc_error e)
{
    bool again = e == IPC_CANCELLED || e == IPC_ABORTED;

    if (t->kipc != KIPC_IRQ && again && finish_kernel_ipc(t)) {
        sched_wake(t);
        return;
    }
    if (t->kipc != KIPC_IRQ)
        t->kipc = KIPC_NONE;
    t->state = THREAD_STOPPED;
    sched_block(t);
}

void ipc_fail(struct thread *t, enum phase phase, enum ipc_error e, word_t tag, word_t offset)
{
    wait_end(t);
    if (t->kipc) {
        fail_kernel_ipc(t, e);
        return;
    }
    ipc_go_on(t);
    t->utcb->error = offset << 4 | (word_t)e << 1 | phase;
    utcb_mr(t->utcb)[0] = tag | TAG_ERROR;
    arch_ipc_result(t, NILTHREAD);
    sched_wake(t);
}

/* The id of src as dst sees it: local within a space. */
static word_t visible_id(const struct thread *src, const struct thread *dst)
{
    const struct thread *s = src;

    if (src->flags & TF_VIRTUAL) {
        s = thread_find(src->virtual_sender);
        if (!s)
            return src->virtual_sender;
    }
    return s->space && s->space == dst->space && s->utcb ? s->utcb_addr : s->id;
}

/* dst has its message. */
void ipc_received(struct thread *src, struct thread *dst, enum handover how)
{
    if (!dst->kipc)
        arch_ipc_result(dst, visible_id(src, dst));
    else if (!finish_kernel_ipc(dst))
        return;
    if (dst->cont == CONT_TRANSFER || how == WAKE)
        sched_wake(dst);
    else
        sched_donate(dst, how == CALL);
}
