/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping and granting; see core/mapdb.h for the structure. */
#include "core/mapdb.h"

#include "arch/layout.h"
#include "core/fpage.h"
#include "mapping.h"
#include "debug/panic.h"

static struct slab_cache mappings = SLAB_CACHE("mapping", struct mapping);

struct mapping *memory_root, *port_root;

struct mapping *mapping_insert(struct mapping *after, unsigned depth, struct space *s, word_t where)
{
    struct mapping *m = slab_alloc(&mappings, s ? s->account : &accounts[0]);

    if (!m)
        return NULL;
    m->space = kptr(s);
    m->depth = (u16)depth;
    m->where = where;
    if (after) {
        m->prev = kptr(after);
        m->next = after->next;
        if (m->next)
            mapping_next(m)->prev = kptr(m);
        after->next = kptr(m);
    }
    return m;
}

void mapping_remove(struct mapping *m)
{
    mapping_prev(m)->next = m->next;
    if (m->next)
        mapping_next(m)->prev = m->prev;
    slab_free(&mappings, mapping_space(m)->account, m);
}

bool mapping_move(struct mapping *m, struct space *to, word_t where)
{
    struct account *from = mapping_space(m)->account;

    if (to->account->used + sizeof(*m) > to->account->limit)
        return false;
    from->used -= sizeof(*m);
    to->account->used += sizeof(*m);
    m->space = kptr(to);
    m->where = where;
    return true;
}

void mapdb_init(void)
{
    memory_root = mapping_insert(NULL, 0, NULL, 0);
    port_root = mapping_insert(NULL, 0, NULL, 0);
    ASSERT(memory_root && port_root);
}

/* What is being mapped: a page, or a piece of one, and the mapping behind it. */
struct source {
    struct space *space;
    struct mapping *mapping;
    struct pt_leaf leaf; /* pte NULL: sigma0's idempotent memory */
    word_t va;
    paddr_t pa;
    unsigned rights;
};

/* Remove whatever `to` has between va and va + 2^log2, and the page tables for it. */
static void clear_target(struct space *to, struct pt_leaf *l)
{
    word_t end = l->va + (1UL << l->log2);

    for (word_t va = l->va; va < end;) {
        struct pt_leaf p = pt_lookup(to, va);

        if (p.pte)
            mapping_flush(kptr_deref(*p.node));
        va = p.va + (1UL << p.log2);
    }
    if (pt_is_table(l))
        pt_drop_table(to, l);
}

/* Does the page `l` of a space already show the source, derived from the same mapping? */
static bool same_mapping(const struct pt_leaf *l, word_t va, const struct source *src)
{
    struct mapping *m = kptr_deref(*l->node);

    return pt_address(l).v + (va - l->va) == src->pa.v && m != src->mapping &&
           mapping_parent(m) == src->mapping;
}

/* The source's entry and mapping, which may have been cut or removed. */
static void refresh(struct source *src)
{
    src->leaf = pt_lookup(src->space, src->va);
    src->mapping = src->leaf.pte ? kptr_deref(*src->leaf.node) : NULL;
}

static bool grant_page(struct source *src, struct space *to, struct pt_leaf *l)
{
    struct mapping *m = src->mapping;

    if (src->leaf.log2 == l->log2) {
        if (!mapping_move(m, to, mapping_where(l->va, l->log2)))
            return false;
        pt_clear(src->space, &src->leaf);
    } else {
        m = mapping_insert(mapping_prev(m), m->depth, to, mapping_where(l->va, l->log2));
        if (!m)
            return false;
    }
    pt_set(l, src->pa, src->rights, 0);
    *l->node = kptr(m);
    return true;
}

