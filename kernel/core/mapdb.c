/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping and granting; see core/mapdb.h for the structure. */
#include "core/mapdb.h"

#include "arch/layout.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpage.h"
#include "core/lock.h"
#include "attribute.h"
#include "mapping.h"
#include "debug/check.h"
#include "debug/panic.h"

struct lock mapdb_lock;

/* What is being mapped: a page, or a piece of one, and the mapping behind it. */
struct source {
    struct space *space;
    struct mapping *mapping;
    struct pt_leaf leaf; /* pte NULL: sigma0's idempotent memory */
    word_t va;
    paddr_t pa;
    unsigned rights, attribute;
};

/* Remove whatever `to` has between va and va + 2^log2, and the page tables for it.  False:
 * interrupted. */
static bool clear_target(struct space *to, struct pt_leaf *l)
{
    word_t end = l->va + (1UL << l->log2);
    unsigned status;

    for (word_t va = l->va, n = 1; va < end; n++) {
        struct pt_leaf p = pt_lookup(to, va);

        if (p.pte && !mapping_flush(kptr_deref(*p.node), true, &status))
            return false;
        va = p.pte ? p.va + (1UL << p.log2) : pt_next(to, va);
        if (n % MAPPING_STEP == 0 && va < end && cpu_interrupted())
            return false; /* what has been removed is a hole now, which is passed by at once */
    }
    if (pt_is_table(l))
        pt_drop_table(to, l);
    return true;
}

#define SIBLINGS_MAX 256 /* so far back a parent is looked for */

/* Is m a child of parent?  If too many siblings stand between them, the answer is no. */
static bool is_child(const struct mapping *m, const struct mapping *parent)
{
    const struct mapping *p = m;

    if (m->depth != parent->depth + 1)
        return false;
    for (unsigned i = 0; i < SIBLINGS_MAX && p->depth >= m->depth; i++)
        p = mapping_prev(p);
    return p == parent;
}

/* Does the page `l` of a space already show the source, derived from the same mapping? */
static bool same_mapping(const struct pt_leaf *l, word_t va, const struct source *src)
{
    const struct mapping *m = kptr_deref(*l->node);

    return pt_address(l).v + (va - l->va) == src->pa.v && is_child(m, src->mapping);
}

/* The source's entry and mapping, which may have been cut or removed. */
static void refresh(struct source *src)
{
    src->leaf = pt_lookup(src->space, src->va);
    src->mapping = src->leaf.pte ? kptr_deref(*src->leaf.node) : NULL;
}

/* The mapping goes over, with all that is derived from it, as far as the rights go. */
static enum map_result grant_page(struct source *src, struct space *to, struct pt_leaf *l)
{
    unsigned status = 0;
    struct mapping *m;

    while (src->leaf.log2 > l->log2) { /* of a superpage this part only */
        if (!mapping_split(src->mapping))
            return MAP_NO_MEMORY;
        refresh(src);
    }
    m = src->mapping;
    if (src->rights != pt_rights(&src->leaf) && !mapping_flush(m, false, &status))
        return MAP_INTERRUPTED;
    if (!mapping_move(m, to, mapping_where(l->va, l->log2)))
        return MAP_NO_MEMORY;
    pt_clear(src->space, &src->leaf);
    pt_set(l, src->pa, src->rights, PT_ATTRIBUTE(src->attribute));
    *l->node = kptr(m);
    return MAP_DONE;
}

/* Cut the larger pages that cover the place of l; *same: they show what is to be mapped. */
static enum map_result uncover(struct source *src, struct space *to, word_t va, unsigned log2,
                               bool grant, struct pt_leaf *l, bool *same)
{
    *same = false;
    while (!l->pte) {
        if (l->log2 == 0)
            return MAP_NO_MEMORY;
        *l = pt_lookup(to, va);
        if (!grant && same_mapping(l, va, src) && !(src->rights & ~pt_rights(l))) {
            *same = true;
            return MAP_DONE;
        }
        if (!mapping_split(kptr_deref(*l->node)))
            return MAP_NO_MEMORY;
        if (src->leaf.pte) /* the cut may have reached the source */
            refresh(src);
        *l = pt_make(to, va, log2);
    }
    return MAP_DONE;
}

