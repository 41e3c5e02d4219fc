/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC: rendezvous, waiting, waking.
 *
 * A sender that waits is in its partner's list; who receives is in none: whom it
 * waits for is a word (recv_from), and a thread that somebody has waited for is
 * marked (waited), so that its deletion can look for those who still do.
 *
 * Who carries a message is always the current thread.  Whatever another thread has
 * to do besides (its own receive phase with senders waiting, a page fault of its
 * space) it does itself, when it is chosen to run: thread.cont.
 */
#include "waiting.h"

#include "core/binding.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/domain.h"
#include "core/sched.h"
#include "core/trace.h"
#include "debug/panic.h"
#include "transfer.h"

/* ---- receiving ---- */

static bool is_closed(word_t from)
{
    return from != ANYTHREAD && from != ANYLOCAL && from != id_notify();
}

static bool accepts(const struct thread *dst, const struct thread *src)
{
    word_t from = dst->recv_from;

    if (dst->state != THREAD_RECEIVING || from == dst->id)
        return false;
    if (from == ANYTHREAD || from == src->id)
        return true;
    if (from == ANYLOCAL)
        return src->space && src->space == dst->space;
    return src->flags & TF_VIRTUAL && from == src->virtual_sender;
}

/* The first queued sender that t's receive phase accepts. */
static struct thread *find_sender(struct thread *t)
{
    struct thread *found = NULL, *s;

    if (!(t->pending & PENDING_SENDER))
        return NULL;
    lock_take(&t->senders_lock);
    if (is_closed(t->recv_from) && !(t->pending & PENDING_VIRTUAL)) {
        s = thread_find(t->recv_from);
        if (s && s->state == THREAD_SENDING && s->partner == t && accepts(t, s))
            found = s;
    } else {
        for (struct list *l = t->senders.next; l != &t->senders && !found; l = l->next) {
            s = container_of(l, struct thread, link);
            if (accepts(t, s))
                found = s;
        }
    }
    lock_give(&t->senders_lock);
    return found;
}

static void wait_for_message(struct thread *t)
{
    struct thread *partner;
    bool zero;
    u64 deadline = ipc_deadline(t->recv_timeout, &zero);

    if (zero) {
        ipc_fail(t, PHASE_RECEIVE, IPC_TIMEOUT, 0, 0);
        return;
    }
    if (is_closed(t->recv_from)) {
        partner = thread_find(t->recv_from);
        if (partner)
            partner->waited = true;
    }
    wait_arm(t, deadline);
    sched_block(t);
}

static void carry(struct thread *src, struct thread *dst);

/* The processors of a sender, and of whom it sends for. */
static void own_sender(const struct thread *s)
{
    const struct thread *v = s->flags & TF_VIRTUAL ? thread_find(s->virtual_sender) : NULL;

    cpu_own(s->cpu);
    if (v)
        cpu_own(v->cpu);
}

/* Somebody waits to send to t, which is about to receive. */
static bool take_sender(struct thread *t)
{
    struct thread *s = find_sender(t);

    if (!s)
        return false;
    if (t != this_cpu()->current) { /* it will see to it itself */
        if (t->kipc == KIPC_IRQ)
            return false;
        t->cont = CONT_RECEIVE;
        sched_wake(t);
        return true;
    }
    t->state = THREAD_READY;
    t->cont = CONT_RECEIVE;
    own_sender(s);
    t->cont = CONT_NONE;
    t->state = THREAD_RECEIVING;
    s = find_sender(t); /* until its processor stood still, it may have gone, or another come */
    if (!s)
        return false;
    t->cont = CONT_RECEIVE;
    t->state = THREAD_READY;
    own_sender(s);
    t->cont = CONT_NONE;
    t->state = THREAD_RECEIVING;
    carry(s, t);
    return true;
}

/* Whether t waits for one thread only, which does not exist, or not for t. */
static bool waits_for_nobody(const struct thread *t)
{
    const struct thread *partner;

    if (!is_closed(t->recv_from))
        return false;
    partner = thread_find(t->recv_from);
    return !partner || (!t->kipc && !ipc_reaches(t, partner));
}