static bool map_page(struct source *src, struct space *to, word_t va, unsigned log2, bool grant)
{
    struct pt_leaf l = pt_make(to, va, log2);
    struct mapping *m;

    if (!l.pte && l.log2 == 0)
        return false;
    while (!l.pte) { /* a larger page covers the place */
        l = pt_lookup(to, va);
        if (same_mapping(&l, va, src) && !(src->rights & ~pt_rights(&l)))
            return true;
        if (!mapping_split(kptr_deref(*l.node)))
            return false;
        if (src->leaf.pte) /* the cut may have reached the source */
            refresh(src);
        l = pt_make(to, va, log2);
        if (!l.pte && l.log2 == 0)
            return false;
    }
    if (*l.node && !pt_is_table(&l) && same_mapping(&l, va, src)) {
        pt_protect(to, &l, pt_rights(&l) | src->rights);
        return true;
    }
    if (*l.pte) {
        if (kptr_deref(*l.node) == src->mapping)
            return true; /* onto itself */
        clear_target(to, &l);
        if (src->leaf.pte) {
            refresh(src);
            if (!src->mapping)
                return true; /* the source was derived from what had to go */
        }
    }
    if (grant && src->leaf.pte)
        return grant_page(src, to, &l);
    if (src->mapping->depth >= MAPPING_MAX_DEPTH)
        return false;
    m = mapping_insert(src->mapping, src->mapping->depth + 1u, to, mapping_where(va, log2));
    if (!m)
        return false;
    pt_set(&l, src->pa, src->rights, 0);
    *l.node = kptr(m);
    return true;
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
        return true;
    }
    src->leaf = pt_lookup(from, va);
    *skip = src->leaf.va + (1UL << src->leaf.log2) - va;
    if (!src->leaf.pte || pt_pinned(&src->leaf))
        return false;
    src->mapping = kptr_deref(*src->leaf.node);
    src->pa = paddr(pt_address(&src->leaf).v + (va - src->leaf.va));
    src->rights = rights & pt_rights(&src->leaf);
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

static bool map_range(struct space *from, word_t src_va, struct space *to, word_t dst_va,
                      word_t size, unsigned rights, bool grant)
{
    bool complete = true;
    struct source src;

    for (word_t done = 0; done < size;) {
        word_t skip = 0;

        if (!find_source(from, src_va + done, rights, &src, &skip)) {
            done += MIN(skip, size - done);
            continue;
        }
        unsigned log2 = piece_log2(&src, src_va + done, dst_va + done, size - done);
        word_t step = 1UL << log2;

        if (src.rights && space_user_range(to, dst_va + done, step))
            complete &= map_page(&src, to, dst_va + done, log2, grant);
        done += step;
    }
    return complete;
}

bool map_fpage(struct space *from, word_t fpage, struct space *to, word_t window, word_t base,
               bool grant)
{
    unsigned a = fpage_log2(fpage), b = fpage_log2(window), log2 = MIN(a, b);
    word_t src = fpage_base(fpage), dst = fpage_base(window);
    word_t last = from->sigma0 ? PHYS_LAST : USER_END - 1;
    word_t size;
    bool complete;

    if (a <= b)
        dst += base & mask_of(b) & ~mask_of(a);
    else
        src += base & mask_of(a) & ~mask_of(b);
    if (log2 < PAGE_SHIFT || src > last || dst >= USER_END || to->sigma0 || !to->initialised ||
        !from->pt_root)
        return true; /* nothing to map */
    size = MIN(mask_of(log2), MIN(last - src, USER_END - 1 - dst)) + 1;
    complete = map_range(from, src, to, dst, size, fpage_rights(fpage), grant);
    if (grant && !from->sigma0)
        unmap_fpage(from, (fpage & ~(word_t)7) | RIGHT_RWX, true);
    return complete;
}

bool map_into(struct space *from, word_t fpage, struct space *to, word_t base)
{
    return map_fpage(from, fpage, to, FPAGE_COMPLETE, base, false);
}

bool map_sigma0_page(word_t addr)
{
    struct pt_leaf l = pt_make(sigma0_space, addr, PAGE_SHIFT);

    if (!l.pte)
        return false;
    pt_set(&l, paddr(ALIGN_DOWN(addr, PAGE_SIZE)), RIGHT_RWX, PT_PINNED);
    return true;
}
