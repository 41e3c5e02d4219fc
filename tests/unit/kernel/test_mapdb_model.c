/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/mapdb_model.c tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/arch/x86/pagetable.c
// SOURCES: kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/*
 * A million operations on the mapping database against the plain model: map, grant, unmap, with
 * superpages, windows of all sizes, and interrupts that stop them.  After each batch both must
 * say the same of every page.  MAPDB_SEED and MAPDB_OPERATIONS in the environment are for more.
 */
#include <stdio.h>

#include "mapdb_check.h"
#include "mapdb_model.h"

#define PHYS  0x10000000UL /* of sigma0's first page */
#define BATCH 1000

#define SIBLINGS_MAX 256 /* so far back the kernel looks for a parent */

#define ENTRY_A (1u << 5)
#define ENTRY_D (1u << 6)

static unsigned operations, skipped;

/* What a batch has much of: in how many operations there is one of the kind. */
static struct {
    unsigned large, sigma0, unmap, complete;
} one_in;

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

static word_t va_of(unsigned s, unsigned page)
{
    return (s ? BASE : PHYS) + page * PAGE_SIZE;
}

/* ---- comparison ---- */

static bool fits(const struct pt_leaf *l, const struct node *n, unsigned page)
{
    word_t offset = BASE + page * PAGE_SIZE - l->va;

    return n && pt_address(l).v + offset == PHYS + n->frame * PAGE_SIZE &&
           pt_rights(l) == n->rights && (l->log2 > PAGE_SHIFT) == n->large;
}

static void compare_pages(void)
{
    for (unsigned s = 1; s < SPACES; s++) {
        for (unsigned page = 0; page < MODEL_PAGES; page++) {
            struct pt_leaf l = pt_lookup(space[s], va_of(s, page));
            const struct node *n = model_at(s, page);

            if (l.pte ? fits(&l, n, page) : !n)
                continue;
            printf("# operation %u: space %u page %u: %s, log2 %u; model %s\n", operations, s, page,
                   l.pte ? "there" : "not there", l.log2, n ? "has it" : "has it not");
            if (l.pte && n)
                printf("# at %llx rights %x; model frame %x rights %x large %d\n",
                       (unsigned long long)pt_address(&l).v, pt_rights(&l), n->frame, n->rights,
                       n->large);
            fail();
        }
    }
}

/* Each mapping is derived from the one that the model says. */
static void compare_parents(void)
{
    static const struct mapping *last[DEPTHS];

    last[0] = memory_root;
    for (const struct mapping *m = mapping_next(memory_root); m->depth; m = mapping_next(m)) {
        const struct mapping *parent = last[m->depth - 1];
        const struct node *n = NULL;
        unsigned s = 1;

        last[m->depth] = m;
        while (space[s] != mapping_space(m))
            s++;
        n = model_at(s, (unsigned)((mapping_va(m) - BASE) / PAGE_SIZE))->parent;
        if (!n) {
            assert_ptr_equal(parent, memory_root);
            continue;
        }
        assert_ptr_equal(mapping_space(parent), space[n->space]);
        assert_int_equal(va_of(n->space, n->page) >> mapping_log2(parent),
                         mapping_va(parent) >> mapping_log2(parent));
    }
}

static void compare(void)
{
    unsigned markers, count = check_list(&markers, true), pages = 0;

    for (unsigned s = 1; s < SPACES; s++)
        pages += count_pages(space[s], BASE, BASE + MODEL_PAGES * PAGE_SIZE);
    assert_int_equal(count, pages);
    assert_int_equal(markers, 0);
    compare_pages();
    compare_parents();
}

/* ---- mapping ---- */

struct transfer_of {
    unsigned from, to, src, dst, pages; /* what it comes to */
    unsigned rights;
    bool grant;
};

/* How far the mapping of a page stands behind the one that it is derived from. */
static unsigned distance(unsigned s, unsigned page)
{
    struct pt_leaf l = pt_lookup(space[s], va_of(s, page));
    const struct mapping *m = kptr_deref(*l.node), *p = m;
    unsigned n = 0;

    for (; p->depth >= m->depth && n <= SIBLINGS_MAX; n++)
        p = mapping_prev(p);
    return n;
}

