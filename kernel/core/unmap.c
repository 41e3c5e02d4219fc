/* SPDX-License-Identifier: BSD-2-Clause */
/* Revoking mappings, what the processor noted of their use, and their memory types. */
#include "arch/layout.h"
#include "core/arch.h"
#include "core/fpage.h"
#include "core/lock.h"
#include "core/mapdb.h"
#include "attribute.h"
#include "mapping.h"
#include "debug/panic.h"

#define KEEP_ATTRIBUTE (~0u)

/* One revocation: which physical range, which rights; the status gathered on the way. */
struct revocation {
    u64 start, end;
    unsigned rights;
    unsigned attribute; /* a new memory type, or KEEP_ATTRIBUTE */
    unsigned status;
    unsigned steps;
};

/* Is it time to let an interrupt in, and does one wait? */
static bool interrupted(struct revocation *r)
{
    return ++r->steps % MAPPING_STEP == 0 && cpu_interrupted();
}

static void take_status(struct mapping *m, struct pt_leaf *l, struct revocation *r)
{
    r->status |= pt_take_status(mapping_space(m), l) | (m->status & MAPPING_ACCESS);
    m->status &= (u8)~MAPPING_ACCESS;
}

/* Take the rights from one mapping; it may be gone then. */
static void revoke(struct mapping *m, struct revocation *r)
{
    struct space *s = mapping_space(m);
    struct pt_leaf l = mapping_leaf(m);
    unsigned left;

    if (r->attribute != KEEP_ATTRIBUTE) {
        pt_set_attribute(s, &l, r->attribute);
        return;
    }
    take_status(m, &l, r);
    if (!r->rights)
        return;
    left = pt_rights(&l) & ~r->rights;
    if (left & RIGHT_R) {
        if (left != pt_rights(&l))
            pt_protect(s, &l, left);
        return;
    }
    pt_clear(s, &l);
    mapping_remove(m);
}

static bool touches(const struct mapping *m, const struct revocation *r)
{
    struct pt_leaf l = mapping_leaf(m);
    u64 pa = pt_address(&l).v;

    return pa < r->end && r->start < pa + (1UL << mapping_log2(m));
}

/* Is a part of m outside the range? */
static bool sticks_out(const struct mapping *m, const struct revocation *r)
{
    struct pt_leaf l = mapping_leaf(m);
    u64 pa = pt_address(&l).v;

    return pa < r->start || pa + (1UL << mapping_log2(m)) > r->end;
}

/* From below: when this stops, nothing is left without what it was derived from. */
bool mapping_flush(struct mapping *m, bool self, unsigned *status)
{
    struct revocation r = {.rights = RIGHT_RWX, .attribute = KEEP_ATTRIBUTE};
    struct mapping *d = m, *next, *parent;
    bool all = true;

    while (all) {
        while ((next = mapping_next(d))->depth > d->depth)
            d = next;
        if (d == m)
            break;
        parent = mapping_prev(d);
        revoke(d, &r);
        d = parent;
        all = !interrupted(&r);
    }
    if (all && self)
        revoke(m, &r);
    *status |= r.status;
    return all;
}

/*
 * Everything derived from m, as far as the range touches it.  A superpage that
 * sticks out is cut; if there is no memory for that, it goes as a whole.
 */
static bool revoke_derived(struct mapping *m, struct revocation *r, struct mapping *marker)
{
    bool removes = r->rights & RIGHT_R;
    struct mapping *last = m, *d;

    if (marker &&
        mapping_is_marker(marker)) { /* go on where it was left, if that still is below m */
        if (marker->where == kptr(m))
            last = mapping_prev(marker);
        marker_remove(marker);
    }
    while ((d = mapping_next(last))->depth > m->depth) {
        if (!touches(d, r)) {
            last = d;
        } else if ((r->rights || r->attribute != KEEP_ATTRIBUTE) && sticks_out(d, r) &&
                   mapping_split(d)) {
            continue; /* with its first piece */
        } else if (removes) {
            if (!mapping_flush(d, true, &r->status))
                return false;
        } else {
            revoke(d, r);
            last = d;
        }
        if (interrupted(r) &&
            ((removes && last == m) || (marker && marker_insert(marker, last, m))))
            return false;
    }
    return true;
}

/* One page of the space that asks, and what is derived from it. */
static bool revoke_leaf(struct pt_leaf *l, word_t start, word_t end, bool flush,
                        struct revocation *r, struct mapping *marker)
{
    struct mapping *m = kptr_deref(*l->node);
    bool removes = r->rights & RIGHT_R;
    u64 pa = pt_address(l).v;

