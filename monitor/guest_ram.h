/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The RAM of the VMs: whole chunks, taken when a VM starts, so that it can never
 * lack memory later, and cleared one by one when it first touches them.
 */
#ifndef MONITOR_GUEST_RAM_H
#define MONITOR_GUEST_RAM_H

#include <stdbool.h>

#include "domain.h"

/* Once for each VM: a place in the table of chunks. */
void guest_ram_init(struct domain *d);

/* Take the RAM of one life; false, with nothing taken, if there is too little memory.
 * It goes back with everything else the domain holds. */
bool guest_ram_take(struct domain *d);

/* The physical address of the chunk at `offset` into the RAM (less than its size),
 * cleared. */
uint64_t guest_ram_chunk(const struct domain *d, uint64_t offset);

#endif
