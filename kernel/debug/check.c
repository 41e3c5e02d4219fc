/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What holds whenever the kernel is about to leave: who is in which queue, which
 * mapping stands behind which page, who pays for what.  A violation is a panic.
 */
#include "debug/check.h"

#include "../core/mapping.h"
#include "arch/check.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpage.h"
#include "core/fpu.h"
#include "core/sched.h"
#include "core/utcb.h"
#include "debug/panic.h"
#include "virt/vcpu.h"

#ifndef CHECK_PERIOD
#define CHECK_PERIOD 509 /* kernel exits */
#endif

#define REQUIRE(condition, t)                                                                      \
    do {                                                                                           \
        if (unlikely(!(condition)))                                                                \
            panic("check: thread %lx: %s (state %u, ipc %u)", (t)->id, #condition, (t)->state,     \
                  (t)->kipc);                                                                      \
    } while (0)

/* What the walks count, to be compared with each other. */
static struct {
    unsigned queued, sending, armed, pages, ports, markers;
    word_t slab_bytes, expected[ACCOUNTS];
} sum;

static word_t unexplained; /* pages of the pool that nobody is charged with: the page book */

static void charge(struct account *a, word_t bytes, word_t in_slab)
{
    sum.expected[a - accounts] += bytes;
    sum.slab_bytes += in_slab;
}

static void charge_fpu(struct account *a)
{
    word_t bytes = fpu_area_size();

    charge(a, bytes, bytes < PAGE_SIZE ? bytes : 0);
}

/* ---- threads ---- */

/* Its own message, which has stopped in the middle: the other one is in the same transfer. */
static void check_transfer(const struct thread *t)
{
    const struct thread *p = t->transfer.partner;

    if (!p)
        return;
    REQUIRE(t->state == THREAD_TRANSFER || t->cont == CONT_TRANSFER || t->cont == CONT_FAULT ||
                t->kipc == KIPC_STRING_FAULT || t->state == THREAD_STOPPED,
            t); /* the last: nobody handles its fault */
    if (t->transfer.sends)
        REQUIRE(p->kipc || p->transfer.partner == t, t);
    else
        REQUIRE(p->transfer.partner == t && p->transfer.sends, t);
}

static void check_ipc(const struct thread *t)
{
    for (struct list *l = t->senders.next; l != &t->senders; l = l->next, sum.sending--) {
        const struct thread *s = container_of(l, struct thread, link);

        REQUIRE(s->state == THREAD_SENDING && s->partner == t, s);
    }
    REQUIRE(list_empty(&t->senders) || t->pending, t);
    if (t->state == THREAD_SENDING)
        REQUIRE(t->partner && !list_empty(&t->link), t);
    if (t->state == THREAD_TRANSFER)
        REQUIRE(t->partner != NULL, t);
    sum.sending += t->state == THREAD_SENDING;
    REQUIRE(!!(t->flags & TF_TIMEOUT) == t->timeout.armed, t);
    if (t->timeout.armed)
        REQUIRE(t->state == THREAD_SENDING || t->state == THREAD_RECEIVING || t->transfer.timed, t);
    if (t->kipc && t->kipc != KIPC_IRQ)
        REQUIRE(t->state == THREAD_SENDING || t->state == THREAD_RECEIVING ||
                    t->state == THREAD_TRANSFER || t->cont == CONT_RECEIVE,
                t);
    if (t->cont == CONT_UNMAP || t->cont == CONT_ATTRIBUTES)
        sum.markers += mapping_is_marker(&t->marker);
    else
        check_transfer(t);
    sum.armed += t->timeout.armed;
}

static void check_running(const struct thread *t)
{
    const struct cpu *cpu = cpu_of(t);

    REQUIRE(!t->queued || thread_runnable(t), t);
    REQUIRE(t->queued || !thread_runnable(t) || t == cpu->current, t);
    REQUIRE(!t->queued || !list_empty(&t->link), t);
    if (t == cpu->current && !(cpu->todo & TODO_RESCHED))
        REQUIRE(!t->queued && thread_runnable(t), t);
    sum.queued += t->queued;
}

static void check_vcpu(const struct thread *t)
{
    const struct vcpu *v = t->vcpu;
    bool in_guest = t->flags & TF_GUEST;

    REQUIRE(v || (!in_guest && t->state != THREAD_SLEEPING), t);
    REQUIRE(!in_guest || t->state == THREAD_READY, t);
    if (!v)
        return;
    REQUIRE(v->thread == t && !list_empty(&v->space_link), t);
    REQUIRE(v->space->vm == !v->kind->user_mode && v->space->initialised, t);
    REQUIRE(v->account == t->space->account, t);
    sum.armed += v->timeout.armed;
    charge(v->account, v->kind->size + v->kind->pages * PAGE_SIZE, v->kind->size);
    charge_fpu(v->account);
}

