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
#include "core/ipc.h"

#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/domain.h"
#include "core/sched.h"
#include "core/trace.h"
#include "debug/panic.h"
#include "l4/almond.h"
#include "transfer.h"
#include "virt/virt.h"

enum phase { PHASE_SEND = 0, PHASE_RECEIVE = 1 };

/* ---- queues and timeouts ---- */

static void update_pending(struct thread *t)
{
    if (list_empty(&t->senders))
        t->pending = 0;
    t->pending = (u8)((t->pending & ~PENDING_NOTIFY) | (t->notify_bits ? PENDING_NOTIFY : 0));
}

static void enqueue_sender(struct thread *t, struct thread *dst)
{
    lock_take(&dst->senders_lock);
    list_append(&dst->senders, &t->link);
    dst->pending |= t->flags & TF_VIRTUAL ? PENDING_SENDER | PENDING_VIRTUAL : PENDING_SENDER;
    lock_give(&dst->senders_lock);
    t->state = THREAD_SENDING;
    t->partner = dst;
}

/* Also by t's own processor, while dst's is not owned. */
static void dequeue_sender(struct thread *t)
{
    struct thread *dst = t->partner;

    lock_take(&dst->senders_lock);
    list_remove(&t->link);
    lock_give(&dst->senders_lock);
    t->state = THREAD_TRANSFER; /* until it is ready, or waits again */
}

static void arm(struct thread *t, u64 deadline)
{
    if (deadline == TIME_NEVER)
        return;
    timeout_set(cpu_of(t), &t->timeout, deadline);
    t->flags |= TF_TIMEOUT;
}

static void disarm(struct thread *t)
{
    if (!(t->flags & TF_TIMEOUT))
        return;
    timeout_cancel(cpu_of(t), &t->timeout);
    t->flags &= (u8)~TF_TIMEOUT;
}

/* t waits no more; the clock of its own message goes on. */
static void stop_waiting(struct thread *t)
{
    if (t->state == THREAD_SENDING)
        dequeue_sender(t);
    t->partner = NULL;
    if (!t->transfer.timed)
        disarm(t);
}

/* ---- how a thread's IPC ends ---- */

static void go_on(struct thread *t)
{
    t->flags &= (u8) ~(TF_VIRTUAL | TF_REDIRECTED);
    t->cont = t->transfer.partner ? CONT_TRANSFER : CONT_NONE;
}

static void set_identity(struct thread *t, const struct thread *dst);

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
    set_identity(t, dst);
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
    go_on(t);
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

static void fail(struct thread *t, enum phase phase, enum ipc_error e, word_t tag, word_t offset)
{
    stop_waiting(t);
    if (t->kipc) {
        fail_kernel_ipc(t, e);
        return;
    }
    go_on(t);
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

enum handover { WAKE, CALL, REPLY };

/* dst has its message. */
static void received(struct thread *src, struct thread *dst, enum handover how)
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

/* ---- notifications ---- */

word_t ipc_take_bits(struct thread *t)
{
    word_t bits = atomic_take(&t->notify_bits);

    update_pending(t);
    return bits;
}

static bool deliver_message(struct thread *t)
{
    word_t *mr;

    if (t->state != THREAD_RECEIVING || t->kipc ||
        (t->recv_from != ANYTHREAD && t->recv_from != id_notify()))
        return false;
    stop_waiting(t);
    mr = utcb_mr(t->utcb);
    mr[0] = L4_NOTIFY_LABEL << 16 | 1;
    mr[1] = ipc_take_bits(t);
    arch_ipc_result(t, id_notify());
    sched_wake(t);
    return true;
}

/* t, of a processor that is owned, has bits: does it wait for them? */
static void deliver_notified(struct thread *t)
{
    if (t->notify_bits && !deliver_message(t)) {
        t->pending |= PENDING_NOTIFY;
        if (t->vcpu)
            vcpu_notified(t);
    }
}

static void push_notified(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);
    struct thread *head = t;

    /* Whoever finds that it is in the list need not do more: its bits are taken with it. */
    if (!__atomic_compare_exchange_n(&t->notify_next, &head, NULL, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST))
        return;
    head = cpu->notified;
    do
        t->notify_next = head;
    while (!__atomic_compare_exchange_n(&cpu->notified, &head, t, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST));
    arch_ipi(cpu->number);
}

void ipc_notify(struct thread *t, word_t bits)
{
    atomic_or(&t->notify_bits, bits);
    if (t->cpu == this_cpu()->number)
        deliver_notified(t);
    else
        push_notified(t);
}

void ipc_take_notified(struct cpu *cpu)
{
    struct thread *t = __atomic_exchange_n(&cpu->notified, NULL, __ATOMIC_SEQ_CST), *next;

    for (; t; t = next) {
        next = t->notify_next;
        __atomic_store_n(&t->notify_next, t, __ATOMIC_SEQ_CST);
        deliver_notified(t);
    }
}

void ipc_drop_notified(struct thread *t)
{
    struct thread *volatile *p = &cpu_of(t)->notified;

    if (t->notify_next == t)
        return;
    while (*p != t)
        p = (struct thread *volatile *)&(*p)->notify_next;
    *p = t->notify_next;
    t->notify_next = t;
}

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
        fail(t, PHASE_RECEIVE, IPC_TIMEOUT, 0, 0);
        return;
    }
    if (is_closed(t->recv_from)) {
        partner = thread_find(t->recv_from);
        if (partner)
            partner->waited = true;
    }
    arm(t, deadline);
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

