/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC: rendezvous, waiting, waking.
 *
 * A thread is in at most one list at a time (ipc_link): of the senders that
 * wait for its partner, or of the closed receivers that wait for it.
 */
#include "core/ipc.h"

#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/sched.h"
#include "debug/panic.h"
#include "l4/almond.h"
#include "transfer.h"

enum phase { PHASE_SEND = 0, PHASE_RECEIVE = 1 };

/* ---- how a thread's IPC ends ---- */

static void finish(struct thread *t)
{
    if (t->timeout.armed)
        timeout_cancel(&t->timeout);
    t->partner = NULL;
    list_remove(&t->ipc_link);
}

/* t is done with kernel IPC: it goes on where it was; an interrupt thread rests. */
static void finish_kernel_ipc(struct thread *t)
{
    if (t->kipc == KIPC_IRQ) {
        t->state = THREAD_STOPPED;
        arch_irq_unmask(t->irq);
        return;
    }
    t->kipc = KIPC_NONE;
    sched_wake(t);
}

static void fail(struct thread *t, enum phase phase, enum ipc_error e, word_t tag)
{
    finish(t);
    if (t->kipc) {
        /* Nobody handles the fault: halt, except for a cancelled one, which is tried again. */
        if (t->kipc != KIPC_IRQ && (e == IPC_CANCELLED || e == IPC_ABORTED)) {
            finish_kernel_ipc(t);
        } else {
            if (t->kipc != KIPC_IRQ)
                t->kipc = KIPC_NONE;
            t->state = THREAD_STOPPED;
            sched_block(t);
        }
        return;
    }
    t->utcb->error = (word_t)e << 1 | phase;
    utcb_mr(t->utcb)[0] = tag | TAG_ERROR;
    arch_ipc_result(t, NILTHREAD);
    sched_wake(t);
}

/* The id of src as dst sees it: local within a space. */
static word_t visible_id(const struct thread *src, const struct thread *dst)
{
    const struct thread *s = src;

    if (src->send_as != src->id) {
        s = thread_find(src->send_as);
        if (!s)
            return src->send_as;
    }
    return s->space && s->space == dst->space && s->utcb ? s->utcb_addr : s->id;
}

enum handover { WAKE, CALL, REPLY };

/* dst has its message. */
static void received(struct thread *src, struct thread *dst, enum handover how)
{
    finish(dst);
    if (dst->kipc) {
        finish_kernel_ipc(dst);
        return;
    }
    arch_ipc_result(dst, visible_id(src, dst));
    if (how == WAKE)
        sched_wake(dst);
    else
        sched_donate(dst, how == CALL);
}

/* ---- receiving ---- */

static bool accepts(const struct thread *dst, const struct thread *src)
{
    word_t from = dst->recv_from;

    if (dst->state != THREAD_RECEIVING || from == dst->id)
        return false;
    return from == src->send_as || from == ANYTHREAD || from == src->id ||
           (from == ANYLOCAL && src->space && src->space == dst->space);
}

/* The first queued sender that t's receive phase accepts. */
static struct thread *find_sender(struct thread *t)
{
    for (struct list *l = t->senders.next; l != &t->senders; l = l->next) {
        struct thread *s = container_of(l, struct thread, ipc_link);

        if (accepts(t, s))
            return s;
    }
    return NULL;
}

bool ipc_deliver_notify(struct thread *t)
{
    word_t *mr;

    if (!t->notify_bits || t->state != THREAD_RECEIVING || t->kipc ||
        (t->recv_from != ANYTHREAD && t->recv_from != id_notify()))
        return false;
    finish(t);
    mr = utcb_mr(t->utcb);
    mr[0] = L4_NOTIFY_LABEL << 16 | 1;
    mr[1] = t->notify_bits;
    t->notify_bits = 0;
    arch_ipc_result(t, id_notify());
    sched_wake(t);
    return true;
}

/* t waits, from now on or at all. */
static void wait_for_message(struct thread *t, u16 time)
{
    bool zero;
    u64 deadline = ipc_deadline(time, &zero);
    struct thread *partner;

    if (zero) {
        fail(t, PHASE_RECEIVE, IPC_TIMEOUT, 0);
        return;
    }
    if (t->recv_from != ANYTHREAD && t->recv_from != ANYLOCAL && t->recv_from != id_notify()) {
        partner = thread_find(t->recv_from);
        if (partner && partner != t) {
            t->partner = partner;
            list_append(&partner->receivers, &t->ipc_link);
        }
    }
    if (deadline != TIME_NEVER)
        timeout_set(&t->timeout, deadline);
    sched_block(t);
}

/*
 * The receive phase of t, which is in no queue.  Returns the thread whose send
 * phase this completed and whose own receive phase must start now, if any.
 */
static struct thread *receive_phase(struct thread *t, word_t from, u16 time)
{
    struct thread *s;
    word_t tag;
    enum ipc_error e;

    t->recv_from = from;
    t->state = THREAD_RECEIVING;
    if (from != ANYTHREAD && from != ANYLOCAL && from != id_notify() && !thread_find(from)) {
        fail(t, PHASE_RECEIVE, IPC_NO_PARTNER, 0);
        return NULL;
    }
    if (ipc_deliver_notify(t))
        return NULL;
    s = find_sender(t);
    if (!s) {
        wait_for_message(t, time);
        return NULL;
    }
    e = transfer(s, t, &tag);
    if (e) {
        fail(s, PHASE_SEND, e, tag);
        fail(t, PHASE_RECEIVE, e, tag);
        return NULL;
    }
    finish(s);
    received(s, t, WAKE);
    if (s->recv_from != NILTHREAD)
        return s;
    arch_ipc_result(s, NILTHREAD);
    sched_wake(s);
    return NULL;
}

