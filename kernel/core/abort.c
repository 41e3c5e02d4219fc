/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose IPC ends since somebody else wants it, or its time is over, or its partner goes. */
#include "waiting.h"

#include "core/arch.h"
#include "core/cpu.h"
#include "core/sched.h"

bool ipc_is_sending(const struct thread *t)
{
    return t->state == THREAD_SENDING || (t->transfer.partner && t->transfer.sends);
}

bool ipc_is_receiving(const struct thread *t)
{
    return t->state == THREAD_RECEIVING || t->cont == CONT_RECEIVE ||
           (t->state == THREAD_TRANSFER && t->kipc) || (t->transfer.partner && !t->transfer.sends);
}

void ipc_own_all(const struct thread *t)
{
    cpu_own(t->cpu);
    if (t->transfer.partner || t->state == THREAD_TRANSFER)
        cpus_stop();
}

/* A page fault that one of them has in their message's course is over. */
static void drop_fault(struct thread *t)
{
    struct thread *pager = t->partner;

    t->cont = CONT_NONE;
    if (t->kipc != KIPC_STRING_FAULT)
        return;
    if (t->state == THREAD_TRANSFER && pager->transfer.partner == t) {
        ipc_transfer_end(pager, t);
        ipc_fail(pager, PHASE_SEND, IPC_ABORTED, utcb_mr(pager->utcb)[0], 0);
    } else {
        wait_end(t);
    }
    t->kipc = KIPC_NONE;
}

static void abort_transfer(struct thread *t, enum ipc_error e)
{
    struct thread *other = t->transfer.partner;
    struct thread *src = t->transfer.sends ? t : other, *dst = t->transfer.sends ? other : t;
    word_t tag = utcb_mr(src->utcb)[0];

    drop_fault(src);
    if (dst->transfer.partner == src)
        drop_fault(dst); /* else it receives the answer to a fault */
    ipc_transfer_fail(src, dst, e, tag);
}

void ipc_abort(struct thread *t, enum ipc_error e)
{
    if (t->state == THREAD_TRANSFER && t->kipc) /* it gets the answer to a fault */
        abort_transfer(t->partner, IPC_ABORTED);
    if (t->transfer.partner)
        abort_transfer(t, IPC_ABORTED);
    else if (t->state == THREAD_SENDING)
        ipc_fail(t, PHASE_SEND, e, t->kipc ? 0 : utcb_mr(t->utcb)[0], 0);
    else if (t->state == THREAD_RECEIVING || t->cont == CONT_RECEIVE)
        ipc_fail(t, PHASE_RECEIVE, e, 0, 0);
}

void ipc_timed_out(struct thread *t)
{
    if (!t->transfer.timed) {
        ipc_abort(t, IPC_TIMEOUT);
        return;
    }
    cpus_stop();
    abort_transfer(t, IPC_XFER_TIMEOUT);
}

#define FORGET_STEP 32 /* threads between looks for interrupts */

bool ipc_forget(struct thread *t, word_t id)
{
    struct thread *r;
    word_t next;

    for (unsigned n = 1; !list_empty(&t->senders); n++) {
        ipc_abort(list_first(&t->senders, struct thread, link), IPC_NO_PARTNER);
        if (n % FORGET_STEP == 0 && cpu_interrupted())
            return false;
    }
    wait_update_pending(t);
    for (unsigned n = 1; t->waited || t->scan; n++) {
        if (!t->scan)
            t->waited = false; /* who begins to wait while this has stopped says so anew */
        next = t->scan;
        r = thread_search(&next);
        t->scan = next < THREADS ? (u32)next : 0;
        if (r && (r->state == THREAD_RECEIVING || r->cont == CONT_RECEIVE) && r->recv_from == id)
            ipc_abort(r, IPC_NO_PARTNER);
        if ((n % FORGET_STEP == 0 || !r) && cpu_interrupted())
            return false;
    }
    return true;
}