    r->start = pa + (MAX(start, l->va) - l->va);
    r->end = pa + (MIN(end, l->va + (1UL << l->log2)) - l->va);
    if (flush && r->rights) { /* this page goes as a whole, so all that hangs on it goes */
        r->start = pa;
        r->end = pa + (1UL << l->log2);
    }
    if (flush && !removes) /* first: what is derived anew, should this stop, has no more either */
        revoke(m, r);
    if (!revoke_derived(m, r, marker))
        return false;
    if (flush && removes)
        revoke(m, r);
    else if (!flush)
        take_status(m, l, r);
    return true;
}

/* The pages of s from base + *done on. */
static bool revoke_range(struct space *s, word_t base, word_t end, bool flush, struct revocation *r,
                         struct unmapping *u)
{
    while (u->done < end - base) {
        word_t va = base + u->done;
        struct pt_leaf l = pt_lookup(s, va);
        word_t next = l.pte ? l.va + (1UL << l.log2) : pt_next(s, va);
        bool part = l.va < base || next > end, mapped = l.pte && !pt_pinned(&l);

        if (mapped && part && flush && (r->rights || r->attribute != KEEP_ATTRIBUTE) &&
            mapping_split(kptr_deref(*l.node)))
            continue;
        if (mapped) /* a superpage may have come: should this stop, and it be cut, all of it is to do */
            u->done = MAX(l.va, base) - base;
        if (mapped && !revoke_leaf(&l, base, end, flush, r, u->marker))
            return false;
        u->done = MIN(next - base, end - base);
        if (interrupted(r) || (!l.pte && cpu_interrupted()))
            return u->done == end - base;
    }
    return true;
}

/* What the fpage means in space s: [*base, *end); false: nothing. */
static bool range_of(const struct space *s, word_t fpage, word_t *base, word_t *end)
{
    unsigned log2 = MAX(fpage_log2(fpage), (unsigned)PAGE_SHIFT);
    word_t last = s->sigma0 ? PHYS_LAST : USER_END - 1;

    *base = fpage_base(fpage) & ~mask_of(log2);
    if (fpage_is_nil(fpage) || !s->pt_root || *base > last)
        return false;
    *end = *base + MIN(mask_of(log2), last - *base) + 1; /* 0: the end of a 32-bit space */
    return true;
}

static bool revoke_fpage(struct space *s, word_t fpage, bool flush, struct revocation *r,
                         struct unmapping *u)
{
    word_t base, end;
    bool all;

    if (!range_of(s, fpage, &base, &end))
        return true;
    if (s->sigma0) {
        r->start = base;
        r->end = (u64)(end - 1) + 1;
        all = revoke_derived(memory_root, r, u->marker);
    } else {
        all = revoke_range(s, base, end, flush, r, u);
    }
    if (all && u->marker && mapping_is_marker(u->marker))
        marker_remove(u->marker); /* the page below which it stopped has gone meanwhile */
    u->status |= r->status;
    return all;
}

bool unmap_locked(struct space *s, word_t fpage, bool flush, struct unmapping *u)
{
    struct revocation r = {.rights = fpage_rights(fpage), .attribute = KEEP_ATTRIBUTE};

    return revoke_fpage(s, fpage, flush, &r, u);
}

bool unmap_fpage(struct space *s, word_t fpage, bool flush, struct unmapping *u)
{
    bool all;

    lock_take(&mapdb_lock);
    all = unmap_locked(s, fpage, flush, u);
    cpus_flush();
    lock_give(&mapdb_lock);
    return all;
}

void unmap_forget(struct mapping *marker)
{
    if (!mapping_is_marker(marker)) /* only its owner makes it one */
        return;
    lock_take(&mapdb_lock);
    marker_remove(marker);
    lock_give(&mapdb_lock);
}

/* ---- memory types ---- */

bool attribute_fpage(struct space *s, word_t fpage, unsigned attribute, struct unmapping *u)
{
    struct revocation r = {.attribute = attribute};
    word_t base, end;
    bool all = true;

    lock_take(&mapdb_lock);
    if (s->sigma0 && range_of(s, fpage, &base, &end) &&
        !attribute_note(base, (u64)(end - 1) + 1, attribute))
        r.attribute = KEEP_ATTRIBUTE; /* too many pieces of memory with types of their own */
    all = revoke_fpage(s, fpage, true, &r, u);
    cpus_flush();
    lock_give(&mapdb_lock);
    return all;
}
