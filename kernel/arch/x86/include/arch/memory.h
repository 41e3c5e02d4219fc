/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings in the kernel's part of all spaces. */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include "arch/area.h"
#include "arch/layout.h"
#include "types.h"

struct cpu;

/* What users read at gs:0 and beyond; the first words of a page for each processor. */
struct utcb_slot {
    word_t utcb;         /* address of the running thread's MR0                   */
    word_t clock_factor; /* AMD64: microseconds = TSC * factor / 2^64             */
};

/* Find the kernel pool, build the kernel's page tables, the first processor's area among them, and
 * switch to them. */
void memory_init(void);

/* boot_pool_base and _size: the largest block that the loader reserved for the kernel, as far as
 * pages of `unit` bytes go, but at most `max` bytes. */
void pool_find(u64 unit, u64 max);

/* Processor n's area (arch/area.h). */
static inline struct cpu *area_cpu(unsigned n)
{
    return (struct cpu *)(CPU_AREAS + n * AREA_SIZE + AREA_CPU);
}

static inline word_t area_stack_top(unsigned n)
{
    return CPU_AREAS + n * AREA_SIZE + AREA_CPU;
}

/* Make it, of zeroed memory from the pool; false: there is none. */
bool area_create(unsigned n);

/* Map the page of device registers at pa, uncached and for ever. */
void *map_device(u64 pa);

/* At boot only: pa and at least 2 MiB behind it; slot 0 to 3 is mapped anew at each call. */
void *map_window(unsigned slot, u64 pa);
void unmap_windows(void);

#endif
