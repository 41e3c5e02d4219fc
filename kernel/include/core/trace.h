/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace: each processor writes events into a ring of its own, without locks; whoever reads
 * copies them, and sees from the ring's head what was overwritten meanwhile.  While it is on, the
 * fast paths are closed (WORK_TRACE) and system calls come by trace_call(): off, it costs nothing
 * but a test on the slow paths.
 */
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include "core/cpu.h"
#include "l4/almond.h"

extern bool tracing;

void trace_write(enum l4_trace_type type, word_t id, u64 a, u64 b);

static inline void trace(enum l4_trace_type type, const struct thread *t, u64 a, u64 b)
{
    if (unlikely(tracing))
        trace_write(type, t->id, a, b);
}

/* This thread, or nobody, is the next to run here. */
void trace_switch(struct cpu *cpu, const struct thread *next);

/* The others have stopped.  2^log2 events for each processor, 0: none; false: no memory. */
bool trace_resize(unsigned log2);
void trace_start(u32 types);
void trace_stop(void);

/* Copies up to `max` events of a processor, from number *from on, or the first after it that is
 * still there: sets *from to that.  Returns how many. */
unsigned trace_read(unsigned cpu, word_t *from, struct l4_trace_event *to, unsigned max);

#endif
