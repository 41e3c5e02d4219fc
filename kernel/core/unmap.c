/* SPDX-License-Identifier: BSD-2-Clause */
/* Revoking mappings, and what the processor noted of their use. */
#include "arch/layout.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "mapping.h"
#include "debug/panic.h"

/* One revocation: which physical range, which rights; the status gathered on the way. */
struct revocation {
    u64 start, end;
    unsigned rights;
    unsigned status;
};

/* Take the rights from one mapping; true if it is gone. */
static bool revoke(struct mapping *m, struct revocation *r)
{
    struct space *s = mapping_space(m);
    struct pt_leaf l = mapping_leaf(m);
    unsigned left;

    r->status |= pt_take_status(s, &l) | m->spare;
    m->spare = 0;
    if (!r->rights)
        return false;
    left = pt_rights(&l) & ~r->rights;
    if (left & RIGHT_R) {
        if (left != pt_rights(&l))
            pt_protect(s, &l, left);
        return false;
    }
    pt_clear(s, &l);
    mapping_remove(m);
    return true;
}

static bool touches(const struct mapping *m, const struct revocation *r)
{
    struct pt_leaf l = mapping_leaf(m);
    u64 pa = pt_address(&l).v;

    return pa < r->end && r->start < pa + (1UL << mapping_log2(m));
}

/* Remove m and all that is derived from it; the status goes to r.  Returns the successor. */
static struct mapping *flush_tree(struct mapping *m, struct revocation *r)
{
    struct revocation all = {.rights = RIGHT_RWX};
    struct mapping *next = mapping_next(m);

    while (next && next->depth > m->depth) {
        struct mapping *d = next;

        next = mapping_next(d);
        revoke(d, &all);
    }
    revoke(m, &all);
    r->status |= all.status;
    return next;
}

/* Is a part of m outside the range? */
static bool sticks_out(const struct mapping *m, const struct revocation *r)
{
    struct pt_leaf l = mapping_leaf(m);
    u64 pa = pt_address(&l).v;

    return pa < r->start || pa + (1UL << mapping_log2(m)) > r->end;
}

/* Everything derived from m, as far as the range touches it.  A superpage that
 * sticks out is cut; if there is no memory for that, it goes as a whole. */
static void revoke_derived(struct mapping *m, struct revocation *r)
{
    struct mapping *d = mapping_next(m);

    while (d && d->depth > m->depth) {
        struct mapping *next = mapping_next(d);

        if (touches(d, r)) {
            if (r->rights && sticks_out(d, r) && mapping_split(d))
                continue; /* with its first piece */
            if (r->rights & RIGHT_R)
                next = flush_tree(d, r);
            else
                revoke(d, r);
        }
        d = next;
    }
}

void mapping_flush(struct mapping *m)
{
    struct revocation r = {0};

    flush_tree(m, &r);
}

static void revoke_leaf(struct pt_leaf *l, word_t start, word_t end, bool flush,
                        struct revocation *r)
{
    struct mapping *m = kptr_deref(*l->node);
    u64 pa = pt_address(l).v;

    r->start = pa + (MAX(start, l->va) - l->va);
    r->end = pa + (MIN(end, l->va + (1UL << l->log2)) - l->va);
    if (flush && r->rights) { /* this page goes as a whole, so all that hangs on it goes */
        r->start = pa;
        r->end = pa + (1UL << l->log2);
    }
    revoke_derived(m, r);
    if (flush) {
        revoke(m, r);
    } else {
        struct space *s = mapping_space(m);

        r->status |= pt_take_status(s, l) | m->spare;
        m->spare = 0;
    }
}

static unsigned unmap_sigma0(word_t base, u64 size, unsigned rights)
{
    struct revocation r = {.start = base, .end = base + size, .rights = rights};

    revoke_derived(memory_root, &r);
    return r.status;
}

unsigned unmap_fpage(struct space *s, word_t fpage, bool flush)
{
    unsigned log2 = MAX(fpage_log2(fpage), (unsigned)PAGE_SHIFT);
    word_t base = fpage_base(fpage) & ~mask_of(log2), end;
    struct revocation r = {.rights = fpage_rights(fpage)};

    if (fpage_is_nil(fpage) || !s->pt_root)
        return 0;
    if (s->sigma0)
        return unmap_sigma0(base, (u64)MIN(mask_of(log2), PHYS_LAST) + 1, r.rights);
    if (base >= USER_END)
        return 0;
    end = base + MIN(mask_of(log2), USER_END - base - 1) + 1;
    for (word_t va = base; va < end;) {
        struct pt_leaf l = pt_lookup(s, va);
        word_t next = l.va + (1UL << l.log2);
        bool part = l.va < base || next > end;

        if (l.pte && !pt_pinned(&l) && part && flush && r.rights &&
            mapping_split(kptr_deref(*l.node)))
            continue;
        if (l.pte && !pt_pinned(&l))
            revoke_leaf(&l, base, end, flush, &r);
        va = next;
    }
    return r.status;
}

void unmap_space(struct space *s)
{
    unmap_fpage(s, FPAGE_COMPLETE | RIGHT_RWX, true);
    unmap_io(s, fpage_io_make(0, 16), true);
}
