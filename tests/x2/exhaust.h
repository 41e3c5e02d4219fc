/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that run out of something: one that has no more kernel memory than it uses, and another
 * one, which shall not notice.
 */
#ifndef X2_EXHAUST_H
#define X2_EXHAUST_H

#include "x2.h"

#define POOR   77 /* kernel memory accounts, and domains */
#define RICH   78
#define PLENTY (1ul << 20)

/* Kernel memory that an account pays for. */
L4_Word_t used_by(L4_Word_t account);
void set_limit(L4_Word_t account, L4_Word_t bytes);
/* POOR may use so many bytes more than it does. */
void leave(L4_Word_t bytes);
/* An agent in a new space of POOR's, which then has nothing left; nilthread: there is none. */
L4_ThreadId_t pauper(void);
/* RICH can make a space with a thread that works, and gets everything back. */
enum result others_are_well(void);
/* All of POOR's threads are gone, and nothing is charged to it. */
enum result all_is_back(void);

#endif
