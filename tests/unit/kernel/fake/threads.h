/* SPDX-License-Identifier: BSD-2-Clause */
/* What threads ask of an architecture: the way in and out of the kernel, messages, registers. */
#ifndef FAKE_THREADS_H
#define FAKE_THREADS_H

#include "core/thread.h"

/* Let the kernel go on until it returns to user mode: who runs, NULL: nobody can. */
struct thread *fake_run(void);

/* t's system call Ipc; its result is in t->frame.si, and t->frame.bp counts them. */
void fake_ipc(struct thread *t, word_t to, word_t from, word_t timeouts);
/* t's system call Unmap. */
void fake_unmap(struct thread *t, word_t control);
/* Any other one of t's: fn(t), again and again until it ends without abandoning the kernel entry. */
void fake_call(struct thread *t, void (*fn)(struct thread *t));

#endif
