/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/domain.h"

#include "debug/panic.h"

#define SET_BYTES (DOMAINS / 8)

const word_t domain_reach_none[DOMAINS / WORD_BITS];

static word_t *sets;

INIT void domain_init(void)
{
    unsigned order = 0;

    while (PAGE_SIZE << order < SET_BYTES * DOMAINS)
        order++;
    sets = kmem_pages(&accounts[0], order);
    ASSERT(sets);
    memset(sets, 0xff, SET_BYTES * DOMAINS);
}

word_t *domain_reach(unsigned n)
{
    return sets + n * (DOMAINS / WORD_BITS);
}
