/* SPDX-License-Identifier: BSD-2-Clause */
/* What only the root task has: physical memory of all kinds, from sigma0. */
#ifndef MONITOR_SUPPLY_ROOT_H
#define MONITOR_SUPPLY_ROOT_H

#include <stdbool.h>
#include <stdint.h>

#include <l4/types.h>

/* Get physical memory, mapped at its own address, of any kind (RAM, modules,
 * firmware tables).  The range is rounded out to pages.  True if all is there. */
bool supply_memory(uint64_t base, uint64_t size);

/* The same for RAM: calls `got` for each piece that is there, in order, and
 * silently leaves out what is refused. */
void supply_ram(uint64_t base, uint64_t size, void (*got)(uint64_t base, uint64_t size));

/*
 * Memory of devices appears in an area of the monitor's space, at places that the description chooses
 * (manifest/spans.h): on IA32 most of it lies where no program could see it at its own address.
 */
#define SUPPLY_DEVICES      (sizeof(void *) == 8 ? UINT64_C(1) << 46 : UINT64_C(0xb8000000))
#define SUPPLY_DEVICES_SIZE (sizeof(void *) == 8 ? UINT64_C(1) << 40 : UINT64_C(0x4000000))

/* Get ports, or map device memory into a window of its size, with one of X.2's memory attributes. */
bool supply_device(L4_Fpage_t device, L4_Word_t attribute, L4_Fpage_t window);

/* The largest naturally aligned block of pages at the start of [base, end). */
unsigned supply_block_log2(uint64_t base, uint64_t end);

#endif
