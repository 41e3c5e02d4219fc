/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's tables: all domains, what they use, and one domain's quotas. */
#ifndef MONITOR_TOP_H
#define MONITOR_TOP_H

#include <stdbool.h>

#include "domain.h"

/* "running", "paused", "off", ... */
const char *top_state(const struct domain *d);

/* A line for each domain and one for the rest.  With `cpu`, the share of a processor that each
 * has used since the last such table. */
void top_table(void (*out)(const char *line), bool cpu);

void top_quota(const struct domain *d, void (*out)(const char *line));

/* Exits of a VM's vCPUs in this life, of causes [first, end), as its VMM says. */
uint64_t top_exits(const struct domain *d, unsigned first, unsigned end);

/* Microseconds that its threads have run, in all its lives; 0 on a kernel that does not count. */
uint64_t top_cpu_time(const struct domain *d);

#endif
