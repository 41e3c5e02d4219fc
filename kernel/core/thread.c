/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of threads, two levels by thread number, and threads' lives.
 */
#include "core/thread.h"

#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "core/utcb.h"
#include "debug/panic.h"
#include "virt/virt.h"

#define LEAF_BITS 9
#define LEAVES    (1u << (THREAD_BITS - LEAF_BITS))

word_t system_base, user_base;

struct leaf {
    struct thread *thread[1 << LEAF_BITS];
};

static struct leaf *table[LEAVES];
static struct slab_cache threads = SLAB_CACHE("thread", struct thread);

static struct thread **slot_of(word_t number, bool create)
{
    struct leaf **l = &table[(number & ((1u << THREAD_BITS) - 1)) >> LEAF_BITS];

    if (!*l && create)
        *l = kmem_pages(&accounts[0], 0);
    return *l ? &(*l)->thread[number & ((1u << LEAF_BITS) - 1)] : NULL;
}

struct thread *thread_find_number(word_t number)
{
    struct thread **slot = slot_of(number, false);

    return slot ? *slot : NULL;
}

struct thread *thread_next(word_t number)
{
    for (; number < 1u << THREAD_BITS; number++) {
        if (!table[number >> LEAF_BITS])
            number |= (1u << LEAF_BITS) - 1;
        else if (thread_find_number(number))
            return thread_find_number(number);
    }
    return NULL;
}

struct thread *thread_find(word_t id)
{
    struct thread *t = thread_find_number(id_number(id));

    return t && t->id == id ? t : NULL;
}

static void ipc_timed_out(struct timeout *timeout)
{
    ipc_abort(container_of(timeout, struct thread, timeout), IPC_TIMEOUT);
}

struct thread *thread_create(word_t id, struct space *s, word_t scheduler)
{
    struct thread **slot = slot_of(id_number(id), true);
    struct account *a = s ? s->account : &accounts[0];
    struct thread *t = slot ? slab_alloc(&threads, a) : NULL;

    if (!t)
        return NULL;
    t->id = id;
    t->space = s;
    t->scheduler = scheduler;
    t->state = THREAD_INACTIVE;
    t->priority = 100;
    t->sensitive_prio = 100;
    t->slice = arch_us_to_tsc(10000);
    t->slice_left = t->slice;
    t->timeout.expired = ipc_timed_out;
    list_init(&t->senders);
    list_init(&t->receivers);
    list_init(&t->ipc_link);
    list_init(&t->ready_link);
    list_init(&t->space_link);
    arch_frame_init(&t->frame);
    if (s) {
        list_append(&s->threads, &t->space_link);
        s->thread_count++;
    }
    *slot = t;
    return t;
}

bool thread_activate(struct thread *t, word_t pager)
{
    struct utcb *u = space_utcb(t->space, t->utcb_addr - UTCB_MR0_BYTES);

    if (!u)
        return false;
    memset(u, 0, sizeof(*u));
    u->my_global_id = t->id;
    u->pager = pager;
    t->utcb = u;
    ipc_wait_for_start(t, pager);
    return true;
}

/* What t has been charged for moves to the space's account; false: it cannot. */
static bool move_charge(struct thread *t, struct account *to)
{
    struct account *from = t->space->account;

    if (from == to)
        return true;
    if (to->used + sizeof(*t) > to->limit || (t->fpu && !fpu_area_move(from, to)))
        return false;
    from->used -= sizeof(*t);
    to->used += sizeof(*t);
    return true;
}

bool thread_migrate(struct thread *t, struct space *to)
{
    struct space *from = t->space;
    struct utcb *u = NULL;

    if (t->utcb) {
        u = space_utcb(to, t->utcb_addr - UTCB_MR0_BYTES);
        if (!u)
            return false;
    }
    if (!move_charge(t, to->account))
        return false;
    vcpu_destroy(t); /* its state page belongs to the old space */
    if (u) {
        if (t->kipc != KIPC_START) /* that wait goes on */
            ipc_abort(t, IPC_ABORTED);
        memcpy(u, t->utcb, sizeof(*u));
        t->utcb = u;
    }
    list_remove(&t->space_link);
    list_append(&to->threads, &t->space_link);
    to->thread_count++;
    t->space = to;
    if (this_cpu()->loaded == t)
        this_cpu()->loaded = NULL;
    if (--from->thread_count == 0)
        space_destroy(from);
    return true;
}

void thread_delete(struct thread *t)
{
    struct cpu *cpu = this_cpu();
    struct space *s = t->space;
    struct account *a = s ? s->account : &accounts[0];

    vcpu_destroy(t);
    timeout_cancel(&t->timeout);
    list_remove(&t->ipc_link);
    t->state = THREAD_STOPPED;
    sched_block(t);
    ipc_forget(t);
    *slot_of(id_number(t->id), false) = NULL;
    if (t->fpu)
        fpu_area_free(a, t->fpu);
    if (cpu->loaded == t)
        cpu->loaded = NULL;
    if (cpu->current == t) {
        cpu->current = cpu->idle;
        cpu->resched = true;
    }
    if (cpu->slice_owner == t) {
        cpu->slice_owner = cpu->idle;
        cpu->resched = true;
    }
    list_remove(&t->space_link);
    slab_free(&threads, a, t);
    if (s && --s->thread_count == 0)
        space_destroy(s);
}
