/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/attribute.c
// SOURCES: kernel/core/space.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/*
 * The mapping database against a naive model: random maps, grants, revocations
 * and deletions over a few spaces and pages, compared after each step.
 */
#include "mapdb_check.h"

/* ---- the model ---- */

struct node {
    bool used;
    u64 pa;
    unsigned rights;
    int parent; /* index, -1: sigma0 */
    unsigned s, page;
};

static struct node model[SPACES * PAGES];

static int find(unsigned s, unsigned page)
{
    for (int i = 0; i < SPACES * PAGES; i++)
        if (model[i].used && model[i].s == s && model[i].page == page)
            return i;
    return -1;
}

static void model_remove(int n, bool self)
{
    for (int i = 0; i < SPACES * PAGES; i++)
        if (model[i].used && model[i].parent == n && i != n)
            model_remove(i, true);
    if (self)
        model[n].used = false;
}

static void model_add(unsigned s, unsigned page, u64 pa, unsigned rights, int parent)
{
    for (int i = 0; i < SPACES * PAGES; i++) {
        if (!model[i].used) {
            model[i] = (struct node){true, pa, rights, parent, s, page};
            return;
        }
    }
    fail();
}

static void model_map(unsigned from, u64 pa, unsigned fpage_no, unsigned to, unsigned to_page,
                      unsigned rights, bool grant)
{
    int src = from ? find(from, fpage_no) : -1, old = find(to, to_page);

    grant = grant && from; /* sigma0 only maps */
    if (from && src < 0)
        return;
    if (from) {
        pa = model[src].pa;
        rights &= model[src].rights | FAULT_READ;
    }
    if (rights && !(old >= 0 && old == src && from)) {
        if (!grant && old >= 0 && model[old].pa == pa && model[old].parent == src) {
            model[old].rights |= rights;
        } else {
            if (old >= 0)
                model_remove(old, true);
            if (from && !model[src].used)
                return;
            if (grant) {
                if (rights !=
                    (model[src].rights | FAULT_READ)) /* what is derived would have more */
                    model_remove(src, false);
                model[src].s = to;
                model[src].page = to_page;
                model[src].rights = rights;
                return;
            }
            model_add(to, to_page, pa, rights, src);
        }
    }
    if (grant && find(from, fpage_no) >= 0)
        model_remove(find(from, fpage_no), true);
}

static void model_revoke(int n, unsigned rights, bool self)
{
    for (int i = 0; i < SPACES * PAGES; i++)
        if (model[i].used && model[i].parent == n && i != n)
            model_revoke(i, rights, true);
    if (!self || !model[n].used)
        return;
    if (rights & RIGHT_R)
        model_remove(n, true);
    else
        model[n].rights &= ~rights;
}

/* ---- comparison ---- */

static void compare(void)
{
    for (unsigned s = 1; s < SPACES; s++) {
        for (unsigned p = 0; p < PAGES; p++) {
            struct pt_leaf l = pt_lookup(space[s], BASE + p * PAGE_SIZE);
            int n = find(s, p);

            assert_int_equal(l.pte != NULL, n >= 0);
            if (n < 0)
                continue;
            assert_int_equal(pt_address(&l).v, model[n].pa);
            /* The processor knows no page without the right to read. */
            assert_int_equal(pt_rights(&l), model[n].rights | FAULT_READ);
        }
    }
}

/* The list holds what the model has, and nothing else. */
static void check_count(void)
{
    unsigned markers, count = check_list(&markers, true);

    assert_int_equal(markers, 0);
    for (int i = 0; i < SPACES * PAGES; i++)
        count -= model[i].used;
    assert_int_equal(count, 0);
}

static word_t page_fpage(unsigned page, unsigned rights)
{
    return fpage_make(BASE + page * PAGE_SIZE, PAGE_SHIFT, rights);
}

static void random_step(void)
{
    unsigned from = (unsigned)rand() % SPACES, to = 1 + (unsigned)rand() % (SPACES - 1);
    unsigned a = (unsigned)rand() % PAGES, b = (unsigned)rand() % PAGES;
    unsigned rights = RIGHT_R | ((unsigned)rand() & 3);
    bool flush = rand() & 1;
    int n;

    switch (rand() % 8) {
    default:
        map_into(from, page_fpage(a, rights), to, BASE + b * PAGE_SIZE);
        model_map(from, BASE + a * PAGE_SIZE, a, to, b, rights, false);
        break;
    case 0:
        map(from, page_fpage(a, rights), to, FPAGE_COMPLETE, BASE + b * PAGE_SIZE, true);
        model_map(from, BASE + a * PAGE_SIZE, a, to, b, rights, true);
        break;
    case 1:
        rights = (unsigned)rand() & 7;
        unmap(to, page_fpage(a, rights), flush);
        n = find(to, a);
        if (n >= 0)
            model_revoke(n, rights, flush);
        break;
    case 2:
        if (rand() % 20)
            break;
        unmap_all(to);
        for (unsigned p = 0; p < PAGES; p++)
            if (find(to, p) >= 0)
                model_remove(find(to, p), true);
        break;
    }
}

static void test_random(void **state)
{
    (void)state;
    setup();
    memset(model, 0, sizeof(model));
    srand(4);
    for (unsigned i = 0; i < 200000; i++) {
        random_step();
        compare();
        check_count();
    }
    tear_down();
    for (unsigned s = 1; s < SPACES; s++)
        assert_int_equal(account_used(&accounts[s + 1]), 0);
}

