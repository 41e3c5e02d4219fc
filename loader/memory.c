/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding room: a few dozen regions, so every search is a plain walk. */
#include "memory.h"

#include <stddef.h>

uintptr_t phys_offset;

bool layout_add_ram(struct layout *l, uint64_t low, uint64_t high)
{
    if (low >= high)
        return true;
    /* Join neighbours, so that what spans them is seen as RAM. */
    for (unsigned i = 0; i < l->ram_count; i++) {
        if (l->ram[i].high == low) {
            l->ram[i].high = high;
            return true;
        }
        if (l->ram[i].low == high) {
            l->ram[i].low = low;
            return true;
        }
    }
    if (l->ram_count == RAM_REGIONS)
        return false;
    l->ram[l->ram_count++] = (struct region){low, high};
    return true;
}

bool layout_use(struct layout *l, uint64_t low, uint64_t high)
{
    if (low >= high)
        return true;
    if (l->used_count == USED_REGIONS)
        return false;
    l->used[l->used_count++] = (struct region){low, high};
    return true;
}

const struct region *layout_conflict(const struct layout *l, uint64_t low, uint64_t high)
{
    for (unsigned i = 0; i < l->used_count; i++)
        if (l->used[i].low < high && low < l->used[i].high)
            return &l->used[i];
    return NULL;
}

bool layout_is_ram(const struct layout *l, uint64_t low, uint64_t high)
{
    for (unsigned i = 0; i < l->ram_count; i++)
        if (l->ram[i].low <= low && high <= l->ram[i].high)
            return true;
    return false;
}

/* Goes down from the end of one region, past whatever is in the way. */
static bool find_in(const struct layout *l, const struct region *ram, uint64_t size, uint64_t align,
                    uint64_t limit, uint64_t *at)
{
    uint64_t end = ram->high < limit ? ram->high : limit;

    while (end >= size && end - size >= ram->low) {
        uint64_t low = align_down(end - size, align);
        const struct region *in_the_way;
        if (low < ram->low)
            return false;
        in_the_way = layout_conflict(l, low, low + size);
        if (!in_the_way) {
            *at = low;
            return true;
        }
        end = in_the_way->low;
    }
    return false;
}

bool layout_find(const struct layout *l, uint64_t size, uint64_t align, uint64_t limit,
                 uint64_t *at)
{
    bool found = false;
    uint64_t candidate;

    for (unsigned i = 0; i < l->ram_count; i++)
        if (find_in(l, &l->ram[i], size, align, limit, &candidate) && (!found || candidate > *at)) {
            *at = candidate;
            found = true;
        }
    return found;
}
