/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of IPC share: how threads wait for each other, and how their IPC ends.  All is
 * done on processors that are this one, or owned.
 */
#ifndef CORE_WAITING_H
#define CORE_WAITING_H

#include "core/ipc.h"
#include "core/thread.h"

/* ---- waiting.c ---- */

/* t->pending says what is there. */
void wait_update_pending(struct thread *t);
/* t waits until dst receives. */
void wait_in_queue(struct thread *t, struct thread *dst);
/* Only until then, in TSC ticks. */
void wait_arm(struct thread *t, u64 deadline);
void wait_disarm(struct thread *t);
/* t waits no more; the clock of its own message goes on. */
void wait_end(struct thread *t);

/* ---- ending.c ---- */

enum phase { PHASE_SEND = 0, PHASE_RECEIVE = 1 };

/* How does the receiver get to run? */
enum handover { WAKE, CALL, REPLY };

/* t's IPC ends with an error. */
void ipc_fail(struct thread *t, enum phase phase, enum ipc_error e, word_t tag, word_t offset);
/* dst has its message. */
void ipc_received(struct thread *src, struct thread *dst, enum handover how);
/* t's own call is over: it goes on to user mode, or to the message that was in the way. */
void ipc_go_on(struct thread *t);

/* ---- notify.c ---- */

/* t gets its bits, if it waits for them. */
bool ipc_deliver_bits(struct thread *t);

/* ---- ipc.c ---- */

/* As whom may t send to dst?  The virtual sender, if the tag asks for one that is allowed. */
void ipc_set_identity(struct thread *t, const struct thread *dst);
/* The message is through, or will never be. */
void ipc_transfer_end(struct thread *src, struct thread *dst);
void ipc_transfer_fail(struct thread *src, struct thread *dst, enum ipc_error e, word_t tag);

#endif
