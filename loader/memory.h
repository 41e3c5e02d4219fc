/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical memory as the loader sees it.  Loader addresses are physical ones;
 * a test on the host sets phys_offset to the place of its make-believe memory.
 */
#ifndef LOADER_MEMORY_H
#define LOADER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SIZE 4096u
#define MiB       (UINT64_C(1) << 20)
#define GiB       (UINT64_C(1) << 30)

extern uintptr_t phys_offset;

static inline void *phys(uint64_t address)
{
    return (void *)(uintptr_t)(address + phys_offset);
}

static inline uint64_t align_down(uint64_t a, uint64_t unit)
{
    return a & ~(unit - 1);
}

static inline uint64_t align_up(uint64_t a, uint64_t unit)
{
    return (a + unit - 1) & ~(unit - 1);
}

struct region {
    uint64_t low, high; /* high: exclusive */
};

#define RAM_REGIONS  64
#define USED_REGIONS 192

/* What is RAM, and what of it is taken. */
struct layout {
    unsigned ram_count, used_count;
    struct region ram[RAM_REGIONS];
    struct region used[USED_REGIONS];
};

/* Both ignore empty regions, and return false if there is no space for more. */
bool layout_add_ram(struct layout *l, uint64_t low, uint64_t high);
bool layout_use(struct layout *l, uint64_t low, uint64_t high);

/* A used region that overlaps [low, high), or NULL. */
const struct region *layout_conflict(const struct layout *l, uint64_t low, uint64_t high);

/* Is all of [low, high) RAM? */
bool layout_is_ram(const struct layout *l, uint64_t low, uint64_t high);

/* The highest free place for size bytes that ends at or below limit. */
bool layout_find(const struct layout *l, uint64_t size, uint64_t align, uint64_t limit,
                 uint64_t *at);

#endif