/* Receive phases one after the other: each may let a queued sender begin its own. */
static void receive_all(struct thread *t, word_t from, u16 time)
{
    struct thread *s = receive_phase(t, from, time);

    while (s)
        s = receive_phase(s, s->recv_from, s->recv_timeout);
}

/* ---- sending ---- */

/* As whom may t send to dst?  Sets send_as: the virtual sender if the tag asks for one that is allowed. */
static void set_identity(struct thread *t, const struct thread *dst)
{
    struct thread *v;

    t->send_as = t->id;
    if (t->kipc || !(utcb_mr(t->utcb)[0] & TAG_PROPAGATED))
        return;
    v = thread_find(t->utcb->sender);
    if (v && v->space && (v->space == t->space || t->space == dst->space))
        t->send_as = v->id;
}

/* A virtual sender that waits for t from now on waits for dst, who has its message. */
static void redirect_wait(const struct thread *t, struct thread *dst)
{
    struct thread *v = t->send_as == t->id ? NULL : thread_find(t->send_as);

    if (!v || v->state != THREAD_RECEIVING || v->partner != t || v == dst)
        return;
    list_remove(&v->ipc_link);
    v->partner = dst;
    v->recv_from = dst->id;
    list_append(&dst->receivers, &v->ipc_link);
}

static void queue_sender(struct thread *t, struct thread *dst, u16 send_time, word_t from,
                         u16 recv_time)
{
    bool zero;
    u64 deadline = ipc_deadline(send_time, &zero);

    if (zero) {
        fail(t, PHASE_SEND, IPC_TIMEOUT, 0);
        return;
    }
    t->state = THREAD_SENDING;
    t->partner = dst;
    t->recv_from = from;
    t->recv_timeout = recv_time;
    list_append(&dst->senders, &t->ipc_link);
    if (deadline != TIME_NEVER)
        timeout_set(&t->timeout, deadline);
    sched_block(t);
}

void ipc_start(struct thread *t, word_t to, word_t from, word_t timeouts)
{
    u16 send_time = (u16)(timeouts >> 16), recv_time = (u16)timeouts;
    struct thread *dst;
    enum ipc_error e;
    word_t tag;

    if (to != NILTHREAD) {
        dst = thread_find(to);
        if (!dst || dst == t) {
            fail(t, PHASE_SEND, IPC_NO_PARTNER, 0);
            return;
        }
        set_identity(t, dst);
        if (!accepts(dst, t)) {
            queue_sender(t, dst, send_time, from, recv_time);
            return;
        }
        e = transfer(t, dst, &tag);
        if (e) {
            fail(dst, PHASE_RECEIVE, e, tag);
            fail(t, PHASE_SEND, e, tag);
            return;
        }
        redirect_wait(t, dst);
        /* With a receive phase to come, the partner goes on at once. */
        t->state = THREAD_RECEIVING;
        received(t, dst,
                 from == NILTHREAD || t != this_cpu()->current || recv_time == 0x400 ? WAKE
                 : from == to                                                        ? CALL
                                                                                     : REPLY);
        if (from == NILTHREAD) {
            arch_ipc_result(t, NILTHREAD);
            t->state = THREAD_READY;
            if (t != this_cpu()->current)
                sched_wake(t);
            return;
        }
    }
    if (from != NILTHREAD)
        receive_all(t, from, recv_time);
    else
        arch_ipc_result(t, NILTHREAD);
}

void ipc_wait_for_start(struct thread *t, word_t pager)
{
    t->kipc = KIPC_START;
    t->recv_from = pager;
    t->state = THREAD_RECEIVING;
    if (find_sender(t))
        receive_all(t, pager, 0);
    else if (thread_find(pager))
        wait_for_message(t, 0);
}

void ipc_interrupt(struct thread *t)
{
    ipc_start(t, t->fault_addr, t->fault_addr, 0);
}

/* ---- interference ---- */

void ipc_abort(struct thread *t, enum ipc_error e)
{
    if (t->state == THREAD_SENDING)
        fail(t, PHASE_SEND, e, t->kipc ? 0 : utcb_mr(t->utcb)[0]);
    else if (t->state == THREAD_RECEIVING)
        fail(t, PHASE_RECEIVE, e, 0);
}

void ipc_forget(struct thread *t)
{
    while (!list_empty(&t->senders))
        ipc_abort(list_first(&t->senders, struct thread, ipc_link), IPC_NO_PARTNER);
    while (!list_empty(&t->receivers))
        ipc_abort(list_first(&t->receivers, struct thread, ipc_link), IPC_NO_PARTNER);
}

/* ---- time ---- */

/* A time point: the next moment at which the clock's low bits are these (l4-x2 section 1.4). */
static u64 time_point(u16 time, u64 now)
{
    unsigned e = time >> 11 & 0xf;
    u64 m = time & 0x3ff, carry = time >> 10 & 1;
    u64 base = now >> (e + 10) << (e + 10);

    if ((now >> (e + 10) & 1) != carry)
        base += (u64)1 << (e + 10);
    return base + (m << e);
}

u64 ipc_deadline(u16 time, bool *zero)
{
    u64 now;

    *zero = time == 0x0400;
    if (time == 0 || *zero)
        return TIME_NEVER;
    if (time & 0x8000) {
        now = api_system_clock();
        u64 then = time_point(time, now);
        *zero = then <= now;
        return arch_us_to_tsc(then);
    }
    return arch_tsc() + arch_us_to_tsc((u64)(time & 0x3ff) << (time >> 10 & 0x1f));
}
