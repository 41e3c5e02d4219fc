/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The RAM of the VMs: whole chunks, taken when a VM starts, so that it can never
 * lack memory later, and cleared one by one when it first touches them.
 */
#ifndef MONITOR_GUEST_RAM_H
#define MONITOR_GUEST_RAM_H

#include "domain.h"

/* Take the RAM of one life.  What it took goes back with everything else the domain
 * holds, also when it failed. */
enum mz_error guest_ram_take(struct domain *d);

/* The physical address of the chunk at `offset` into the RAM (less than its size),
 * cleared. */
uint64_t guest_ram_chunk(const struct domain *d, uint64_t offset);

/* Bytes of the guest's RAM that it has used since the last call, in units of MEM_CHUNK. */
uint64_t guest_ram_used(const struct domain *d);

#endif
