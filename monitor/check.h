/* SPDX-License-Identifier: BSD-2-Clause */
/* The check before anything starts: nothing boots half. */
#ifndef MONITOR_CHECK_H
#define MONITOR_CHECK_H

#include <stdbool.h>

#include <manifest/config.h>

#include "domain.h"

/* Make the domains of the description and see that each can run: images there and
 * whole, memory enough, hardware able.  False: every fault has a line in the log with
 * its remedy. */
bool check_system(const struct system_config *config);

/* The same for one domain, but for the memory. */
bool check_domain(struct domain *d);

#endif
