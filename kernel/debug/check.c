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
    unsigned queued, sending, waiting, armed, pages, ports;
    word_t slab_bytes, expected[ACCOUNTS];
    unsigned vcpus[ACCOUNTS];
} sum;

static word_t vcpu_bytes;  /* charged for one, without its FPU area: seen, not known */
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

static void check_ipc(const struct thread *t)
{
    bool linked = !list_empty(&t->ipc_link);

    for (struct list *l = t->senders.next; l != &t->senders; l = l->next, sum.sending--) {
        const struct thread *s = container_of(l, struct thread, ipc_link);

        REQUIRE(s->state == THREAD_SENDING && s->partner == t, s);
    }
    for (struct list *l = t->receivers.next; l != &t->receivers; l = l->next, sum.waiting--) {
        const struct thread *r = container_of(l, struct thread, ipc_link);

        REQUIRE(r->state == THREAD_RECEIVING && r->partner == t && r->recv_from == t->id, r);
    }
    REQUIRE(linked == (t->partner != NULL), t);
    REQUIRE(linked || t->state != THREAD_SENDING, t);
    REQUIRE(!linked || t->state == THREAD_SENDING || t->state == THREAD_RECEIVING, t);
    sum.sending += t->state == THREAD_SENDING;
    sum.waiting += linked && t->state == THREAD_RECEIVING;
    if (t->timeout.armed)
        REQUIRE(t->state == THREAD_SENDING || t->state == THREAD_RECEIVING, t);
    if (t->kipc && t->kipc != KIPC_IRQ)
        REQUIRE(t->state == THREAD_SENDING || t->state == THREAD_RECEIVING, t);
    sum.armed += t->timeout.armed;
}

static void check_running(const struct thread *t)
{
    const struct cpu *cpu = this_cpu();

    REQUIRE(!t->queued || thread_runnable(t), t);
    REQUIRE(t->queued || !thread_runnable(t) || t == cpu->current, t);
    REQUIRE(t->queued == !list_empty(&t->ready_link), t);
    if (t == cpu->current && !cpu->resched)
        REQUIRE(!t->queued && thread_runnable(t), t);
    sum.queued += t->queued;
}

static void check_vcpu(const struct thread *t)
{
    const struct vcpu *v = t->vcpu;

    REQUIRE(v || (!t->in_guest && t->state != THREAD_SLEEPING), t);
    REQUIRE(!t->in_guest || t->state == THREAD_READY, t);
    if (!v)
        return;
    REQUIRE(v->thread == t && v->space->vm && !list_empty(&v->space_link), t);
    REQUIRE(v->account == t->space->account, t);
    sum.armed += v->timeout.armed;
    sum.vcpus[v->account - accounts]++;
    charge_fpu(v->account);
}

static void check_thread(const struct thread *t)
{
    struct account *a = t->space ? t->space->account : &accounts[0];

    REQUIRE(thread_find(t->id) == t, t);
    REQUIRE(!t->space == (t->kipc == KIPC_IRQ), t);
    if (t->space)
        REQUIRE(!t->utcb == (t->state == THREAD_INACTIVE), t);
    if (t->utcb) {
        struct pt_leaf l = pt_lookup(t->space, t->utcb_addr - UTCB_MR0_BYTES);
        word_t offset = (t->utcb_addr - UTCB_MR0_BYTES) & (PAGE_SIZE - 1);

        REQUIRE(l.pte && pt_pinned(&l), t);
        REQUIRE((char *)t->utcb == (char *)phys_to_virt(pt_address(&l)) + offset, t);
    }
    check_ipc(t);
    check_running(t);
    check_vcpu(t);
    charge(a, sizeof(*t), sizeof(*t));
    if (t->fpu)
        charge_fpu(a);
}

static void check_queues(void)
{
    const struct sched_queue *q = &this_cpu()->ready;

    for (unsigned i = 0; i < 256; i++) {
        bool bit = q->bitmap[i / WORD_BITS] >> i % WORD_BITS & 1;

        if (bit == list_empty(&q->queue[i]))
            panic("check: ready queue %u and its bit", i);
        for (struct list *l = q->queue[i].next; l != &q->queue[i]; l = l->next, sum.queued--) {
            const struct thread *t = container_of(l, struct thread, ready_link);

            REQUIRE(t->queued && t->priority == i, t);
        }
    }
}

/* ---- time ---- */

/* The next of a heap in some order; *up: it is not a child of t. */
static const struct timeout *heap_next(const struct timeout *t)
{
    if (t->child)
        return t->child;
    while (t && !t->next) {
        while (t->prev && t->prev->child != t)
            t = t->prev;
        t = t->prev;
    }
    return t ? t->next : NULL;
}

