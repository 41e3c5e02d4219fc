/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of threads, by thread number, and threads' lives.  All that creates,
 * changes or deletes runs while the other processors stand still.
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

word_t system_base, user_base;
struct thread nobody;

static struct slab_cache threads = SLAB_CACHE("thread", struct thread);

/*
 * The table is as large as thread numbers go, and a page of it exists once a thread
 * of it does; until then a page of nobodies is in its place.
 */
#define GROUP (PAGE_SIZE / sizeof(struct thread *))

static struct thread **nobodies;
static bool group_exists[THREADS / GROUP];

INIT void thread_table_init(void)
{
    nobodies = kmem_pages(&accounts[0], 0);
    ASSERT(nobodies);
    for (unsigned i = 0; i < GROUP; i++)
        nobodies[i] = &nobody;
    for (word_t n = 0; n < 1UL << TABLE_BITS; n += GROUP)
        arch_table_page(&thread_table[n], nobodies);
}

static bool group_create(word_t number)
{
    struct thread **page;

    if (group_exists[number / GROUP])
        return true;
    page = kmem_pages(&accounts[0], 0);
    if (!page)
        return false;
    memcpy(page, nobodies, PAGE_SIZE);
    arch_table_page(&thread_table[ALIGN_DOWN(number, GROUP)], page);
    group_exists[number / GROUP] = true;
    return true;
}

struct thread *thread_find_number(word_t number)
{
    struct thread *t = thread_table[number];

    return t == &nobody ? NULL : t;
}

#define SEARCH_STEP 128 /* numbers, or groups of them that do not exist */

struct thread *thread_search(word_t *number)
{
    struct thread *t = NULL;
    word_t n = *number;

    for (unsigned i = 0; i < SEARCH_STEP && n < THREADS && !t; i++, n++) {
        if (group_exists[n / GROUP])
            t = thread_find_number(n);
        else
            n |= GROUP - 1;
    }
    *number = n;
    return t;
}

struct thread *thread_next(word_t number)
{
    struct thread *t = NULL;

    while (!t && number < THREADS)
        t = thread_search(&number);
    return t;
}

/* While a thread is being deleted, its id is in `scheduler`. */
word_t thread_number(const struct thread *t)
{
    return id_number(t->id ? t->id : t->scheduler);
}

void thread_bind(struct thread *t)
{
    t->domain = (u16)space_domain(t->space);
    t->table = t->space->table;
}

struct thread *thread_create(word_t id, struct space *s, word_t scheduler)
{
    struct account *a = s ? s->account : &accounts[0];
    struct thread *t = group_create(id_number(id)) ? slab_alloc(&threads, a) : NULL;

    if (!t)
        return NULL;
    t->id = id;
    t->space = s;
    t->scheduler = scheduler;
    t->state = THREAD_INACTIVE;
    t->cpu = (u8)this_cpu()->number;
    t->priority = t->sensitive_prio = 100;
    t->slice = t->slice_left = arch_us_to_tsc(10000);
    t->quantum_left = TIME_NEVER;
    t->timeout.kind = TIMEOUT_THREAD;
    t->notify_next = t;
    list_init(&t->senders);
    list_init(&t->link);
    arch_frame_init(&t->frame);
    if (s) {
        thread_bind(t);
        s->thread_count++;
    } else {
        t->table = arch_kernel_table();
    }
    thread_table[id_number(id)] = t;
    return t;
}

bool thread_activate(struct thread *t, word_t pager)
{
    struct utcb *u = space_utcb(t->space, t->utcb_addr - UTCB_MR0_BYTES);

    if (!u)
        return false;
    memset(u, 0, sizeof(*u));
    u->my_global_id = t->id;
    u->processor = t->cpu;
    u->pager = pager;
    t->utcb = u;
    thread_bind(t);
    ipc_wait_for_start(t, pager);
    return true;
}

/* What t has been charged for moves to the space's account; false: it cannot. */
static bool move_charge(struct thread *t, struct account *to)
{
    return account_move(t->space->account, to, sizeof(*t) + (t->fpu ? fpu_area_size() : 0));
}

/* What a thread leaves in a processor's registers goes to memory. */
static void unload(void *arg)
{
    fpu_save_live(((struct thread *)arg)->fpu);
    vcpu_unload(arg);
    arch_local_unload(arg);
}

