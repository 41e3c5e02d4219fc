/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving one message between two threads whose rendezvous has come: for ipc.c only. */
#ifndef CORE_TRANSFER_H
#define CORE_TRANSFER_H

#include "core/ipc.h"

#define TRANSFER_STOPPED (-1)

/*
 * The message of src (its MRs, or what the kernel says in its name) goes to dst
 * (its MRs, or what the kernel awaits in its name).  One of them is current, both
 * processors are owned.  *tag: the tag as dst sees it.  Returns 0, an enum ipc_error
 * for both, or TRANSFER_STOPPED: then an interrupt waits, or one of them has a page
 * fault first, and thread.cont of one of them goes on later.
 */
int transfer(struct thread *src, struct thread *dst, word_t *tag);

#endif
