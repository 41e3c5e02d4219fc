/* SPDX-License-Identifier: BSD-2-Clause */
/* The queues of ready threads, for the scheduler. */
#ifndef CORE_READY_H
#define CORE_READY_H

#include "core/thread.h"

/* Queue t at its processor, or take it out; no harm if that is done already. */
void ready_add(struct thread *t, bool at_head);
void ready_remove(struct thread *t);

/* The highest priority with a queued thread, -1: none. */
int ready_highest(const struct cpu *cpu);

#endif
