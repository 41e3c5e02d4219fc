/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving one message between two threads whose rendezvous has come: for ipc.c only. */
#ifndef CORE_TRANSFER_H
#define CORE_TRANSFER_H

#include "core/ipc.h"

/*
 * The message of src (its MRs, or what the kernel says in its name) goes to dst
 * (its MRs, or what the kernel awaits in its name).  0, or the error for both.
 * *tag: the tag as dst sees it.
 */
enum ipc_error transfer(struct thread *src, struct thread *dst, word_t *tag);

#endif
