/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the monitor's own resources come from.  This is the narrow interface
 * behind which a monitor can be the root task (supply.c: sigma0 and privileged
 * system calls) or, one day, the child of another monitor.
 */
#ifndef MONITOR_SUPPLY_H
#define MONITOR_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

/* Get physical memory, mapped at its own address, of any kind (RAM, modules,
 * firmware tables).  The range is rounded out to pages.  True if all is there. */
bool supply_memory(uint64_t base, uint64_t size);

/* The same for RAM: calls `got` for each piece that is there, in order, and
 * silently leaves out what is refused. */
void supply_ram(uint64_t base, uint64_t size, void (*got)(uint64_t base, uint64_t size));

/* Have the interrupt delivered to this thread from now on. */
bool supply_interrupt(unsigned irq);

#endif