static void check_utcb(const struct thread *t)
{
    struct pt_leaf l = pt_lookup(t->space, t->utcb_addr - UTCB_MR0_BYTES);
    word_t offset = (t->utcb_addr - UTCB_MR0_BYTES) & (PAGE_SIZE - 1);

    REQUIRE(l.pte && pt_pinned(&l), t);
    REQUIRE((char *)t->utcb == (char *)phys_to_virt(pt_address(&l)) + offset, t);
    REQUIRE(space_utcb_taken(t->space, t->utcb_addr - UTCB_MR0_BYTES), t);
}

static void check_thread(const struct thread *t)
{
    struct account *a = t->space ? t->space->account : &accounts[0];

    charge(a, sizeof(*t), sizeof(*t));
    if (!t->id) /* on the way out */
        return;
    REQUIRE(thread_find(t->id) == t && t->cpu < cpu_count, t);
    REQUIRE(!t->space == (t->kipc == KIPC_IRQ), t);
    if (t->space) {
        REQUIRE(!t->utcb == (t->state == THREAD_INACTIVE), t);
        REQUIRE(!t->utcb || t->domain == t->space->account - accounts, t);
        REQUIRE(!t->utcb || t->table == t->space->table, t);
    }
    if (t->utcb)
        check_utcb(t);
    check_ipc(t);
    check_running(t);
    check_vcpu(t);
    if (t->fpu)
        charge_fpu(a);
}

static void check_queues(const struct cpu *cpu)
{
    const struct sched_queue *q = &cpu->ready;
    u32 highest = 0;

    for (unsigned i = 0; i < 256; i++) {
        bool bit = q->bitmap[i / WORD_BITS] >> i % WORD_BITS & 1;

        if (bit == list_empty(&q->queue[i]))
            panic("check: ready queue %u and its bit", i);
        highest = bit ? i : highest;
        for (struct list *l = q->queue[i].next; l != &q->queue[i]; l = l->next, sum.queued--) {
            const struct thread *t = container_of(l, struct thread, link);

            REQUIRE(t->queued && t->priority == i && t->cpu == cpu->number, t);
        }
    }
    if (cpu->highest != highest || cpu->gate != (cpu->work ? GATE_CLOSED : highest))
        panic("check: the highest priority is %u, not %u", highest, cpu->highest);
}

/* ---- time ---- */

/* The next of a heap in some order. */
static const struct timeout *heap_next(const struct timeout *t)
{
    const struct timeout *prev;

    if (t->child)
        return kptr_deref(t->child);
    while (t && !t->next) {
        while ((prev = kptr_deref(t->prev)) && kptr_deref(prev->child) != t)
            t = prev;
        t = prev;
    }
    return t ? kptr_deref(t->next) : NULL;
}

static void check_timeouts(const struct cpu *cpu)
{
    for (const struct timeout *t = cpu->timeouts; t; t = heap_next(t), sum.armed--) {
        if (!t->armed)
            panic("check: a timeout that is not armed is in the heap");
        for (const struct timeout *c = kptr_deref(t->child), *n; c; c = n) {
            n = kptr_deref(c->next);
            if (c->when < t->when || (n && kptr_deref(n->prev) != c))
                panic("check: the heap of timeouts");
        }
    }
}

/* ---- spaces and mappings ---- */

static void check_page(struct space *s, const struct pt_leaf *l)
{
    const struct mapping *m = kptr_deref(*l->node);

    if (pt_pinned(l)) {
        if (!s->vm && l->va - s->utcb_base < s->utcb_size)
            charge(s->account, PAGE_SIZE, 0);
        return;
    }
    if (!m || mapping_space(m) != s || mapping_va(m) != l->va || mapping_log2(m) != l->log2)
        panic("check: page %lx of 2^%u and its mapping %lx", l->va, l->log2, m ? m->where : 0);
    sum.pages++;
}

static void check_ports(const struct space *s)
{
    void *const *chunk = (void *const *)s->ports; /* struct io_book */

    if (s->io)
        charge(s->account, 2 * PAGE_SIZE, 0);
    if (!chunk)
        return;
    charge(s->account, PAGE_SIZE, 0);
    for (unsigned i = 0; i < 65536 / (PAGE_SIZE / sizeof(kptr_t)); i++)
        if (chunk[i])
            charge(s->account, PAGE_SIZE, 0);
}

