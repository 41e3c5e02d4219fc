/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a nested monitor has beside a program's things: windows for its own children and for all
 * that is below them, and boot modules.  Its quotas hold for the whole subtree: each thread in one of
 * its windows counts as its own, and the kernel memory that a window may use is taken from its.
 */
#ifndef MONITOR_NESTED_H
#define MONITOR_NESTED_H

#include "domain.h"

/* A window that a nested monitor has. */
struct grant {
    struct domain *owner; /* NULL: the record is unused */
    unsigned window;
    uint64_t kernel_memory; /* what it takes from its owner's */
    L4_ThreadId_t thread[SLOTS];
};

/* The owner's grant for a window; NULL: it has none. */
struct grant *grant_of(const struct domain *owner, unsigned window);

/* Make one, and end it with all of its threads. */
enum mz_error grant_new(struct domain *owner, unsigned *window);
void grant_end(struct grant *g);

/* Give it so much kernel memory of its owner's, at least what it uses. */
enum mz_error grant_limit(struct grant *g, uint64_t limit);

/* All that is below a nested monitor ends. */
void nested_end(const struct domain *d);

/* The module that it sees as number `index`, and where; NULL: it has no such. */
const struct module *nested_module(const struct domain *d, unsigned index, struct mz_image *at);

#endif
