/* SPDX-License-Identifier: BSD-2-Clause */
/* What only the root task has: physical memory of all kinds, from sigma0. */
#ifndef MONITOR_SUPPLY_ROOT_H
#define MONITOR_SUPPLY_ROOT_H

#include <stdbool.h>
#include <stdint.h>

/* Get physical memory, mapped at its own address, of any kind (RAM, modules,
 * firmware tables).  The range is rounded out to pages.  True if all is there. */
bool supply_memory(uint64_t base, uint64_t size);

/* The same for RAM: calls `got` for each piece that is there, in order, and
 * silently leaves out what is refused. */
void supply_ram(uint64_t base, uint64_t size, void (*got)(uint64_t base, uint64_t size));

#endif
