/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's memory accounts, one for each domain (Almond's KmemControl).  On a
 * kernel without them nothing is limited and everything reads as 0. */
#ifndef MONITOR_KERNEL_MEMORY_H
#define MONITOR_KERNEL_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "domain.h"

bool kernel_memory_set(const struct domain *d, uint64_t limit);
void kernel_memory_get(const struct domain *d, uint64_t *used, uint64_t *limit);

#endif
