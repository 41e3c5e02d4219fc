/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadControl: create, change and delete threads; associate interrupts. */
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "error.h"

static struct thread *irq_threads[IRQ_WORDS * WORD_BITS];

/* ---- interrupts ---- */

static word_t irq_detach(struct thread *cur, unsigned irq)
{
    struct thread *t = irq_threads[irq];

    if (!t)
        return api_fail(cur, ERR_THREAD);
    arch_irq_mask(irq);
    if (!thread_delete(t))
        api_start_over(cur);
    irq_threads[irq] = NULL;
    return 1;
}

static word_t irq_attach(struct thread *cur, unsigned irq, word_t handler)
{
    struct thread *t = irq_threads[irq];

    if (t && !t->id) { /* its deletion has begun: that comes first */
        irq_detach(cur, irq);
        t = NULL;
    }
    if (t && t->fault_addr == handler)
        return 1;
    if (!t) {
        t = thread_create(id_make(irq, 1), NULL, cur->id);
        if (!t)
            return api_fail(cur, ERR_MEMORY);
        irq_threads[irq] = t;
    } else {
        ipc_abort(t, IPC_ABORTED); /* off the old handler's queue */
    }
    t->kipc = KIPC_IRQ;
    t->state = THREAD_STOPPED;
    t->irq = (u16)irq;
    t->priority = 255;
    t->fault_addr = handler;
    thread_move(t, thread_find(handler)->cpu); /* so that its messages stay on one processor */
    arch_irq_route(irq, t->cpu);
    arch_irq_unmask(irq);
    return 1;
}

static word_t interrupt_control(struct thread *cur, word_t dest, word_t pager)
{
    word_t irq = id_number(dest);

    if (irq >= arch_irq_count() || !arch_irq_available((unsigned)irq) ||
        (pager != dest && !thread_find(pager)))
        return api_fail(cur, ERR_THREAD);
    return pager == dest ? irq_detach(cur, (unsigned)irq) : irq_attach(cur, (unsigned)irq, pager);
}

word_t api_interrupt_message(struct thread *cur, word_t id, word_t *data)
{
    word_t irq = id_number(id), address;
    const struct thread *t, *handler;

    if (!id_is_global(id) || irq >= arch_irq_count() || !arch_irq_available((unsigned)irq))
        return api_fail(cur, ERR_THREAD);
    t = irq_threads[irq];
    handler = t && t->id ? thread_find(t->fault_addr) : NULL;
    if (!api_privileged(cur) && !(handler && handler->space == cur->space))
        return api_fail(cur, ERR_PRIVILEGE);
    return arch_irq_message((unsigned)irq, &address, data) ? address : api_fail(cur, ERR_PARAM);
}

void api_interrupt(unsigned irq)
{
    struct thread *t = irq_threads[irq];

    /* The platform tells of no other one until the handler answers. */
    if (t && t->state == THREAD_STOPPED && t->id)
        ipc_interrupt(t);
}

/* ---- creation ---- */

/* May `addr` be the UTCB of a thread in s?  0 or the error. */
static enum l4_error utcb_check(struct space *s, word_t addr)
{
    if (addr == ~(word_t)0 || addr & (UTCB_SIZE - 1) || addr < s->utcb_base ||
        addr - s->utcb_base >= s->utcb_size)
        return ERR_UTCB;
    return space_utcb_taken(s, addr) ? ERR_UTCB : ERR_OK;
}

static word_t activate(struct thread *cur, struct thread *t, word_t pager)
{
    word_t addr = t->utcb_addr;
    enum l4_error e;

    if (!t->space->initialised || t->space->vm)
        return api_fail(cur, ERR_SPACE);
    e = addr ? utcb_check(t->space, addr - UTCB_MR0_BYTES) : ERR_UTCB;
    if (e)
        return api_fail(cur, e);
    if (!thread_activate(t, pager))
        return api_fail(cur, ERR_MEMORY);
    return 1;
}

struct creation {
    word_t dest, space, scheduler, pager, utcb;
};

