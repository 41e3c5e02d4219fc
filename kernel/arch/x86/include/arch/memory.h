/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings in the kernel's part of all spaces. */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include "types.h"

/* What users read at gs:0 and beyond; one cache line for each processor. */
struct utcb_slot {
    word_t utcb;         /* address of the running thread's MR0                   */
    word_t clock_factor; /* AMD64: microseconds = TSC * factor / 2^64             */
} __attribute__((aligned(64)));

/* Find the kernel pool, build the kernel's page tables and switch to them. */
void memory_init(void);

/* boot_pool_base and _size: the largest block that the loader reserved for the kernel, as far as
 * pages of `unit` bytes go, but at most `max` bytes. */
void pool_find(u64 unit, u64 max);

/* The kernel's alias of the processors' slots. */
extern struct utcb_slot utcb_slots[PAGE_SIZE / sizeof(struct utcb_slot)];

/* Map the page of device registers at pa, uncached and for ever. */
void *map_device(u64 pa);

/* At boot only: read pa and at least 2 MiB behind it; slot 0 to 3 is mapped anew at each call. */
const void *map_window(unsigned slot, u64 pa);
void unmap_windows(void);

#endif
