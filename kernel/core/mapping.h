/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of mappings itself: for mapdb.c, unmap.c and ioport.c only. */
#ifndef CORE_MAPPING_H
#define CORE_MAPPING_H

#include "arch/pagetable.h"
#include "core/mapdb.h"

#define MAPPING_MAX_DEPTH 0xfff0

/* The depth-0 mappings that stand for sigma0's memory and sigma0's ports. */
extern struct mapping *memory_root, *port_root;

/* A new mapping of `s` right behind `after`, paid by s; NULL: no memory. */
struct mapping *mapping_insert(struct mapping *after, unsigned depth, struct space *s,
                               word_t where);
void mapping_remove(struct mapping *m);
/* Hand it to another space, which pays from now on; false: that cannot. */
bool mapping_move(struct mapping *m, struct space *to, word_t where);

static inline struct mapping *mapping_next(const struct mapping *m)
{
    return kptr_deref(m->next);
}

static inline struct mapping *mapping_prev(const struct mapping *m)
{
    return kptr_deref(m->prev);
}

static inline struct space *mapping_space(const struct mapping *m)
{
    return kptr_deref(m->space);
}

static inline struct mapping *mapping_parent(const struct mapping *m)
{
    const struct mapping *p = m;

    do
        p = mapping_prev(p);
    while (p->depth >= m->depth);
    return (struct mapping *)p;
}

static inline word_t mapping_va(const struct mapping *m)
{
    return m->where & ~(word_t)0xfff;
}

static inline unsigned mapping_log2(const struct mapping *m)
{
    return m->where & 0xff;
}

static inline word_t mapping_where(word_t va, unsigned log2)
{
    return va | log2;
}

/* The page table entry that m describes. */
static inline struct pt_leaf mapping_leaf(const struct mapping *m)
{
    return pt_lookup(mapping_space(m), mapping_va(m));
}

/* Cut a superpage (log2 size > PAGE_SHIFT) and what is derived from it into the next smaller pages.
 * m stays as the first piece.  False: no memory for that; some descendants may be cut. */
bool mapping_split(struct mapping *m);

/* Remove m and all that is derived from it, page table entries included. */
void mapping_flush(struct mapping *m);

#endif
