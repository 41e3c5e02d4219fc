/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of ranges: binary search, and one splice for every change. */
#include "ranges.h"

#include <string.h>

void ranges_init(struct ranges *r, struct range *table, unsigned capacity, unsigned long high,
                 unsigned long owner)
{
    *r = (struct ranges){table, 1, capacity};
    table[0] = (struct range){0, high, owner};
}

static unsigned find(const struct ranges *r, unsigned long address)
{
    unsigned first = 0, last = r->count - 1;

    while (first < last) {
        unsigned middle = (first + last + 1) / 2;
        if (r->range[middle].low <= address)
            first = middle;
        else
            last = middle - 1;
    }
    return first;
}

const struct range *ranges_find(const struct ranges *r, unsigned long address)
{
    return &r->range[find(r, address)];
}

/* Puts the n ranges of piece in the place of those from first to last. */
static bool splice(struct ranges *r, unsigned first, unsigned last, const struct range *piece,
                   unsigned n)
{
    unsigned removed = last - first + 1;

    if (r->count - removed + n > r->capacity)
        return false;
    memmove(r->range + first + n, r->range + last + 1, (r->count - last - 1) * sizeof(*piece));
    memcpy(r->range + first, piece, n * sizeof(*piece));
    r->count += n - removed;
    return true;
}

bool ranges_set(struct ranges *r, unsigned long low, unsigned long high, unsigned long owner)
{
    unsigned first = find(r, low), last = find(r, high), n = 0;
    struct range piece[3], left = r->range[first], right = r->range[last];

    if (low == left.low && first > 0 && r->range[first - 1].owner == owner)
        left = r->range[--first];
    if (high == right.high && last + 1 < r->count && r->range[last + 1].owner == owner)
        right = r->range[++last];

    if (left.owner == owner)
        low = left.low;
    else if (left.low < low)
        piece[n++] = (struct range){left.low, low - 1, left.owner};
    if (right.owner == owner)
        high = right.high;
    piece[n++] = (struct range){low, high, owner};
    if (high < right.high)
        piece[n++] = (struct range){high + 1, right.high, right.owner};
    return splice(r, first, last, piece, n);
}

bool ranges_replace(struct ranges *r, unsigned long low, unsigned long high, unsigned long replaced,
                    unsigned long owner)
{
    for (;;) {
        struct range at = *ranges_find(r, low);
        unsigned long end = at.high < high ? at.high : high;

        if (at.owner == replaced && !ranges_set(r, low, end, owner))
            return false;
        if (end == high)
            return true;
        low = end + 1;
    }
}

enum claim ranges_claim(struct ranges *r, unsigned long low, unsigned long high,
                        unsigned long owner, bool device)
{
    bool change = false;

    for (unsigned i = find(r, low); i < r->count && r->range[i].low <= high; i++) {
        unsigned long holder = r->range[i].owner;
        if (holder == OWNER_RAM || (device && holder == OWNER_DEVICE))
            change = true;
        else if (holder != owner && holder != OWNER_ANYONE)
            return CLAIM_REFUSED;
    }
    /* Only the two ends can need new ranges: if they fit, the rest cannot fail. */
    if (change && r->count + 2 > r->capacity)
        return CLAIM_FULL;
    if (change) {
        ranges_replace(r, low, high, OWNER_RAM, owner);
        ranges_replace(r, low, high, OWNER_DEVICE, owner);
    }
    return CLAIM_OK;
}

bool ranges_free_block(const struct ranges *r, unsigned log2, unsigned long last,
                       unsigned long *low)
{
    unsigned long mask;

    if (log2 >= sizeof(mask) * 8)
        return false;
    mask = ((unsigned long)1 << log2) - 1;
    for (unsigned i = r->count; i-- > 0;) {
        const struct range *at = &r->range[i];
        unsigned long high = at->high < last ? at->high : last;

        if (at->owner != OWNER_RAM || high < at->low || high - at->low < mask)
            continue;
        *low = (high - mask) & ~mask;
        if (*low >= at->low)
            return true;
    }
    return false;
}
