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

/* IPC error codes; the ErrorCode TCR is code << 1 | receive phase. */
enum ipc_error {
    IPC_TIMEOUT = 1,
    IPC_NO_PARTNER = 2,
    IPC_CANCELLED = 3,
    IPC_OVERFLOW = 4,
    IPC_ABORTED = 7
};

/*
 * The one general path.  t (current for user IPC, the faulting thread for the
 * kernel's) sends to `to` and then receives from `from`; timeouts in X.2 form.
 */
void ipc_start(struct thread *t, word_t to, word_t from, word_t timeouts);

/* Put t into a closed wait for its pager's start message. */
void ipc_wait_for_start(struct thread *t, word_t pager);

/* Interrupt thread t sends to its handler (again). */
void ipc_interrupt(struct thread *t);

/* End t's pending IPC with an error in the phase it is in; t becomes ready. */
void ipc_abort(struct thread *t, enum ipc_error e);

/* t is about to disappear: wake all who wait to send to it or to receive from it. */
void ipc_forget(struct thread *t);

/* If t waits for notifications and has some, it gets them; true then. */
bool ipc_deliver_notify(struct thread *t);

/* A Time period or point as a TSC deadline; TIME_NEVER for never.  *zero: no waiting at all. */
u64 ipc_deadline(u16 time, bool *zero);

#endif
