/* SPDX-License-Identifier: BSD-2-Clause */
#include <rt/ranges.h>

#include <string.h>

static void erase(struct ranges *set, unsigned i)
{
    memmove(&set->r[i], &set->r[i + 1], (set->count - i - 1) * sizeof(set->r[0]));
    set->count--;
}

static bool insert(struct ranges *set, unsigned i, uint64_t base, uint64_t end)
{
    if (set->count == RANGES_MAX)
        return false;
    memmove(&set->r[i + 1], &set->r[i], (set->count - i) * sizeof(set->r[0]));
    set->r[i] = (struct range){base, end};
    set->count++;
    return true;
}

bool ranges_add(struct ranges *set, uint64_t base, uint64_t end)
{
    unsigned i = 0;

    if (base >= end)
        return true;
    while (i < set->count && set->r[i].end < base)
        i++;
    /* Swallow all ranges that touch the new one. */
    while (i < set->count && set->r[i].base <= end) {
        if (set->r[i].base < base)
            base = set->r[i].base;
        if (set->r[i].end > end)
            end = set->r[i].end;
        erase(set, i);
    }
    return insert(set, i, base, end);
}

bool ranges_remove(struct ranges *set, uint64_t base, uint64_t end)
{
    bool ok = true;
    unsigned i = 0;

    if (base >= end)
        return true;
    while (i < set->count && set->r[i].base < end) {
        struct range old = set->r[i];

        if (old.end <= base) {
            i++;
            continue;
        }
        erase(set, i);
        if (old.base < base)
            insert(set, i++, old.base, base);
        if (old.end > end)
            ok = insert(set, i++, end, old.end) && ok;
    }
    return ok;
}

uint64_t ranges_bytes(const struct ranges *set)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < set->count; i++)
        sum += set->r[i].end - set->r[i].base;
    return sum;
}