static void test_windows(void **state)
{
    (void)state;
    setup();
    assert_true(map_into(0, fpage_make(0x100000, 16, RIGHT_RWX), 1, 0x100000));
    /* The window is smaller than the fpage: the base chooses the part. */
    map(1, fpage_make(0x100000, 16, RIGHT_R), 2, fpage_make(0x9000, 12, 0), 0x3000, false);
    struct pt_leaf l = at(2, 0x9000);
    assert_int_equal(pt_address(&l).v, 0x103000);
    assert_null(at(2, 0xa000).pte);
    /* The window is larger: the base chooses the place in it. */
    map(1, fpage_make(0x104000, 13, RIGHT_R), 2, fpage_make(0x40000, 18, 0), 0x12000, false);
    l = at(2, 0x52000);
    assert_int_equal(pt_address(&l).v, 0x104000);
    l = at(2, 0x53000);
    assert_int_equal(pt_address(&l).v, 0x105000);
    /* Nothing outside the user part, nothing below a page. */
    map(1, fpage_make(0x104000, 12, RIGHT_R), 2, FPAGE_COMPLETE, USER_END, false);
    map(1, fpage_make(0x104000, 11, RIGHT_R), 2, FPAGE_COMPLETE, 0x7000, false);
    assert_null(at(2, 0x7000).pte);
}

static void test_status(void **state)
{
    (void)state;
    setup();
    map_into(0, page_fpage(0, RIGHT_RWX), 1, BASE);
    map_into(1, page_fpage(0, RIGHT_RWX), 2, BASE);
    assert_int_equal(unmap(1, page_fpage(0, 0), false), 0);
    *at(2, BASE).pte |= 1 << 5; /* what the processor does on a read */
    assert_int_equal(unmap(1, page_fpage(0, 0), false), RIGHT_R | RIGHT_X);
    assert_int_equal(unmap(1, page_fpage(0, 0), false), 0);
    *at(2, BASE).pte |= 1 << 5 | 1 << 6;
    assert_int_equal(unmap(1, page_fpage(0, RIGHT_RWX), false), RIGHT_RWX);
    assert_null(at(2, BASE).pte);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    setup();
    account_set_limit(&accounts[2],
                      account_used(&accounts[2]) + PAGE_SIZE); /* too little for tables */
    assert_false(map_into(0, fpage_make(0, 16, RIGHT_RWX), 1, BASE));
    account_set_limit(&accounts[2], ~(word_t)0);
    assert_true(map_into(0, fpage_make(0, 16, RIGHT_RWX), 1, BASE));
}

/* Users can have an operation go on with a number that another one has left. */
static void test_strange_progress(void **state)
{
    setup();
    map_into(0, page_fpage(0, RIGHT_R), 1, BASE);
    for (word_t done = 0; done < PAGE_SIZE; done += 7) {
        word_t progress = done;

        map_fpage(space[1], page_fpage(0, RIGHT_RWX), space[2], FPAGE_COMPLETE, BASE, done & 64,
                  &progress);
        for (unsigned s = 1; s < 3; s++) {
            struct pt_leaf l = at(s, BASE);

            assert_true(!l.pte || (pt_rights(&l) == FAULT_READ && !pt_pinned(&l)));
            assert_true(!l.pte || pt_attribute(&l) == 0);
        }
    }
}

/* Most of a space is granted, and interrupted again and again: it ends. */
static void test_large_grant(void **state)
{
    unsigned before;

    setup();
    for (unsigned i = 0; i < 8; i++)
        map_into(0, page_fpage(0, RIGHT_R), 1, (BASE / 2) * i + 0x5000);
    before = stops;
    fake_interrupt_in = fake_interrupt_again = 1;
    map(1, FPAGE_COMPLETE | RIGHT_RWX, 2, FPAGE_COMPLETE, 0, true);
    fake_interrupt_in = 0;
    assert_true(stops > before);
    for (unsigned i = 0; i < 6; i++)
        assert_true(at(2, (BASE / 2) * i + 0x5000).pte && !at(1, (BASE / 2) * i + 0x5000).pte);
}

static void test_ports(void **state)
{
    (void)state;
    setup();
    assert_true(map_ports(0, fpage_io_make(0x3f8, 3), 1, false));
    assert_true(map_ports(1, fpage_io_make(0x3f0, 4), 2, false));
    assert_int_equal(account_used(&accounts[3]) > 8 * sizeof(struct mapping), true);
    assert_true(arch_io_test(space[2], 0x3ff) && !arch_io_test(space[2], 0x3f7));
    unmap_ports(1, fpage_io_make(0x3f9, 0), false);
    unmap_all(1);
    for (unsigned p = 0; p < 65536; p++)
        assert_false(arch_io_test(space[1], (u16)p) || arch_io_test(space[2], (u16)p));
    assert_true(map_ports(0, fpage_io_make(0, 16), 3, true));
    unmap_ports(0, fpage_io_make(0, 16), false);
    assert_int_equal(mapping_next(port_root)->depth, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),      cmocka_unit_test(test_windows),
        cmocka_unit_test(test_status),      cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_ports),       cmocka_unit_test(test_strange_progress),
        cmocka_unit_test(test_large_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
