/* SPDX-License-Identifier: BSD-2-Clause */
/* ExchangeRegisters: read and change a thread, abort its IPC, halt and resume it. */
#include "core/ipc.h"
#include "core/sched.h"
#include "error.h"
#include "l4/almond.h"
#include "virt/virt.h"

enum {
    EX_HALT = 1 << 0,
    EX_RECEIVE = 1 << 1,
    EX_SEND = 1 << 2,
    EX_SP = 1 << 3,
    EX_IP = 1 << 4,
    EX_FLAGS = 1 << 5,
    EX_HANDLE = 1 << 6,
    EX_PAGER = 1 << 7,
    EX_HALT_VALID = 1 << 8
};

/* Old control word: what the thread was doing. */
enum { OLD_HALTED = 1, OLD_RECEIVING = 2, OLD_SENDING = 4 };

static bool permitted(const struct thread *cur, const struct thread *t)
{
    const struct thread *pager;

    if (t->space == cur->space || api_privileged(cur))
        return true;
    pager = thread_find(t->utcb->pager);
    return pager && pager->space == cur->space;
}

static word_t old_control(const struct thread *t)
{
    return (thread_is_halted(t) ? OLD_HALTED : 0) | (ipc_is_receiving(t) ? OLD_RECEIVING : 0) |
           (ipc_is_sending(t) ? OLD_SENDING : 0);
}

static void set_registers(struct thread *t, const struct exregs *r)
{
    if (r->control & (EX_SP | EX_IP | EX_FLAGS))
        t->flags |= TF_CHANGED;
    if (r->control & EX_SP)
        frame_set_sp(&t->frame, r->sp);
    if (r->control & EX_IP)
        frame_set_ip(&t->frame, r->ip);
    if (r->control & EX_FLAGS)
        frame_set_flags(&t->frame, r->flags);
    if (r->control & EX_PAGER)
        t->utcb->pager = r->pager;
    if (r->control & EX_HANDLE)
        t->utcb->handle = r->handle;
}

static void abort_ipc(struct thread *t, word_t control)
{
    if ((control & EX_RECEIVE && ipc_is_receiving(t)) || (control & EX_SEND && ipc_is_sending(t)))
        ipc_abort(t, IPC_CANCELLED);
    else if (control & (EX_RECEIVE | EX_SEND) && t->state == THREAD_STOPPED)
        sched_wake(t);
    else if (control & (EX_RECEIVE | EX_SEND) && t->vcpu)
        vcpu_end(t, L4_EXIT_ERROR);
}

word_t api_exchange_registers(struct thread *cur, word_t dest, struct exregs *r)
{
    struct thread *t = id_is_global(dest) ? thread_find(dest) : NULL;
    struct exregs in = *r;

    *r = (struct exregs){0};
    if (!t || !t->space || !t->utcb || !permitted(cur, t))
        return api_fail(cur, ERR_THREAD);
    cur->cont = CONT_CALL;
    ipc_own_all(t);
    cur->cont = CONT_NONE;
    *r = (struct exregs){.control = old_control(t),
                         .sp = frame_sp(&t->frame),
                         .ip = frame_ip(&t->frame),
                         .flags = frame_flags(&t->frame),
                         .handle = t->utcb->handle,
                         .pager = t->utcb->pager};
    set_registers(t, &in);
    abort_ipc(t, in.control);
    if (in.control & EX_HALT_VALID && !(in.control & EX_HALT) == thread_is_halted(t))
        sched_halt(t, in.control & EX_HALT);
    return t->utcb_addr;
}
