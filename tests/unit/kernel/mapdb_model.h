/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What X.2 says of mappings, in the plainest form: each page of 4 KiB that a space has is a
 * node, and knows the node that it came from.  Superpages are runs of nodes that were mapped
 * as one.  No lists in order, no page tables, nothing that stops.
 */
#ifndef MAPDB_MODEL_H
#define MAPDB_MODEL_H

#include "arch/pte.h"
#include "types.h"

#define MODEL_SPACES 6               /* 0 is sigma0, whose page n is frame n, for ever */
#define SUPER        (1u << PT_BITS) /* pages of a superpage                           */
#define MODEL_LOG2   11              /* of the pages of each space                     */
#define MODEL_PAGES  (1u << MODEL_LOG2)

struct node {
    struct node *parent;              /* NULL: from sigma0 */
    struct node *child, *next, *prev; /* children, siblings */
    unsigned space, page, frame;
    unsigned rights, status;
    bool large; /* part of a superpage */
};

void model_reset(void);
struct node *model_at(unsigned space, unsigned page);

/* Of `count` pages (1 or a whole superpage, if that is what the giver has there). */
void model_map(unsigned from, unsigned src, unsigned to, unsigned dst, unsigned count,
               unsigned rights, bool grant);
/* Take rights from what is derived from pages first ... end - 1, and with flush from them; returns
 * what was accessed. */
unsigned model_unmap(unsigned s, unsigned first, unsigned end, unsigned rights, bool flush);
/* The processor has accessed it so: the whole page, as its entry is one. */
void model_access(struct node *n, unsigned status);

#endif