static bool descends(const struct node *n, const struct node *from)
{
    while (n && n != from)
        n = n->parent;
    return n;
}

/*
 * What is not specified: a page that is mapped again from the same one keeps what is derived
 * from it only if the kernel finds the parent.  And whether a page that has to make place for one
 * derived from it goes, if an interrupt comes in between: *fragile.
 */
static bool unclear(const struct transfer_of *x, bool *fragile)
{
    *fragile = false;
    for (unsigned i = 0; i < x->pages; i++) {
        const struct node *n = x->from ? model_at(x->from, x->src + i) : NULL;
        const struct node *old = model_at(x->to, x->dst + i);
        unsigned slack = x->pages < SUPER ? x->pages : 2;

        if (!old || (x->from && !n))
            continue;
        *fragile |= n && n != old && descends(n, old);
        if (x->grant || old->parent != n || (!n && old->frame != x->src + i))
            continue;
        if (x->pages >= SUPER && old->large && i % SUPER)
            continue; /* the superpage's first one has been looked at */
        if (old->large)
            slack += 2 * SUPER;
        if (distance(x->to, x->dst + i) + slack > SIBLINGS_MAX && (!old->large || x->pages < SUPER))
            return true;
        if (distance(x->to, x->dst + i) + 4 > SIBLINGS_MAX)
            return true;
    }
    return false;
}

static void model_transfer(const struct transfer_of *x)
{
    unsigned count;

    for (unsigned i = 0; i < x->pages; i += count) {
        const struct node *n = x->from ? model_at(x->from, x->src + i) : NULL;

        count = x->pages - i >= SUPER && (x->src + i) % SUPER == 0 && (!x->from || (n && n->large))
                    ? SUPER
                    : 1;
        model_map(x->from, x->src + i, x->to, x->dst + i, count, x->rights, x->grant);
    }
}

/* A run of pages that is aligned to its size, at places that often meet.  Superpages live long
 * where small runs rarely change something. */
static unsigned random_run(unsigned *log2, bool changes)
{
    unsigned page = any(8) ? any(12) : any(SUPER);

    *log2 = any(one_in.large) ? any(3) : PT_BITS + any(2);
    page += *log2 < PT_BITS && any(changes ? 40 : 2) ? 0 : SUPER * any(MODEL_PAGES / SUPER);
    return page >> *log2 << *log2;
}

/* Superpages come from who has some there, if somebody does. */
static unsigned random_giver(unsigned page, unsigned log2)
{
    unsigned s = any(one_in.sigma0) ? 1 + any(SPACES - 1) : 0;

    for (unsigned i = 0; s && log2 >= PT_BITS && any(8); i++, s = s % (SPACES - 1) + 1)
        if (i == SPACES || (model_at(s, page) && model_at(s, page)->large))
            return i == SPACES ? 0 : s;
    return s;
}

/* Where the receiver wants it: anywhere, in as much as is sent, or in any other run. */
static word_t random_window(unsigned log2, unsigned *place, unsigned *window)
{
    *place = random_run(window, true);
    switch (any(3)) {
    case 0:
        *window = MODEL_LOG2;
        *place = 0;
        return FPAGE_COMPLETE;
    case 1:
        *window = log2;
        *place = *place >> log2 << log2;
        break;
    default:
        break;
    }
    return fpage_make(va_of(1, *place), PAGE_SHIFT + *window, 0);
}

