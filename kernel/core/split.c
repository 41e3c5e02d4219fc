/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cutting a superpage into pages of the next smaller size, because a part of it
 * is revoked or mapped over.  What is derived from it follows: larger pieces are
 * cut too, and each derived mapping moves behind the piece that it came from.
 */
#include "debug/panic.h"
#include "mapping.h"

/* Free the n mappings that follow m. */
static void remove_next(struct mapping *m, unsigned n)
{
    while (n--)
        mapping_remove(mapping_next(m));
}

/* Move the run first ... last behind `after`, which is not in it.  A revocation that has stopped
 * in it has not yet seen what now stands before it: so it starts over. */
static void move_run(struct mapping *first, struct mapping *last, struct mapping *after)
{
    struct mapping *before = list_prev(first), *behind = list_next(last);

    for (struct mapping *m = first; m != last; m = list_next(m))
        if (mapping_is_marker(m))
            m->where = 0;

    before->next = last->next;
    behind->prev = first->prev;
    last->next = after->next;
    list_next(after)->prev = kptr(last);
    after->next = kptr(first);
    first->prev = kptr(after);
}

/* Each child of m, with all below it, goes behind the piece that it shows a part of.
 * m is the first piece, its children still follow it, and then the other pieces. */
static void sort_children(struct mapping *m, unsigned log2, u64 pa)
{
    struct space *s = mapping_space(m);
    struct mapping *child = mapping_next(m);
    word_t va = mapping_va(m);

    while (child->depth > m->depth) {
        struct mapping *last = child, *next;
        struct pt_leaf l = mapping_leaf(child), piece;
        word_t offset = (pt_address(&l).v - pa) & ~((1UL << log2) - 1);

        while ((next = mapping_next(last))->depth > child->depth)
            last = next;
        if (offset) {
            piece = pt_lookup(s, va + offset);
            move_run(child, last, kptr_deref(*piece.node));
        }
        child = next;
    }
}

/* Cut m, whose descendants are all small enough. */
static bool split_one(struct mapping *m, unsigned log2)
{
    struct space *s = mapping_space(m);
    struct pt_leaf l = mapping_leaf(m);
    unsigned pieces = 1u << (mapping_log2(m) - log2);
    struct mapping *end = m, *next;
    u64 pa = pt_address(&l).v;
    word_t va = l.va;

    while ((next = mapping_next(end))->depth > m->depth)
        end = next;
    for (unsigned i = pieces - 1; i > 0; i--) {
        if (mapping_insert(end, m->depth, s, mapping_where(va + ((word_t)i << log2), log2)))
            continue;
        remove_next(end, pieces - 1 - i);
        return false;
    }
    marker_void(m);
    if (!pt_split(s, &l)) {
        remove_next(end, pieces - 1);
        return false;
    }
    m->where = mapping_where(va, log2);
    next = m;
    for (unsigned i = 0; i < pieces; i++) {
        struct pt_leaf piece = pt_lookup(s, va + ((word_t)i << log2));

        *piece.node = kptr(next);
        next->status = m->status;
        next = i == 0 ? mapping_next(end) : mapping_next(next);
    }
    sort_children(m, log2, pa);
    return true;
}

bool mapping_split(struct mapping *m)
{
    unsigned log2 = pt_size_at_most(mapping_log2(m) - 1);
    struct mapping *d = m, *next;

    while ((next = mapping_next(d))->depth > m->depth)
        d = next;
    for (;; d = next) { /* from the last descendant back to m: children before parents */
        next = mapping_prev(d);
        if (mapping_log2(d) > log2 && !split_one(d, log2))
            return false;
        if (d == m)
            return true;
    }
}
