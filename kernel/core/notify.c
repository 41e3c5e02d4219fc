/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: bits that are gathered until their thread takes them. */
#include "waiting.h"

#include "core/binding.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/sched.h"
#include "l4/almond.h"
#include "virt/virt.h"

word_t ipc_take_bits(struct thread *t)
{
    word_t bits = atomic_take(&t->notify_bits);

    wait_update_pending(t);
    return bits;
}

bool ipc_deliver_bits(struct thread *t)
{
    word_t *mr;

    if (t->state != THREAD_RECEIVING || t->kipc ||
        (t->recv_from != ANYTHREAD && t->recv_from != id_notify()))
        return false;
    wait_end(t);
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
    if (t->notify_bits && !ipc_deliver_bits(t)) {
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
