/* SPDX-License-Identifier: BSD-2-Clause */
/* How a system call fails: ErrorCode in the caller's UTCB, result 0. */
#ifndef API_ERROR_H
#define API_ERROR_H

#include "api/api.h"
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

#endif
