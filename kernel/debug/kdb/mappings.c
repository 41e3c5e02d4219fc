/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages of a space; and for one of them whom it is from, and who has it from there. */
#include "../../core/mapping.h"
#include "kdb.h"

#define ANCESTORS  64
#define INDENT_MAX 16

/* ---- the list ---- */

/* Neighbours that look alike are shown as one. */
struct run {
    struct pt_leaf first;
    word_t pa;
    unsigned pages, rights, depth; /* depth 0: pinned */
};

static word_t address(const struct pt_leaf *l)
{
    return (word_t)pt_address(l).v;
}

static unsigned depth_of(const struct pt_leaf *l)
{
    const struct mapping *m = pt_pinned(l) ? NULL : kptr_deref(*l->node);

    return m ? m->depth : 0;
}

static void print_run(const struct run *r)
{
    if (r->pages == 0)
        return;
    kprintf("%16lx %6u of %7lu KiB %s %16lx ", r->first.va, r->pages, 1UL << (r->first.log2 - 10),
            kdb_rights(r->rights), r->pa);
    if (r->depth)
        kprintf("depth %u\n", r->depth);
    else
        kprintf("the kernel's\n");
}

static bool continues(const struct run *r, const struct pt_leaf *l)
{
    word_t size = (word_t)r->pages << l->log2;

    return r->pages && l->log2 == r->first.log2 && l->va == r->first.va + size &&
           address(l) == r->pa + size && pt_rights(l) == r->rights && depth_of(l) == r->depth;
}

static void list_pages(const struct space *s)
{
    struct run r = {.pages = 0};
    word_t next;

    kprintf("%16s %6s    %11s %3s %16s\n", "address", "pages", "size", "", "physical");
    for (word_t va = 0; va < USER_END; va = next) {
        struct pt_leaf l = pt_lookup(s, va);

        next = l.pte ? l.va + (1UL << l.log2) : pt_next(s, va);
        if (l.pte && continues(&r, &l)) {
            r.pages++;
        } else if (l.pte) {
            print_run(&r);
            r = (struct run){l, address(&l), 1, pt_rights(&l), depth_of(&l)};
        }
        if (next <= va)
            break;
    }
    print_run(&r);
}

/* ---- the tree ---- */

static void print_mapping(const struct mapping *m, bool marked)
{
    struct pt_leaf l;

    for (unsigned i = 0; i < MIN(m->depth, INDENT_MAX); i++)
        kprintf("  ");
    if (m == memory_root) {
        kprintf("sigma0: all memory\n");
        return;
    }
    kprintf("%s: %lx, %lu KiB", kdb_space_id(mapping_space(m)), mapping_va(m),
            1UL << (mapping_log2(m) - 10));
    l = mapping_leaf(m);
    if (l.pte)
        kprintf(", %s, physical %lx", kdb_rights(pt_rights(&l)), address(&l));
    kprintf("%s\n", marked ? "  <--" : "");
}

/* Those it is derived from, the first one first. */
static void print_ancestors(const struct mapping *m)
{
    const struct mapping *above[ANCESTORS], *p = m;
    unsigned n = 0, depth = m->depth;

    while (depth > 0 && n < ANCESTORS) {
        p = mapping_prev(p);
        if (p->depth >= depth)
            continue;
        above[n++] = p;
        depth = p->depth;
    }
    while (n-- > 0)
        print_mapping(above[n], false);
}

static void print_tree(const struct mapping *m)
{
    print_ancestors(m);
    print_mapping(m, true);
    for (const struct mapping *d = mapping_next(m); d->depth > m->depth; d = mapping_next(d))
        print_mapping(d, false);
}

void kdb_cmd_mappings(const struct kdb_args *a)
{
    const struct space *s = kdb_space(a->word[0]);
    struct pt_leaf l;
    word_t va;

    if (!s->pt_root)
        KDB_FAIL("kdb: the space has no page tables yet: SpaceControl has to come first");
    if (a->count == 1) {
        list_pages(s);
        return;
    }
    va = kdb_number(a->word[1]);
    if (va >= USER_END)
        KDB_FAIL("kdb: user addresses end at %lx", (word_t)USER_END);
    l = pt_lookup(s, va);
    if (!l.pte)
        KDB_FAIL("kdb: the space has no page at %lx: mappings %s lists them", va, a->word[0]);
    if (pt_pinned(&l))
        KDB_FAIL("kdb: the page at %lx is the kernel's own, mapped by nobody", va);
    print_tree(kptr_deref(*l.node));
}
