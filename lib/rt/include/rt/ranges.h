/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of physical page ranges, sorted and disjoint.  The monitor computes in
 * it which memory is plain RAM, from descriptors that override one another.
 */
#ifndef RT_RANGES_H
#define RT_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#define RANGES_MAX 64

struct range {
    uint64_t base, end; /* end is exclusive */
};

struct ranges {
    unsigned count;
    struct range r[RANGES_MAX];
};

/* Add [base, end), or take it away.  False if the set would need more than
 * RANGES_MAX ranges; adding then drops the range, removing drops the upper part
 * of the range that would be split: the set only ever holds too little. */
bool ranges_add(struct ranges *set, uint64_t base, uint64_t end);
bool ranges_remove(struct ranges *set, uint64_t base, uint64_t end);

uint64_t ranges_bytes(const struct ranges *set);

#endif
