/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages between threads: tags, the transfer, waiting and waking. */
#ifndef CORE_IPC_H
#define CORE_IPC_H

#include "core/thread.h"
#include "core/utcb.h"
#include "types.h"

/* Message tag: MR0. */
#define TAG_U(tag)     ((unsigned)((tag)&0x3f))
#define TAG_T(tag)     ((unsigned)((tag) >> 6 & 0x3f))
#define TAG_PROPAGATED (1u << 12)
#define TAG_REDIRECTED (1u << 13)
#define TAG_XCPU       (1u << 14)
#define TAG_ERROR      (1u << 15)
#define TAG_LABEL(tag) ((tag) >> 16)

/* A tag of a kernel protocol: number n (> 0 for protocol -n), nibble, u untyped words. */
static inline word_t tag_kernel(unsigned n, unsigned nibble, unsigned u)
{
    return ((-(word_t)n << 4 | nibble) << 16) | u;
}

enum protocol {
    PROTO_INTERRUPT = 1,
    PROTO_PAGE_FAULT = 2,
    PROTO_PREEMPTION = 3,
    PROTO_EXCEPTION = 5,
    PROTO_IO_FAULT = 8
};

/* IPC error codes; the ErrorCode TCR is offset << 4 | code << 1 | receive phase. */
enum ipc_error {
    IPC_TIMEOUT = 1,
    IPC_NO_PARTNER = 2,
    IPC_CANCELLED = 3,
    IPC_OVERFLOW = 4,
    IPC_XFER_TIMEOUT = 5,         /* in the thread's own space */
    IPC_XFER_TIMEOUT_PARTNER = 6, /* in its partner's          */
    IPC_ABORTED = 7
};

/*
 * The one general path.  t (current for user IPC, the faulting thread for the
 * kernel's) sends to `to` and then receives from `from`; timeouts in X.2 form.
 * It is ready, on this processor.
 */
void ipc_start(struct thread *t, word_t to, word_t from, word_t timeouts);

/* The kernel calls `handler` in t's name, with the message that `kind` says.  Nilthread: t stops. */
void ipc_kernel_call(struct thread *t, enum kernel_ipc kind, word_t handler);

/* Go on where thread.cont says: a receive phase, a transfer. */
void ipc_receive_again(struct thread *t);
void ipc_transfer_again(struct thread *t);
void ipc_fault_again(struct thread *t);

/* Put t into a closed wait for its pager's start message. */
void ipc_wait_for_start(struct thread *t, word_t pager);

/* Interrupt thread t, at rest, sends to its handler. */
void ipc_interrupt(struct thread *t);

/*
 * End t's pending IPC with an error in the phase it is in; t becomes ready.  t's
 * processor, and that of its partner in a transfer, are owned (ipc_own_all()).
 */
void ipc_abort(struct thread *t, enum ipc_error e);
/* Is it in one, and which phase? */
bool ipc_is_sending(const struct thread *t);
bool ipc_is_receiving(const struct thread *t);
void ipc_own_all(const struct thread *t);

/*
 * Nobody shall wait for t, whose id is no longer `id`: end their IPC.  The processors are
 * stopped.  False: an interrupt waits; call it again.
 */
bool ipc_forget(struct thread *t, word_t id);

/* The time that t's IPC had is over. */
void ipc_timed_out(struct thread *t);

/* Bits for t, from any processor. */
void ipc_notify(struct thread *t, word_t bits);
/* t has them. */
word_t ipc_take_bits(struct thread *t);
/* Deliver what has been notified to threads of this processor. */
void ipc_take_notified(struct cpu *cpu);
/* t, about to disappear, is not among them any more. */
void ipc_drop_notified(struct thread *t);

/* May t send to dst, or know of it? */
bool ipc_reaches(const struct thread *t, const struct thread *dst);

/* ---- X.2 Time ---- */

#define L4_TIME_ZERO 0x0400

static inline u64 time_period_us(u16 time)
{
    return (u64)(time & 0x3ff) << (time >> 10 & 0x1f);
}

/* A Time period or point as a TSC deadline; TIME_NEVER for never.  *zero: no waiting at all. */
u64 ipc_deadline(u16 time, bool *zero);

#endif
