/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains (extension): every space belongs to one; its number is that of the account
 * that pays for the space.  A domain reaches a set of domains: its threads can send
 * to, and notify, threads of those, as of their own space; for all others it is as if
 * they did not exist.  At first every domain reaches all.
 */
#ifndef CORE_DOMAIN_H
#define CORE_DOMAIN_H

#include "core/kmem.h"

#define DOMAINS ACCOUNTS

void domain_init(void);

/* The set that domain n reaches: bit d of word d / WORD_BITS; and the empty one. */
word_t *domain_reach(unsigned n);
extern const word_t domain_reach_none[DOMAINS / WORD_BITS];

static inline bool domain_in(const word_t *set, unsigned n)
{
    return set[n / WORD_BITS] >> n % WORD_BITS & 1;
}

#endif
