/* SPDX-License-Identifier: BSD-2-Clause */
/* What a domain consists of while it lives: memory, spaces, threads. */
#ifndef MONITOR_BUILD_DOMAIN_H
#define MONITOR_BUILD_DOMAIN_H

#include "domain.h"

/* Build the domain up and start its main thread.  What was built when a step fails,
 * build_tear_down() takes away. */
enum mz_error build_up(struct domain *d);

/* Unmap memory, a whole number of pages, from everyone to whom it was passed on. */
void build_unmap(uint64_t phys, uint64_t size);

/* How often that was done: pages that are there no more may fault again. */
extern unsigned build_unmappings;

/* Take everything away; works on a domain that is only partly there. */
void build_tear_down(struct domain *d);

#endif