/* The receive phase of t, which is in no queue. */
static void receive(struct thread *t)
{
    t->state = THREAD_RECEIVING;
    if (waits_for_nobody(t)) {
        ipc_fail(t, PHASE_RECEIVE, IPC_NO_PARTNER, 0, 0);
        return;
    }
    if (t->pending) {
        wait_update_pending(t);
        if (t->notify_bits && ipc_deliver_bits(t))
            return;
        if (take_sender(t))
            return;
    }
    wait_for_message(t);
}

void ipc_receive_again(struct thread *t)
{
    t->cont = CONT_NONE;
    receive(t);
}

/* ---- transfers ---- */

/* A virtual sender that waits for t from now on waits for dst, who has its message. */
static void redirect_wait(const struct thread *t, struct thread *dst)
{
    struct thread *v = t->flags & TF_VIRTUAL ? thread_find(t->virtual_sender) : NULL;

    if (!v || v->state != THREAD_RECEIVING || v->kipc || v->recv_from != t->id || v == dst)
        return;
    v->recv_from = dst->id;
    dst->waited = true;
}

/* src has sent; now it receives, or is done. */
static void delivered(struct thread *src, struct thread *dst)
{
    word_t from = src->recv_from;
    enum handover how = WAKE;

    if (src == this_cpu()->current && dst->cpu == src->cpu && from != NILTHREAD &&
        src->recv_timeout != L4_TIME_ZERO)
        how = from == dst->id ? CALL : REPLY;
    src->sent++;
    redirect_wait(src, dst);
    /* With a receive phase to come, the partner goes on at once. */
    src->state = from == NILTHREAD ? THREAD_READY : THREAD_RECEIVING;
    ipc_received(src, dst, how);
    if (from != NILTHREAD) {
        src->flags &= (u8) ~(TF_VIRTUAL | TF_REDIRECTED);
        receive(src);
        return;
    }
    ipc_go_on(src);
    arch_ipc_result(src, NILTHREAD);
    sched_wake(src);
}

void ipc_transfer_end(struct thread *src, struct thread *dst)
{
    if (src->kipc)
        return;
    if (src->transfer.timed) {
        src->transfer.timed = NOT_TIMED;
        wait_disarm(src);
    }
    if (dst->transfer.partner == src)
        dst->transfer.partner = NULL;
    src->transfer.partner = NULL;
    src->transfer.done = 0;
    src->transfer.item = 0;
}

void ipc_transfer_fail(struct thread *src, struct thread *dst, enum ipc_error e, word_t tag)
{
    word_t offset = src->kipc ? 0 : src->transfer.offset;
    enum ipc_error for_src = e, for_dst = e;

    if (e == IPC_XFER_TIMEOUT && src->transfer.timed == TIMED_BY_RECEIVER)
        for_src = IPC_XFER_TIMEOUT_PARTNER;
    else if (e == IPC_XFER_TIMEOUT)
        for_dst = IPC_XFER_TIMEOUT_PARTNER;
    else if (e == IPC_ABORTED && dst->kipc)
        for_dst = IPC_CANCELLED;
    ipc_transfer_end(src, dst);
    ipc_fail(dst, PHASE_RECEIVE, for_dst, tag, offset);
    ipc_fail(src, PHASE_SEND, for_src, tag, offset);
}

/* Carry src's message to dst, as far as it goes. */
static void carry(struct thread *src, struct thread *dst)
{
    word_t tag;
    int e;

    wait_end(src);
    wait_end(dst);
    e = transfer(src, dst, &tag);
    if (e == TRANSFER_STOPPED)
        return;
    if (e) {
        ipc_transfer_fail(src, dst, (enum ipc_error)e, tag);
        return;
    }
    trace(L4_TRACE_IPC, src, id_number(dst->id), tag);
    ipc_transfer_end(src, dst);
    delivered(src, dst);
}

/* t, which is current, goes on carrying; the other one has waited. */
void ipc_transfer_again(struct thread *t)
{
    struct thread *other = t->transfer.partner;

    cpu_own(other->cpu);
    if (t->transfer.sends) {
        own_sender(t);
        t->cont = CONT_NONE;
        carry(t, other);
    } else {
        own_sender(other);
        t->cont = CONT_NONE;
        carry(other, t);
    }
}

void ipc_fault_again(struct thread *t)
{
    ipc_kernel_call(t, KIPC_STRING_FAULT, t->utcb->pager);
}

