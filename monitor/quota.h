/* SPDX-License-Identifier: BSD-2-Clause */
/* A quota: reserve before use, give back on every path. */
#ifndef MONITOR_QUOTA_H
#define MONITOR_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct quota {
    uint64_t limit, used;
};

/* Reserve n; false, with nothing reserved, if the limit does not allow it. */
static inline bool quota_take(struct quota *q, uint64_t n)
{
    if (n > q->limit - q->used)
        return false;
    q->used += n;
    return true;
}

static inline void quota_give(struct quota *q, uint64_t n)
{
    q->used -= n < q->used ? n : q->used;
}

#endif
