/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sigma0 has no page table entries for what it gives away, and on IA32 most devices
 * lie where it could not have any: so what MemoryControl says of its memory is kept
 * as a list of ranges, for the mappings to come.
 */
#include "attribute.h"

#define RANGES_MAX 64

static struct range {
    u64 start, end;
    unsigned attribute;
} ranges[RANGES_MAX];
static unsigned count;

static void add(u64 start, u64 end, unsigned attribute)
{
    if (start < end)
        ranges[count++] = (struct range){start, end, attribute};
}

/* How many ranges there will be. */
static unsigned count_with(u64 start, u64 end, unsigned attribute)
{
    unsigned n = attribute ? 1 : 0;

    for (const struct range *r = ranges; r < ranges + count; r++) {
        if (r->end <= start || r->start >= end)
            n++;
        else /* what sticks out on either side */
            n += (unsigned)(r->start < start) + (unsigned)(r->end > end);
    }
    return n;
}

bool attribute_note(u64 start, u64 end, unsigned attribute)
{
    if (count_with(start, end, attribute) > RANGES_MAX)
        return false;
    for (unsigned i = 0; i < count;) {
        struct range r = ranges[i];

        if (r.end <= start || r.start >= end) {
            i++;
            continue;
        }
        ranges[i] = ranges[--count];
        add(r.start, r.start < start ? start : r.start, r.attribute);
        add(r.end > end ? end : r.end, r.end, r.attribute);
    }
    if (attribute)
        add(start, end, attribute);
    return true;
}

unsigned attribute_of(u64 pa)
{
    for (unsigned i = 0; i < count; i++)
        if (pa >= ranges[i].start && pa < ranges[i].end)
            return ranges[i].attribute;
    return 0;
}