/* Make place for the page at l; *same: it is there already. */
static enum map_result make_place(struct source *src, struct space *to, word_t va, bool grant,
                                  struct pt_leaf *l, bool *same)
{
    if (!grant && *l->node && !pt_is_table(l) && same_mapping(l, va, src)) {
        pt_protect(to, l, pt_rights(l) | src->rights);
        *same = true;
    } else if (*l->pte && kptr_deref(*l->node) == src->mapping) {
        *same = true; /* onto itself */
    } else if (*l->pte) {
        if (!clear_target(to, l))
            return MAP_INTERRUPTED;
        if (src->leaf.pte) {
            refresh(src);
            *same = !src->mapping; /* it was derived from what had to go */
        }
    }
    return MAP_DONE;
}

static enum map_result map_page(struct source *src, struct space *to, word_t va, unsigned log2,
                                bool grant)
{
    struct pt_leaf l = pt_make(to, va, log2);
    struct mapping *m;
    enum map_result r;
    bool same = false;

    if (unlikely(!l.pte)) {
        r = uncover(src, to, va, log2, grant, &l, &same);
        if (r != MAP_DONE || same)
            return r;
    }
    if (*l.pte) {
        r = make_place(src, to, va, grant, &l, &same);
        if (r != MAP_DONE || same)
            return r;
    }
    if (grant && src->leaf.pte)
        return grant_page(src, to, &l);
    if (src->mapping->depth >= MAPPING_MAX_DEPTH)
        return MAP_NO_MEMORY;
    m = mapping_insert(src->mapping, src->mapping->depth + 1u, to, mapping_where(va, log2));
    if (!m)
        return MAP_NO_MEMORY;
    pt_set(&l, src->pa, src->rights, PT_ATTRIBUTE(src->attribute));
    *l.node = kptr(m);
    return MAP_DONE;
}

/* Find what `from` has at va; false: nothing, *skip bytes to go on behind the hole. */
static bool find_source(struct space *from, word_t va, unsigned rights, struct source *src,
                        word_t *skip)
{
    src->space = from;
    src->va = va;
    if (from->sigma0) {
        src->leaf = (struct pt_leaf){NULL, NULL, 0, WORD_BITS};
        src->mapping = memory_root;
        src->pa = paddr(va);
        src->rights = rights;
        src->attribute = attribute_of(va);
        return true;
    }
    src->leaf = pt_lookup(from, va);
    *skip = src->leaf.va + (1UL << src->leaf.log2) - va;
    if (!src->leaf.pte || pt_pinned(&src->leaf))
        return false;
    src->mapping = kptr_deref(*src->leaf.node);
    src->pa = paddr(pt_address(&src->leaf).v + (va - src->leaf.va));
    pt_used(from, &src->leaf);
    src->rights = rights & pt_rights(&src->leaf);
    src->attribute = pt_attribute(&src->leaf);
    return true;
}

/* The largest page that fits source and target alignment, and the rest. */
static unsigned piece_log2(const struct source *src, word_t from, word_t to, word_t rest)
{
    unsigned log2 = MIN(src->leaf.log2, WORD_BITS - 1 - (unsigned)__builtin_clzl(rest));

    if (from | to)
        log2 = MIN(log2, (unsigned)__builtin_ctzl(from | to));
    return pt_size_at_most(log2);
}

/* What map_fpage() has worked out. */
struct range {
    struct space *from, *to;
    word_t src, dst, size;
    unsigned rights;
    bool grant;
};

/*
 * *done counts whole pages; in its low bits is what else is to be known.  It may come from
 * another item of the message, as users can change that while the operation has stopped.
 */