static void random_map(bool grant)
{
    static struct transfer_of last;
    unsigned log2, window, part, place;
    unsigned base = random_run(&window, true), fpage = random_run(&log2, false);
    word_t w = random_window(log2, &place, &window);
    struct transfer_of x = {.from = random_giver(fpage, log2), .to = 1 + any(SPACES - 1)};
    bool fragile;

    if (any(2)) { /* a chain: what the last one got goes on */
        x.from = last.to;
        fpage = last.dst >> log2 << log2;
    }
    if (log2 >= PT_BITS)
        base = any(MODEL_PAGES);
    x.rights = any(3) ? RIGHT_RWX : any(8);
    x.grant = grant && x.from;
    part = MIN(log2, window);
    x.pages = 1u << part;
    x.src = fpage + (log2 > part ? base % (1u << log2) >> part << part : 0);
    x.dst = place + (window > part ? base % (1u << window) >> part << part : 0);
    if (unclear(&x, &fragile)) {
        skipped++;
        return;
    }
    if (fragile)
        fake_interrupt_in = 0;
    assert_int_equal(map(x.from, fpage_make(va_of(x.from, fpage), PAGE_SHIFT + log2, x.rights),
                         x.to, w, va_of(1, base), grant),
                     MAP_DONE);
    model_transfer(&x);
    last = x;
    if (x.grant)
        model_unmap(x.from, fpage, fpage + (1u << log2), RIGHT_RWX, true);
}

/* ---- the rest ---- */

static void random_unmap(void)
{
    unsigned log2, page = random_run(&log2, true), s = any(100) ? 1 + any(SPACES - 1) : 0;
    unsigned rights = any(8) & (any(3) ? RIGHT_W | RIGHT_X : RIGHT_RWX), status;
    bool flush = any(2), complete = s && any(one_in.complete) == 0;
    word_t f = fpage_make(va_of(s, page), PAGE_SHIFT + log2, rights);

    if (complete) {
        f = FPAGE_COMPLETE | rights;
        page = 0;
        log2 = MODEL_LOG2;
    }
    status = unmap(s, f, flush);
    assert_int_equal(status, model_unmap(s, page, page + (1u << log2), rights, flush));
}

static void random_access(void)
{
    unsigned log2, s = 1 + any(SPACES - 1), page = random_run(&log2, false);
    struct node *n = model_at(s, page);
    bool write = any(2);

    if (!n)
        return;
    *pt_lookup(space[s], va_of(s, page)).pte |= ENTRY_A | (write ? ENTRY_D : 0);
    model_access(n, RIGHT_R | RIGHT_X | (write ? RIGHT_W : 0));
}

static void random_operation(void)
{
    unsigned what = any(one_in.unmap) ? any(26) : 26;

    fake_interrupt_in = any(2) ? 1 + any(3) : 0;
    fake_interrupt_again = any(2) ? 1 + any(3) : 0;
    if (what < 18)
        random_map(false);
    else if (what < 22)
        random_map(true);
    else if (what < 26)
        random_access();
    else
        random_unmap();
}

/* Ever other mixtures: many superpages or few, long chains or short. */
static void new_batch(void)
{
    one_in.large = 4 + any(20) * any(20);
    one_in.sigma0 = 2 + any(20);
    one_in.unmap = 2 + any(12);
    one_in.complete = 3 + any(1000);
}

static unsigned number_of(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);

    return text ? (unsigned)atoi(text) : otherwise;
}

static void run_seed(unsigned seed)
{
    unsigned count = number_of("MAPDB_OPERATIONS", 125000);

    seed = number_of("MAPDB_SEED", seed);
    printf("# seed %u\n", seed);
    setup();
    model_reset();
    srand(seed);
    skipped = stops = 0;
    for (operations = 0; operations < count; operations++) {
        if (operations % BATCH == 0) {
            compare();
            new_batch();
        }
        random_operation();
    }
    compare();
    printf("# seed %u: %u operations, %u more left out, %u stops\n", seed, count - skipped, skipped,
           stops);
    fake_interrupt_in = 0;
    tear_down();
    for (unsigned s = 1; s < SPACES; s++)
        assert_int_equal(account_used(&accounts[s + 1]), 0);
}

#define SEED(n)                                                                                    \
    static void test_seed_##n(void **state)                                                        \
    {                                                                                              \
        run_seed(n);                                                                               \
    }

SEED(1)
SEED(2)
SEED(3)
SEED(4)
SEED(5)
SEED(6)
SEED(7)
SEED(8)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seed_1), cmocka_unit_test(test_seed_2), cmocka_unit_test(test_seed_3),
        cmocka_unit_test(test_seed_4), cmocka_unit_test(test_seed_5), cmocka_unit_test(test_seed_6),
        cmocka_unit_test(test_seed_7), cmocka_unit_test(test_seed_8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