/* The receive phase of t, which is in no queue. */
static void receive(struct thread *t)
{
    t->state = THREAD_RECEIVING;
    if (is_closed(t->recv_from) && !thread_find(t->recv_from)) {
        fail(t, PHASE_RECEIVE, IPC_NO_PARTNER, 0, 0);
        return;
    }
    if (t->pending) {
        update_pending(t);
        if (t->notify_bits && deliver_message(t))
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
    redirect_wait(src, dst);
    /* With a receive phase to come, the partner goes on at once. */
    src->state = from == NILTHREAD ? THREAD_READY : THREAD_RECEIVING;
    received(src, dst, how);
    if (from != NILTHREAD) {
        src->flags &= (u8) ~(TF_VIRTUAL | TF_REDIRECTED);
        receive(src);
        return;
    }
    go_on(src);
    arch_ipc_result(src, NILTHREAD);
    sched_wake(src);
}

/* The message is through, or will never be. */
static void transfer_end(struct thread *src, struct thread *dst)
{
    if (src->kipc)
        return;
    if (src->transfer.timed) {
        src->transfer.timed = NOT_TIMED;
        disarm(src);
    }
    if (dst->transfer.partner == src)
        dst->transfer.partner = NULL;
    src->transfer.partner = NULL;
    src->transfer.done = 0;
    src->transfer.item = 0;
}

static void transfer_fail(struct thread *src, struct thread *dst, enum ipc_error e, word_t tag)
{
    word_t offset = src->kipc ? 0 : src->transfer.offset;
    enum ipc_error for_src = e, for_dst = e;

    if (e == IPC_XFER_TIMEOUT && src->transfer.timed == TIMED_BY_RECEIVER)
        for_src = IPC_XFER_TIMEOUT_PARTNER;
    else if (e == IPC_XFER_TIMEOUT)
        for_dst = IPC_XFER_TIMEOUT_PARTNER;
    else if (e == IPC_ABORTED && dst->kipc)
        for_dst = IPC_CANCELLED;
    transfer_end(src, dst);
    fail(dst, PHASE_RECEIVE, for_dst, tag, offset);
    fail(src, PHASE_SEND, for_src, tag, offset);
}

/* Carry src's message to dst, as far as it goes. */
static void carry(struct thread *src, struct thread *dst)
{
    word_t tag;
    int e;

    stop_waiting(src);
    stop_waiting(dst);
    e = transfer(src, dst, &tag);
    if (e == TRANSFER_STOPPED)
        return;
    if (e) {
        transfer_fail(src, dst, (enum ipc_error)e, tag);
        return;
    }
    trace(L4_TRACE_IPC, src, id_number(dst->id), tag);
    transfer_end(src, dst);
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

/* As whom may t send to dst?  The virtual sender, if the tag asks for one that is allowed. */
static void set_identity(struct thread *t, const struct thread *dst)
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
        fail(t, PHASE_SEND, IPC_TIMEOUT, 0, 0);
        return;
    }
    enqueue_sender(t, dst);
    arm(t, deadline);
    sched_block(t);
}

static void send(struct thread *t, word_t to, u16 time)
{
    struct thread *dst = destination(t, to);

    if (!dst) {
        fail(t, PHASE_SEND, IPC_NO_PARTNER, 0, 0);
        return;
    }
    set_identity(t, dst);
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

/* ---- interference ---- */

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
        transfer_end(pager, t);
        fail(pager, PHASE_SEND, IPC_ABORTED, utcb_mr(pager->utcb)[0], 0);
    } else {
        stop_waiting(t);
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
    transfer_fail(src, dst, e, tag);
}

void ipc_abort(struct thread *t, enum ipc_error e)
{
    if (t->state == THREAD_TRANSFER && t->kipc) /* it gets the answer to a fault */
        abort_transfer(t->partner, IPC_ABORTED);
    if (t->transfer.partner)
        abort_transfer(t, IPC_ABORTED);
    else if (t->state == THREAD_SENDING)
        fail(t, PHASE_SEND, e, t->kipc ? 0 : utcb_mr(t->utcb)[0], 0);
    else if (t->state == THREAD_RECEIVING || t->cont == CONT_RECEIVE)
        fail(t, PHASE_RECEIVE, e, 0, 0);
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

    for (unsigned n = 1; !list_empty(&t->senders); n++) {
        ipc_abort(list_first(&t->senders, struct thread, link), IPC_NO_PARTNER);
        if (n % FORGET_STEP == 0 && arch_interrupted())
            return false;
    }
    update_pending(t);
    for (unsigned n = 1; t->waited || t->scan; n++) {
        if (!t->scan)
            t->waited = false; /* who begins to wait while this has stopped says so anew */
        r = thread_next(t->scan);
        t->scan = r ? (u32)thread_number(r) + 1 : 0;
        if (r && (r->state == THREAD_RECEIVING || r->cont == CONT_RECEIVE) && r->recv_from == id)
            ipc_abort(r, IPC_NO_PARTNER);
        if (n % FORGET_STEP == 0 && arch_interrupted())
            return false;
    }
    return true;
}

/* ---- time ---- */

/* A time point: the next moment at which the clock's low bits are these (l4-x2 section 1.4). */
static u64 time_point(u16 time, u64 now)
{
    unsigned e = time >> 11 & 0xf;
    u64 m = time & 0x3ff, carry_bit = time >> 10 & 1;
    u64 base = now >> (e + 10) << (e + 10);

    if ((now >> (e + 10) & 1) != carry_bit)
        base += (u64)1 << (e + 10);
    return base + (m << e);
}

u64 ipc_deadline(u16 time, bool *zero)
{
    u64 now, then;

    *zero = time == L4_TIME_ZERO;
    if (time == 0 || *zero)
        return TIME_NEVER;
    if (time & 0x8000) {
        now = api_system_clock();
        then = time_point(time, now);
        *zero = then <= now;
        return arch_us_to_tsc(then);
    }
    return arch_tsc() + arch_us_to_tsc(time_period_us(time));
}
