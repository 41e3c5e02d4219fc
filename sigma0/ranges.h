/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns what: a complete space of addresses or ports, cut into ranges with
 * an owner each.  Neighbours of one owner are always one range, so the table
 * stays as short as the ownership is simple.
 */
#ifndef SIGMA0_RANGES_H
#define SIGMA0_RANGES_H

#include <stdbool.h>

/* An owner is a global thread id, or one of these; no id ends in six zero bits. */
#define OWNER_NOBODY 0x000ul /* not there: never handed out        */
#define OWNER_RAM    0x040ul /* free ordinary memory               */
#define OWNER_DEVICE 0x080ul /* free, but only on explicit request */
#define OWNER_ANYONE 0x0c0ul /* shared: for all who ask            */

struct range {
    unsigned long low, high; /* high: inclusive */
    unsigned long owner;
};

struct ranges {
    struct range *range; /* ascending, without gaps */
    unsigned count, capacity;
};

/* Makes the space [0, high] one range. */
void ranges_init(struct ranges *r, struct range *table, unsigned capacity, unsigned long high,
                 unsigned long owner);

/* Gives [low, high] to owner; false, with nothing changed, if the table is full. */
bool ranges_set(struct ranges *r, unsigned long low, unsigned long high, unsigned long owner);

/* Sets what replaced owned within [low, high]. */
bool ranges_replace(struct ranges *r, unsigned long low, unsigned long high, unsigned long replaced,
                    unsigned long owner);

/* The range that holds address. */
const struct range *ranges_find(const struct ranges *r, unsigned long address);

enum claim { CLAIM_OK, CLAIM_REFUSED, CLAIM_FULL };

/*
 * Makes owner the owner of [low, high], as far as it or anyone is not already.
 * Refused if any part belongs to someone else, or is device memory while
 * device is false.
 */
enum claim ranges_claim(struct ranges *r, unsigned long low, unsigned long high,
                        unsigned long owner, bool device);

/* The highest free block of RAM up to last of 2^log2 bytes, aligned to its size. */
bool ranges_free_block(const struct ranges *r, unsigned log2, unsigned long last,
                       unsigned long *low);

#endif
