/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold of the list of mappings between any two operations, also if some have stopped. */
#ifndef MAPDB_CHECK_H
#define MAPDB_CHECK_H

#include "mapdb_fixture.h"

#define DEPTHS 4096

/* Is m a part of the parent's page, with no more rights? */
static inline bool derived_from(const struct mapping *m, const struct mapping *parent, bool rights)
{
    struct pt_leaf l = mapping_leaf(m), p;

    if (!parent || m->depth != parent->depth + 1)
        return false;
    if (parent == memory_root)
        return true;
    p = mapping_leaf(parent);
    return pt_address(&l).v >= pt_address(&p).v &&
           pt_address(&l).v + (1UL << l.log2) <= pt_address(&p).v + (1UL << p.log2) &&
           !(rights && pt_rights(&l) & ~pt_rights(&p));
}

/*
 * Returns how many mappings there are; *markers: how many places where an Unmap goes on.
 * One that has stopped may leave rights to what is derived from a page that has lost them.
 */
static inline unsigned check_list(unsigned *markers, bool rights)
{
    static const struct mapping *last[DEPTHS]; /* of each depth */
    unsigned count = 0;

    *markers = 0;
    last[0] = memory_root;
    for (const struct mapping *m = list_next(memory_root), *prev = memory_root; m->depth;
         prev = m, m = list_next(m)) {
        struct pt_leaf l;

        assert_ptr_equal(list_prev(m), prev);
        if (mapping_is_marker(m)) {
            ++*markers;
            continue;
        }
        assert_true(m->depth >= 1 && m->depth < DEPTHS);
        l = mapping_leaf(m);
        assert_non_null(l.pte);
        assert_ptr_equal(kptr_deref(*l.node), m);
        assert_int_equal(l.va, mapping_va(m));
        assert_int_equal(l.log2, mapping_log2(m));
        assert_true(derived_from(m, last[m->depth - 1], rights));
        last[m->depth] = m;
        last[m->depth + 1] = NULL;
        count++;
    }
    return count;
}

/* How many pages a space has in [va, end). */
static inline unsigned count_pages(const struct space *s, word_t va, word_t end)
{
    unsigned n = 0;

    while (va < end) {
        struct pt_leaf l = pt_lookup(s, va);

        n += l.pte != NULL;
        va = l.va + (1UL << l.log2);
    }
    return n;
}

#endif
