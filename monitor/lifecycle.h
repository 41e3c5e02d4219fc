/* SPDX-License-Identifier: BSD-2-Clause */
/* The lives of domains: start, end, restart by policy; and the end of it all. */
#ifndef MONITOR_LIFECYCLE_H
#define MONITOR_LIFECYCLE_H

#include <stdint.h>

#include "domain.h"

/* Start all domains, each once what it is to come after is ready.  One that cannot be
 * started counts as failed. */
void lifecycle_start_all(void);
void lifecycle_start(struct domain *d);

/* The domain is ready: who waits for it may start. */
void lifecycle_ready(struct domain *d);

/* Something has changed by which the time of a domain may have come: a service, a record. */
void lifecycle_changed(void);

/* The machine is not switched off in the next milliseconds, though all may have ended. */
void lifecycle_hold(unsigned ms);

/* The domain gives a sign of life to its watchdog. */
void lifecycle_alive(struct domain *d);

/* End the domain: delete its threads, take its memory back, write one line with
 * the cause, and do what its restart policy says.  No reply may go to it after. */
void lifecycle_end(struct domain *d, enum ending ending, const char *cause, ...)
    __attribute__((format(printf, 3, 4)));

/* Do what is due: starts, restarts, ends of patience.  Returns the milliseconds until
 * something is due again, or 0 if nothing will be.  Powers the machine off when all have
 * ended. */
uint64_t lifecycle_poll(void);

#endif