enum {
    LEFT_OUT = 1, /* there was no memory for some pages                     */
    ENDING = 2    /* all is mapped, and so much is gone from a grant's giver */
};

static word_t pages_of(word_t done)
{
    return ALIGN_DOWN(done, PAGE_SIZE);
}

static enum map_result map_range(const struct range *r, word_t *done)
{
    enum map_result result;
    struct source src;

    for (unsigned n = 1; *done < r->size; n++) {
        word_t skip = 0, at = pages_of(*done), va = r->dst + at;

        if (n % MAPPING_STEP == 0 && cpu_interrupted())
            return MAP_INTERRUPTED;
        if (!find_source(r->from, r->src + at, r->rights, &src, &skip)) {
            *done += MIN(skip, r->size - at);
            continue;
        }
        unsigned log2 = piece_log2(&src, r->src + at, va, r->size - at);
        word_t step = 1UL << log2;

        while (log2 > PAGE_SHIFT && !space_user_range(r->to, va, step)) {
            log2 =
                pt_size_at_most(log2 - 1); /* KIP or UTCBs are in its place: what is around them */
            step = 1UL << log2;
        }
        if (src.rights && space_user_range(r->to, va, step)) {
            result = map_page(&src, r->to, va, log2, r->grant);
            if (result == MAP_INTERRUPTED)
                return result;
            if (result == MAP_NO_MEMORY)
                *done |= LEFT_OUT;
        }
        *done += step;
    }
    return *done & LEFT_OUT ? MAP_NO_MEMORY : MAP_DONE;
}

/* What is left of a granted fpage goes from its giver. */
static enum map_result end_grant(struct space *from, word_t fpage, word_t *done)
{
    word_t left_out = *done & LEFT_OUT;
    struct unmapping u = {.done = *done & ENDING ? pages_of(*done) : 0};
    bool all = unmap_locked(from, (fpage & ~(word_t)7) | RIGHT_RWX, true, &u);

    *done = u.done | ENDING | left_out;
    return !all ? MAP_INTERRUPTED : left_out ? MAP_NO_MEMORY : MAP_DONE;
}

enum map_result map_fpage(struct space *from, word_t fpage, struct space *to, word_t window,
                          word_t base, bool grant, word_t *done)
{
    unsigned a = fpage_log2(fpage), b = fpage_log2(window), log2 = MIN(a, b);
    struct range r = {from,
                      to,
                      fpage_base(fpage),
                      fpage_base(window),
                      0,
                      fpage_rights(fpage),
                      grant && !from->sigma0};
    word_t last = from->sigma0 ? PHYS_LAST : USER_END - 1;
    enum map_result result = MAP_DONE;

    if (a <= b)
        r.dst += base & mask_of(b) & ~mask_of(a);
    else
        r.src += base & mask_of(a) & ~mask_of(b);
    if (log2 < PAGE_SHIFT || r.src > last || r.dst >= USER_END || to->sigma0 || !to->initialised ||
        !from->pt_root || fpage_is_nil(fpage))
        return MAP_DONE; /* nothing to map */
    r.size = MIN(mask_of(log2), MIN(last - r.src, USER_END - 1 - r.dst)) + 1;
    lock_take(&mapdb_lock);
    if (!r.grant || !(*done & ENDING))
        result = map_range(&r, done);
    if (result != MAP_INTERRUPTED && r.grant)
        result = end_grant(from, fpage, done);
    cpus_flush();
    lock_give(&mapdb_lock);
    return result;
}

bool map_sigma0_page(word_t addr)
{
    struct pt_leaf l;

    lock_take(&mapdb_lock);
    l = pt_make(sigma0_space, addr, PAGE_SHIFT);
    if (l.pte)
        pt_set(&l, paddr(ALIGN_DOWN(addr, PAGE_SIZE)), RIGHT_RWX, PT_PINNED);
    lock_give(&mapdb_lock);
    return l.pte;
}