static void check_space(struct space *s)
{
    unsigned tables;

    charge(s->account, sizeof(*s), sizeof(*s));
    if (s->pt_root) {
        tables = check_tables(s, check_page);
        charge(s->account, tables * check_table_bytes(), tables * check_table_slab_bytes());
    }
    check_ports(s);
}

#define DEPTHS 256

static void check_page_mapping(const struct mapping *m, u64 start[], u64 end[])
{
    struct space *s = mapping_space(m);
    struct pt_leaf l = mapping_leaf(m);
    u64 pa;

    if (!l.pte || kptr_deref(*l.node) != m || l.log2 != mapping_log2(m))
        panic("check: mapping of %lx and its page", m->where);
    pa = pt_address(&l).v;
    if (m->depth < DEPTHS) {
        if (pa < start[m->depth - 1] || pa + (1UL << l.log2) > end[m->depth - 1])
            panic("check: mapping of %lx is no part of its parent", m->where);
        start[m->depth] = pa;
        end[m->depth] = pa + (1UL << l.log2);
    }
    charge(s->account, sizeof(*m), sizeof(*m));
    sum.pages--;
}

static void check_memory(void)
{
    static u64 start[DEPTHS], end[DEPTHS]; /* of the last mapping of each depth */
    const struct mapping *prev = memory_root, *raw = prev, *m;

    start[0] = 0;
    end[0] = ~(u64)0;
    for (; (m = list_next(raw))->next; raw = m) {
        if (list_prev(m) != raw)
            panic(
                "check: the list of mappings: %lx (depth %x) behind %lx (depth %x), not behind %lx",
                (word_t)m, m->depth, (word_t)raw, raw->depth, (word_t)list_prev(m));
        if (mapping_is_marker(m)) {
            sum.markers--;
            continue;
        }
        if (m->depth == 0 || m->depth > prev->depth + 1)
            panic("check: mapping of %lx, depth %u, behind one of depth %u", m->where, m->depth,
                  prev->depth);
        check_page_mapping(m, start, end);
        prev = m;
    }
    if (sum.pages || sum.markers)
        panic("check: %u pages and %u markers are not in the list", sum.pages, sum.markers);
}

static void check_port_list(void)
{
    const struct mapping *prev = port_root, *m;

    for (; (m = list_next(prev))->next; prev = m) {
        struct space *s = mapping_space(m);

        if (list_prev(m) != prev || m->depth == 0 || m->depth > prev->depth + 1)
            panic("check: mapping of port %lx", m->where >> PAGE_SHIFT);
        if (!s->ports || !arch_io_test(s, (u16)(m->where >> PAGE_SHIFT)))
            panic("check: port %lx is mapped but not open", m->where >> PAGE_SHIFT);
        charge(s->account, sizeof(*m), sizeof(*m));
    }
}

/* ---- who pays ---- */

static void check_accounts(void)
{
    word_t used = 0, pool = kmem_total() - kmem_free_bytes() - kmem_slab_bytes(), rest;

    for (unsigned i = 0; i < ACCOUNTS; i++) {
        word_t expected = sum.expected[i], charged = account_used(&accounts[i]);

        used += charged;
        if (i > 0 && charged != expected)
            panic("check: account %u is charged %lu bytes for %lu", i, charged, expected);
    }
    rest = pool + sum.slab_bytes -
           used; /* the page book, less what the kernel has for itself in slabs */
    if (!unexplained)
        unexplained = rest;
    if (rest != unexplained)
        panic("check: %lu bytes of the pool are taken, %lu charged, %lu of them in slabs", pool,
              used, sum.slab_bytes);
}

static u32 check_round;

static bool first_time(struct space *s)
{
    if (s->check_mark == check_round)
        return false;
    s->check_mark = check_round;
    return true;
}

static void check_all(void)
{
    memset(&sum, 0, sizeof(sum));
    check_round++;
    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1)) {
        check_thread(t);
        if (t->space && first_time(t->space))
            check_space(t->space);
    }
    for (unsigned n = 0; n < cpu_count; n++) {
        check_queues(cpus[n]);
        check_timeouts(cpus[n]);
    }
    if (sum.queued || sum.sending || sum.armed)
        panic("check: %d ready, %d sending, %d timeouts too many", sum.queued, sum.sending,
              sum.armed);
    check_memory();
    check_port_list();
    check_accounts();
}

void check_kernel(void)
{
    static volatile unsigned count;

    if (++count % CHECK_PERIOD)
        return;
    cpus_stop(); /* may start over; then the next one checks */
    check_all();
    cpus_release();
}

void check_poison(void *p, size_t n)
{
    memset(p, 0xdb, n);
}
