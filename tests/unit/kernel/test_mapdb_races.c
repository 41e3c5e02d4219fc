/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/attribute.c
// SOURCES: kernel/core/space.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* An Unmap that has stopped, and what others do to the mappings before it goes on. */
#include "arch/pte.h"
#include "mapdb_check.h"

#define LARGE (PAGE_SHIFT + PT_BITS)
#define TREE  0x50000000UL /* where the derived pages are */

static struct unmapping u;

/* What space s takes from what is derived from its page; the first so many steps of it. */
static void begin_unmap(unsigned s, word_t fpage, bool flush)
{
    u = (struct unmapping){.marker = kmem_pages(&accounts[0], 0)};
    fake_interrupt_in = 1;
    fake_interrupt_again = 0;
    assert_false(unmap_fpage(space[s], fpage, flush, &u));
}

static void end_unmap(unsigned s, word_t fpage, bool flush)
{
    unsigned markers;

    assert_true(unmap_fpage(space[s], fpage, flush, &u));
    assert_false(mapping_is_marker(u.marker));
    check_list(&markers, true);
    assert_int_equal(markers, 0);
    kmem_pages_free(&accounts[0], u.marker, 0);
}

static word_t page(word_t va)
{
    return fpage_make(va, PAGE_SHIFT, RIGHT_RWX);
}

/* n pages of space `to` from `first` on, each derived from the page at va. */
static void fan_out(unsigned from, word_t va, unsigned to, word_t first, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_true(map_into(from, page(va), to, first + i * PAGE_SIZE));
}

static unsigned rights_at(unsigned s, word_t va)
{
    struct pt_leaf l = at(s, va);

    assert_non_null(l.pte);
    return pt_rights(&l);
}

static void assert_read_only(unsigned s, word_t first, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_false(rights_at(s, first + i * PAGE_SIZE) & RIGHT_W);
}

/* The page itself goes meanwhile: there is nothing to go on with. */
static void test_page_goes(void **state)
{
    const word_t f = fpage_make(BASE, PAGE_SHIFT, RIGHT_W);

    setup();
    assert_true(map_into(0, page(0x5000), 1, BASE));
    fan_out(1, BASE, 2, TREE, 40);
    begin_unmap(1, f, false);
    assert_true(mapping_is_marker(u.marker));
    assert_int_equal(map(1, page(BASE), 3, FPAGE_COMPLETE, BASE, true), MAP_DONE);
    end_unmap(1, f, false);
}

/* The same, and another page comes in its place. */
static void test_page_is_replaced(void **state)
{
    const word_t f = fpage_make(BASE, PAGE_SHIFT, RIGHT_W);

    setup();
    assert_true(map_into(0, page(0x5000), 1, BASE));
    fan_out(1, BASE, 2, TREE, 40);
    begin_unmap(1, f, false);
    assert_true(map_into(0, page(0x6000), 1, BASE));
    fan_out(1, BASE, 3, TREE, 40);
    end_unmap(1, f, false);
    assert_read_only(3, TREE, 40);
    assert_null(at(2, TREE).pte);
}

/* What is derived anew, or gets more rights, while the Unmap has stopped. */
static void test_new_children(void **state)
{
    const word_t f = fpage_make(BASE, PAGE_SHIFT, RIGHT_W);

    setup();
    assert_true(map_into(0, page(0x5000), 1, BASE));
    fan_out(1, BASE, 2, TREE, 40);
    begin_unmap(1, f, true);
    assert_read_only(2, TREE + 39 * PAGE_SIZE, 1);
    fan_out(1, BASE, 3, TREE, 1);
    fan_out(1, BASE, 2, TREE + 39 * PAGE_SIZE, 1);
    end_unmap(1, f, true);
    assert_read_only(2, TREE, 40);
    assert_read_only(3, TREE, 1);
}

/*
 * P is a superpage, and m, in the next space, derived from it; of m there are two pages, the
 * later one with many more below it, in which the Unmap stops.  Then m is cut.
 */
static void test_cut(void **state)
{
    const word_t f = fpage_make(BASE, LARGE, RIGHT_W);

    setup();
    assert_true(map_into(0, fpage_make(0x10000000, LARGE, RIGHT_RWX), 1, BASE));
    assert_true(map_into(1, fpage_make(BASE, LARGE, RIGHT_RWX), 2, BASE));
    fan_out(2, BASE, 3, BASE, 1);
    fan_out(2, BASE + 2 * PAGE_SIZE, 3, BASE + 2 * PAGE_SIZE, 1);
    fan_out(2, BASE + 5 * PAGE_SIZE, 3, BASE + 5 * PAGE_SIZE, 1);
    fan_out(3, BASE + 5 * PAGE_SIZE, 4, TREE, 40);
    begin_unmap(1, f, true);
    unmap(2, page(BASE + 9 * PAGE_SIZE), true);
    assert_int_equal(at(2, BASE).log2, PAGE_SHIFT);
    end_unmap(1, f, true);
    assert_read_only(3, BASE, 1);
    assert_read_only(3, BASE + 2 * PAGE_SIZE, 1);
    assert_read_only(3, BASE + 5 * PAGE_SIZE, 1);
    assert_read_only(4, TREE, 40);
}

/* The Unmap stops right before a superpage, of which then a part is granted. */
static void test_grant_of_a_part(void **state)
{
    const word_t f = fpage_make(BASE, LARGE, RIGHT_W);

    setup();
    assert_true(map_into(0, fpage_make(0x10000000, LARGE, RIGHT_RWX), 1, BASE));
    assert_true(map_into(1, fpage_make(BASE, LARGE, RIGHT_RWX), 2, BASE));
    fan_out(1, BASE, 4, TREE, MAPPING_STEP);
    begin_unmap(1, f, true);
    assert_read_only(4, TREE, MAPPING_STEP);
    assert_true(rights_at(2, BASE) & RIGHT_W);
    assert_int_equal(map(2, page(BASE + PAGE_SIZE), 3, FPAGE_COMPLETE, TREE, true), MAP_DONE);
    end_unmap(1, f, true);
    assert_read_only(3, TREE, 1);
    assert_read_only(2, BASE, 1);
}

/* However often it is interrupted, a space goes: what was done need not be done again. */
static void test_space_goes(void **state)
{
    struct space_destruction d = {0};
    unsigned calls = 0;

    setup();
    space[1]->utcb_base = TREE;
    space[1]->utcb_size = 0x100000;
    for (unsigned i = 0; i < 16; i++) {
        assert_true(map_into(0, page(0x5000), 1, BASE + (word_t)i * 0x123000));
        assert_non_null(space_pinned_page(space[1], TREE + i * 0xf000));
        assert_true(map_ports(0, fpage_io_make((u16)(i * 0xfff), 0), 1, false));
    }
    for (unsigned i = 0; i < 40; i++)
        assert_true(map_into(1, page(BASE), 2, BASE + i * PAGE_SIZE));
    fake_interrupt_in = fake_interrupt_again = 1;
    while (!space_destroy(space[1], &d))
        assert_true(calls++ < 100000);
    fake_interrupt_in = 0;
    space[1] = NULL;
    assert_int_equal(account_used(&accounts[2]), 0);
    assert_null(at(2, BASE).pte);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_goes),       cmocka_unit_test(test_page_is_replaced),
        cmocka_unit_test(test_new_children),    cmocka_unit_test(test_cut),
        cmocka_unit_test(test_grant_of_a_part), cmocka_unit_test(test_space_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
