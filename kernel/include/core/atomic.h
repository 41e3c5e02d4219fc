/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that several processors change.  Plain aligned loads and stores are atomic anyway. */
#ifndef CORE_ATOMIC_H
#define CORE_ATOMIC_H

#include "types.h"

/* If *p is `old`, make it `new`; true if it was. */
static inline bool atomic_swap_if(volatile u32 *p, u32 old, u32 new)
{
    return __atomic_compare_exchange_n(p, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline word_t atomic_or(volatile word_t *p, word_t bits)
{
    return __atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

static inline word_t atomic_and(volatile word_t *p, word_t bits)
{
    return __atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);
}

static inline word_t atomic_take(volatile word_t *p)
{
    return __atomic_exchange_n(p, 0, __ATOMIC_SEQ_CST);
}

/* What was written before is seen before what is written behind. */
static inline void atomic_store(volatile u32 *p, u32 v)
{
    __atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/* No load from behind is done before a store from before. */
static inline void atomic_fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