static word_t create(struct thread *cur, const struct creation *c)
{
    struct thread *in = c->space == c->dest ? NULL : thread_find(c->space), *t;
    struct space *s = in ? in->space : NULL;
    bool fresh = c->space == c->dest;
    struct space_destruction d = {0};
    enum l4_error e;

    if (c->scheduler == NILTHREAD)
        return api_fail(cur, ERR_THREAD);
    if (!fresh && !s)
        return api_fail(cur, ERR_SPACE);
    if (c->pager != NILTHREAD) { /* decide before anything is made */
        if (fresh || !s->initialised || s->vm)
            return api_fail(cur, ERR_SPACE);
        e = utcb_check(s, c->utcb);
        if (e)
            return api_fail(cur, e);
    }
    if (fresh)
        s = space_create(cur->space->account);
    if (!s)
        return api_fail(cur, ERR_MEMORY);
    t = thread_create(c->dest, s, c->scheduler);
    if (!t) {
        if (fresh)
            space_destroy(s, &d); /* it is empty: nothing takes long */
        return api_fail(cur, ERR_MEMORY);
    }
    t->utcb_addr = c->utcb == ~(word_t)0 ? 0 : c->utcb + UTCB_MR0_BYTES;
    if (c->pager != NILTHREAD && !thread_activate(t, c->pager)) {
        thread_delete(t); /* nobody waits for it yet, and it is not the last */
        return api_fail(cur, ERR_MEMORY);
    }
    return 1;
}

/* ---- change and deletion ---- */

/* Into the space of another thread; 0 or the error. */
static enum l4_error migrate(struct thread *t, struct space *to)
{
    if (to->vm || (t->utcb && !to->initialised))
        return ERR_UTCB;
    if (t->utcb && utcb_check(to, t->utcb_addr - UTCB_MR0_BYTES))
        return ERR_UTCB;
    return thread_migrate(t, to) ? ERR_OK : ERR_MEMORY;
}

/* The UTCB's place of a thread that has none yet. */
static enum l4_error place_utcb(struct thread *t, word_t utcb)
{
    enum l4_error e;

    if (t->utcb)
        return ERR_UTCB;
    e = t->space->initialised ? utcb_check(t->space, utcb) : ERR_UTCB;
    if (e && t->utcb_addr != utcb + UTCB_MR0_BYTES)
        return e;
    t->utcb_addr = utcb + UTCB_MR0_BYTES;
    return ERR_OK;
}

/* A new version: nobody reaches it by the old id any more. */
static enum l4_error rename(struct thread *cur, struct thread *t, word_t id)
{
    if (!t->utcb)
        return ERR_THREAD;
    if (!ipc_forget(t, t->id))
        api_start_over(cur);
    t->id = id;
    t->utcb->my_global_id = id;
    return ERR_OK;
}

static word_t modify(struct thread *cur, struct thread *t, const struct creation *c)
{
    struct thread *in = thread_find(c->space);
    enum l4_error e = ERR_OK;

    if (!t->space || !(c->space == c->dest || (in && in->space)))
        return api_fail(cur, ERR_SPACE);
    if (c->utcb != ~(word_t)0)
        e = place_utcb(t, c->utcb);
    if (!e && in && in->space != t->space)
        e = migrate(t, in->space);
    if (!e && c->dest != t->id)
        e = rename(cur, t, c->dest);
    if (e)
        return api_fail(cur, e);
    if (c->scheduler != NILTHREAD)
        t->scheduler = c->scheduler;
    if (c->pager != NILTHREAD && !t->utcb)
        return activate(cur, t, c->pager);
    if (c->pager != NILTHREAD)
        t->utcb->pager = c->pager;
    return 1;
}

static word_t delete_thread(struct thread *cur, struct thread *t)
{
    if (t == cur)
        return api_fail(cur, ERR_THREAD);
    if (t && !thread_delete(t))
        api_start_over(cur);
    return 1;
}

word_t api_thread_control(struct thread *cur, word_t dest, word_t space, word_t scheduler,
                          word_t pager, word_t utcb)
{
    struct creation c = {dest, space, scheduler, pager, utcb};
    struct thread *t;

    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (!id_is_global(dest) || dest == ANYTHREAD || id_number(dest) >= THREADS)
        return api_fail(cur, ERR_SPACE);
    api_stop_others(cur);
    if (id_number(dest) < system_base)
        return interrupt_control(cur, dest, pager);
    if (id_number(dest) < user_base)
        return api_fail(cur, ERR_THREAD);
    t = thread_find_number(id_number(dest));
    if (space == NILTHREAD)
        return delete_thread(cur, t);
    if (t && !t->id) { /* somebody began to delete it: that comes first */
        delete_thread(cur, t);
        t = NULL;
    }
    return t ? modify(cur, t, &c) : create(cur, &c);
}