/* ---- sending ---- */

bool ipc_reaches(const struct thread *t, const struct thread *dst)
{
    if (!t->space || t->space == dst->space || (dst->kipc == KIPC_IRQ && dst->fault_addr == t->id))
        return true;
    if (dst->kipc && dst->state == THREAD_RECEIVING && dst->recv_from == t->id)
        return true; /* the kernel has asked in its name, and awaits an answer */
    return domain_in(domain_reach(t->domain), dst->domain);
}

/* Where a message of t's to `to` goes: there, or to the redirector of its space; NULL: nowhere. */
static struct thread *destination(struct thread *t, word_t to)
{
    struct thread *dst = thread_find(to);

    if (!dst || dst == t || !ipc_reaches(t, dst))
        return NULL;
    if (unlikely(t->space && t->space->redirector) && dst->space != t->space &&
        dst->kipc != KIPC_IRQ && dst->id != t->space->redirector) {
        t->flags |= TF_REDIRECTED;
        dst = thread_find(t->space->redirector);
    }
    return dst == t ? NULL : dst;
}

void ipc_set_identity(struct thread *t, const struct thread *dst)
{
    struct thread *v;

    if (t->kipc || !(utcb_mr(t->utcb)[0] & TAG_PROPAGATED))
        return;
    v = thread_find(t->utcb->sender);
    if (!v || !v->space || v == t)
        return;
    if (v->space == t->space || t->space == dst->space || v->space->redirector == t->id) {
        t->virtual_sender = v->id;
        t->flags |= TF_VIRTUAL;
    }
}

static void queue_sender(struct thread *t, struct thread *dst, u16 time)
{
    bool zero;
    u64 deadline = ipc_deadline(time, &zero);

    if (zero) {
        ipc_fail(t, PHASE_SEND, IPC_TIMEOUT, 0, 0);
        return;
    }
    wait_in_queue(t, dst);
    wait_arm(t, deadline);
    sched_block(t);
}

static void send(struct thread *t, word_t to, u16 time)
{
    struct thread *dst = destination(t, to);

    if (!dst) {
        ipc_fail(t, PHASE_SEND, IPC_NO_PARTNER, 0, 0);
        return;
    }
    ipc_set_identity(t, dst);
    if (!t->kipc) {
        t->transfer = (struct transfer){.buffer = 1};
        t->cont = CONT_CALL;
    }
    cpu_own(dst->cpu);
    own_sender(t);
    t->cont = CONT_NONE;
    if (accepts(dst, t)) {
        carry(t, dst);
    } else {
        queue_sender(t, dst, time);
    }
}

void ipc_start(struct thread *t, word_t to, word_t from, word_t timeouts)
{
    t->recv_from = from;
    t->recv_timeout = (u16)timeouts;
    t->flags &= (u8) ~(TF_VIRTUAL | TF_REDIRECTED);
    if (to != NILTHREAD)
        send(t, to, (u16)(timeouts >> 16));
    else if (from != NILTHREAD)
        receive(t);
    else
        arch_ipc_result(t, NILTHREAD);
}

void ipc_kernel_call(struct thread *t, enum kernel_ipc kind, word_t handler)
{
    const struct thread *dst = destination(t, handler);

    if (handler == NILTHREAD) {
        kprintf("almond: thread %lx stopped at ip %lx: nobody handles its fault\n", t->id,
                frame_ip(&t->frame));
        t->cont = CONT_NONE;
        t->state = THREAD_STOPPED;
        sched_block(t);
        return;
    }
    if (dst)
        cpu_own(dst->cpu);
    t->cont = CONT_NONE;
    t->kipc = (u8)kind;
    ipc_start(t, handler, handler, 0);
}

void ipc_wait_for_start(struct thread *t, word_t pager)
{
    t->kipc = KIPC_START;
    t->recv_from = pager;
    t->recv_timeout = 0;
    t->state = THREAD_RECEIVING;
    if (thread_find(pager) && !(t->pending && take_sender(t)))
        wait_for_message(t);
}

void ipc_interrupt(struct thread *t)
{
    const struct thread *dst = thread_find(t->fault_addr);

    if (dst)
        cpu_own(dst->cpu);
    ipc_start(t, t->fault_addr, t->fault_addr, 0);
}
