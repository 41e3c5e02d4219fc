/* SPDX-License-Identifier: BSD-2-Clause */
/* The lives of domains: start, end, restart by policy; and the end of it all. */
#ifndef MONITOR_LIFECYCLE_H
#define MONITOR_LIFECYCLE_H

#include <stdint.h>

#include "domain.h"

/* Start all domains; one that cannot be started counts as failed. */
void lifecycle_start_all(void);

/* End the domain: delete its threads, take its memory back, write one line with
 * the cause, and do what its restart policy says.  No reply may go to it after. */
void lifecycle_end(struct domain *d, enum ending ending, const char *cause, ...)
    __attribute__((format(printf, 3, 4)));

/* The operator restarts (ENDING_RESTART) or kills (ENDING_KILLED) a domain. */
void lifecycle_operator(struct domain *d, enum ending ending);

/* Start domains whose time has come.  Returns the milliseconds until the next is
 * due, or 0 if none waits.  Powers the machine off when all have ended. */
uint64_t lifecycle_poll(void);

#endif