bool thread_migrate(struct thread *t, struct space *to)
{
    struct space *from = t->space;
    struct utcb *u = NULL;
    struct space_destruction d = {0};

    if (t->utcb) {
        u = space_utcb(to, t->utcb_addr - UTCB_MR0_BYTES);
        if (!u)
            return false;
    }
    if (!move_charge(t, to->account)) {
        if (u)
            space_utcb_free(to, t->utcb_addr - UTCB_MR0_BYTES);
        return false;
    }
    vcpu_destroy(t); /* its state page belongs to the old space */
    if (u) {
        if (t->kipc != KIPC_START) /* that wait goes on */
            ipc_abort(t, IPC_ABORTED);
        memcpy(u, t->utcb, sizeof(*u));
        space_utcb_free(from, t->utcb_addr - UTCB_MR0_BYTES);
        t->utcb = u;
    }
    thread_end_work(t);
    t->space = to;
    to->thread_count++;
    thread_bind(t);
    cpu_run_on(t->cpu, unload, t);
    if (--from->thread_count == 0)
        while (!space_destroy(from, &d)) /* t is no more in it: there is no way back */
            ;
    return true;
}

void thread_move(struct thread *t, unsigned n)
{
    struct cpu *from = cpu_of(t);
    bool timed = t->timeout.armed, notified = t->notify_next != t;

    if (n == t->cpu)
        return;
    cpu_run_on(t->cpu, unload, t);
    ipc_drop_notified(t);
    timeout_cancel(from, &t->timeout);
    sched_forget(t);
    t->cpu = (u8)n;
    if (timed)
        timeout_set(cpus[n], &t->timeout, t->timeout.when);
    vcpu_moved(t, from);
    if (t->kipc == KIPC_IRQ)
        arch_irq_route(t->irq, n);
    if (t->utcb)
        t->utcb->processor = n;
    if (thread_runnable(t))
        sched_wake(t);
    if (notified)
        ipc_notify(t, 0);
}

void thread_end_work(struct thread *t)
{
    if (t->cont == CONT_UNMAP || t->cont == CONT_ATTRIBUTES)
        unmap_forget(&t->marker);
    t->cont = CONT_NONE;
    t->transfer.done = 0;
    t->transfer.item = 0;
}

/* ---- deletion ---- */

enum { DELETE_BEGIN, DELETE_FORGET, DELETE_SPACE };

static void take_out(struct thread *t)
{
    vcpu_destroy(t);
    cpu_run_on(t->cpu, unload, t);
    ipc_abort(t, IPC_ABORTED);
    thread_end_work(t);
    ipc_drop_notified(t);
    timeout_cancel(cpu_of(t), &t->timeout);
    t->state = THREAD_STOPPED;
    sched_forget(t);
    if (t->utcb)
        space_utcb_free(t->space, t->utcb_addr - UTCB_MR0_BYTES);
    if (t->fpu)
        fpu_area_free(t->space->account, t->fpu, cpu_of(t));
    t->fpu = NULL;
    t->utcb = NULL;
    t->scheduler = t->id;
    t->id = 0;
}

/* The last one's space goes with it; how far that has got is in the thread. */
static bool leave_space(struct thread *t)
{
    struct space_destruction d = {t->transfer.done, t->transfer.item};
    bool all;

    if (t->space->thread_count > 1) {
        t->space->thread_count--;
        return true;
    }
    all = space_destroy(t->space, &d);
    t->transfer.done = d.done;
    t->transfer.item = (u8)d.stage;
    return all;
}

bool thread_delete(struct thread *t)
{
    struct space *s = t->space;
    struct account *a = s ? s->account : &accounts[0];

    switch (t->stage) {
    case DELETE_BEGIN:
        take_out(t);
        t->stage = DELETE_FORGET;
        /* fall through */
    case DELETE_FORGET:
        if (!ipc_forget(t, t->scheduler))
            return false;
        t->stage = DELETE_SPACE;
        /* fall through */
    default:
        if (s && !leave_space(t))
            return false;
    }
    thread_table[thread_number(t)] = &nobody;
    account_sent(t->domain, t->sent);
    slab_free(&threads, a, t);
    return true;
}
