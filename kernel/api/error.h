/* SPDX-License-Identifier: BSD-2-Clause */
/* How a system call fails: ErrorCode in the caller's UTCB, result 0; and how it waits. */
#ifndef API_ERROR_H
#define API_ERROR_H

#include "api/api.h"
#include "core/cpus.h"
#include "core/utcb.h"

static inline word_t api_fail(struct thread *cur, enum l4_error e)
{
    cur->utcb->error = e;
    return 0;
}

static inline bool api_privileged(const struct thread *t)
{
    return t->space->privileged;
}

/* Is t cur's to schedule, and to ask for its time? */
static inline bool api_schedules(const struct thread *cur, const struct thread *t)
{
    const struct thread *s = thread_find(t->scheduler);

    return api_privileged(cur) || (s && s->space == cur->space);
}

/* The other processors stand still for the rest of this call, or it starts over. */
static inline void api_stop_others(struct thread *cur)
{
    cur->cont = CONT_CALL;
    cpus_stop();
    cur->cont = CONT_NONE;
}

/* Processor n belongs to this call, or it starts over. */
static inline void api_own(struct thread *cur, unsigned n)
{
    cur->cont = CONT_CALL;
    cpu_own(n);
    cur->cont = CONT_NONE;
}

/* An interrupt comes first: the call starts over, and finds what it has done. */
static inline _Noreturn void api_start_over(struct thread *cur)
{
    cur->cont = CONT_CALL;
    kernel_abandon();
}

#endif
