/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of mappings itself: for what works on it, and for the debuggers. */
#ifndef CORE_MAPPING_H
#define CORE_MAPPING_H

#include "arch/pagetable.h"
#include "core/mapdb.h"

#define MARKER_DEPTH 0xffff

/*
 * A revocation that takes away rights but not mappings may stop in the middle.  The
 * place where it goes on is a marker: a member of the list that is no mapping, and
 * stands for nothing.  `where` of a marker is the mapping (a kptr) below which the
 * revocation is; that one has MAPPING_MARKED in its status, and if it goes, or moves,
 * the marker is void (0).
 */
#define MAPPING_MARKED 0x80
#define MAPPING_ACCESS 0x07

/* The depth-0 mappings that stand for sigma0's memory and sigma0's ports. */
extern struct mapping *memory_root, *port_root;

/* A new mapping of `s` right behind `after`, paid by s; NULL: no memory. */
struct mapping *mapping_insert(struct mapping *after, unsigned depth, struct space *s,
                               word_t where);
void mapping_remove(struct mapping *m);
/* Hand it to another space, which pays from now on; false: that cannot. */
bool mapping_move(struct mapping *m, struct space *to, word_t where);

/* Put a marker behind `after`, for a revocation below m, or take it out; false: too many. */
bool marker_insert(struct mapping *marker, struct mapping *after, struct mapping *m);
void marker_remove(struct mapping *marker);
/* What markers below m say is no longer so. */
void marker_void(struct mapping *m);

static inline bool mapping_is_marker(const struct mapping *m)
{
    return m->depth == MARKER_DEPTH;
}

/* Neighbours, whatever they are. */
static inline struct mapping *list_next(const struct mapping *m)
{
    return kptr_deref(m->next);
}

static inline struct mapping *list_prev(const struct mapping *m)
{
    return kptr_deref(m->prev);
}

/* The next, or previous, mapping; behind the last one is one of depth 0. */
static inline struct mapping *mapping_next(const struct mapping *m)
{
    do
        m = list_next(m);
    while (mapping_is_marker(m));
    return (struct mapping *)m;
}

static inline struct mapping *mapping_prev(const struct mapping *m)
{
    do
        m = list_prev(m);
    while (mapping_is_marker(m));
    return (struct mapping *)m;
}

static inline struct space *mapping_space(const struct mapping *m)
{
    return kptr_deref(m->space);
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

/* Remove what is derived from m, page table entries included, and with `self` m too; the access
 * status goes to *status.  False: interrupted. */
bool mapping_flush(struct mapping *m, bool self, unsigned *status);

/* With mapdb_lock held; inside of long operations. */
bool unmap_locked(struct space *s, word_t fpage, bool flush, struct unmapping *u);

#define MAPPING_STEP 16 /* mappings between looks for interrupts */

#endif