static void check_timeouts(void)
{
    const struct cpu *cpu = this_cpu();

    sum.armed += cpu->slice_end.armed;
    for (const struct timeout *t = cpu->timeouts; t; t = heap_next(t), sum.armed--) {
        if (!t->armed)
            panic("check: a timeout that is not armed is in the heap");
        for (const struct timeout *c = t->child; c; c = c->next)
            if (c->when < t->when || (c->next && c->next->prev != c))
                panic("check: the heap of timeouts");
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
    unsigned n = 0, tables;

    for (struct list *l = s->threads.next; l != &s->threads; l = l->next, n++) {
        const struct thread *t = container_of(l, struct thread, space_link);

        REQUIRE(t->space == s && (!t->utcb || (s->initialised && !s->vm)), t);
    }
    if (n != s->thread_count)
        panic("check: a space of %u threads has %u", s->thread_count, n);
    charge(s->account, sizeof(*s), sizeof(*s));
    if (s->pt_root) {
        tables = check_tables(s, check_page);
        charge(s->account, tables * check_table_bytes(), tables * check_table_slab_bytes());
    }
    check_ports(s);
}

#define DEPTHS 256

static void check_memory(void)
{
    static u64 start[DEPTHS], end[DEPTHS]; /* of the last mapping of each depth */
    const struct mapping *prev = memory_root, *m;

    start[0] = 0;
    end[0] = ~(u64)0;
    for (; (m = mapping_next(prev)); prev = m, sum.pages--) {
        struct space *s = mapping_space(m);
        struct pt_leaf l;
        u64 pa;

        if (mapping_prev(m) != prev || m->depth == 0 || m->depth > prev->depth + 1)
            panic("check: mapping of %lx, depth %u, behind one of depth %u", m->where, m->depth,
                  prev->depth);
        l = mapping_leaf(m);
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
    }
    if (sum.pages)
        panic("check: %u pages are not in the list", sum.pages);
}

static void check_port_list(void)
{
    const struct mapping *prev = port_root, *m;

    for (; (m = mapping_next(prev)); prev = m) {
        struct space *s = mapping_space(m);

        if (mapping_prev(m) != prev || m->depth == 0 || m->depth > prev->depth + 1)
            panic("check: mapping of port %lx", m->where >> PAGE_SHIFT);
        if (!s->ports || !arch_io_test(s, (u16)(m->where >> PAGE_SHIFT)))
            panic("check: port %lx is mapped but not open", m->where >> PAGE_SHIFT);
        charge(s->account, sizeof(*m), sizeof(*m));
    }
}

/* ---- who pays ---- */

static void check_accounts(void)
{
    word_t used = 0, pool = kmem_total() - kmem_free_bytes();

    for (unsigned i = 0; i < ACCOUNTS; i++) {
        word_t expected = sum.expected[i], vcpus = sum.vcpus[i];

        used += accounts[i].used;
        if (vcpus && i > 0 && !vcpu_bytes)
            vcpu_bytes = (accounts[i].used - expected) / vcpus;
        sum.slab_bytes += vcpus * (vcpu_bytes % PAGE_SIZE);
        if (i > 0 && accounts[i].used != expected + vcpus * vcpu_bytes)
            panic("check: account %u is charged %lu bytes for %lu and %lu vCPUs", i,
                  accounts[i].used, expected, vcpus);
        if (i == 0 && vcpus && !vcpu_bytes)
            return; /* not known yet */
    }
    sum.slab_bytes += 2 * sizeof(struct mapping); /* the roots */
    if (!unexplained)
        unexplained = pool + sum.slab_bytes - used;
    if (pool + sum.slab_bytes - used != unexplained)
        panic("check: %lu bytes of the pool are taken, %lu charged, %lu of them in slabs", pool,
              used, sum.slab_bytes);
}

static void check_all(void)
{
    memset(&sum, 0, sizeof(sum));
    for (struct thread *t = thread_next(0); t; t = thread_next(id_number(t->id) + 1)) {
        check_thread(t);
        if (t->space && t->space->threads.next == &t->space_link)
            check_space(t->space);
    }
    check_queues();
    check_timeouts();
    if (sum.queued || sum.sending || sum.waiting || sum.armed)
        panic("check: %d ready, %d sending, %d waiting, %d timeouts too many", sum.queued,
              sum.sending, sum.waiting, sum.armed);
    check_memory();
    check_port_list();
    check_accounts();
}

void check_kernel(void)
{
    static unsigned count;

    if (++count % CHECK_PERIOD == 0)
        check_all();
}

void check_poison(void *p, size_t n)
{
    memset(p, 0xdb, n);
}
