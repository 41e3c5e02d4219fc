/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel_memory.h"

#include "supply.h"

bool kernel_memory_set(const struct domain *d, uint64_t limit)
{
    return supply->limit_kernel_memory(d->window, limit);
}

void kernel_memory_get(const struct domain *d, uint64_t *used, uint64_t *limit)
{
    struct supply_usage u = supply->usage(d->window);

    *used = u.kernel_memory;
    *limit = u.kernel_memory_limit;
}
