/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/attribute.c
// SOURCES: kernel/core/space.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Superpages: cut where a part is mapped over or revoked, whole where that will do. */
#include "arch/pte.h"
#include "mapdb_check.h"

#define LARGE (PAGE_SHIFT + PT_BITS) /* log2 of a superpage */
#define SIZE  (1UL << LARGE)

static void test_superpages(void **state)
{
    const word_t first = 0x10000000, second = first + SIZE;

    (void)state;
    setup();
    /* Memory from sigma0 arrives as two superpages, and 4 KiB of one can be passed on. */
    assert_true(map_into(0, fpage_make(0x800000, LARGE + 1, RIGHT_RWX), 1, first));
    struct pt_leaf l = at(1, second);
    assert_int_equal(l.log2, LARGE);
    assert_int_equal(pt_address(&l).v, 0x800000 + SIZE);
    assert_true(map_into(1, fpage_make(second + 0x3000, 12, RIGHT_R), 2, 0x5000));
    l = at(2, 0x5000);
    assert_int_equal(l.log2, 12);
    assert_int_equal(pt_address(&l).v, 0x803000 + SIZE);
    assert_int_equal(pt_rights(&l), FAULT_READ);
    /* Revoking another 4 KiB of the superpage leaves it, revoking that one takes it. */
    unmap(1, fpage_make(second + 0x4000, 12, RIGHT_RWX), false);
    assert_non_null(at(2, 0x5000).pte);
    unmap(1, fpage_make(second + 0x3000, 12, RIGHT_RWX), false);
    assert_null(at(2, 0x5000).pte);
    assert_non_null(at(1, second + 0x3000).pte);
    /* A superpage over small pages replaces them; a small page cuts a superpage. */
    assert_true(map_into(1, fpage_make(second + 0x3000, 12, RIGHT_R), 2, 0x20003000));
    assert_true(map_into(1, fpage_make(second, LARGE, RIGHT_R), 2, 0x20000000));
    assert_int_equal(at(2, 0x20003000).log2, LARGE);
    assert_true(map_into(1, fpage_make(first, 12, RIGHT_R), 2, 0x20007000));
    l = at(2, 0x20007000);
    assert_int_equal(pt_address(&l).v, 0x800000);
    l = at(2, 0x20003000);
    assert_int_equal(l.log2, 12);
    assert_int_equal(pt_address(&l).v, 0x803000 + SIZE);
    /* Flushing a part leaves the rest, at both ends of the derivation. */
    unmap(1, fpage_make(second + 0x4000, 12, RIGHT_RWX), true);
    assert_null(at(1, second + 0x4000).pte);
    assert_null(at(2, 0x20004000).pte);
    assert_non_null(at(1, second + 0x5000).pte);
    assert_non_null(at(2, 0x20005000).pte);
    /* Aligned targets are served with superpages. */
    assert_true(map_into(1, fpage_make(first, LARGE, RIGHT_R), 3, 0x30000000));
    assert_int_equal(at(3, 0x30000000).log2, LARGE);
    unmap(0, fpage_make(0x800000, LARGE + 1, RIGHT_RWX), false);
    for (unsigned s = 1; s < 4; s++)
        assert_null(at(s, first).pte);
    assert_null(at(3, 0x30000000).pte);
}

/* A superpage that does not fit between KIP and UTCBs comes in pieces, without those that are there. */
static void test_around_the_utcbs(void **state)
{
    const word_t utcbs = BASE + 0x40000, kip = BASE + 0x80000;

    setup();
    space[1]->utcb_base = utcbs;
    space[1]->utcb_size = 0x4000;
    space[1]->kip_base = kip;
    assert_true(map_into(0, fpage_make(0x800000, LARGE + 1, RIGHT_RWX), 1, BASE));
    for (word_t va = BASE; va < BASE + SIZE; va += PAGE_SIZE)
        assert_int_equal(at(1, va).pte != NULL, (va < utcbs || va >= utcbs + 0x4000) && va != kip);
    assert_int_equal(at(1, BASE + SIZE).log2, LARGE);
    /* As large as it gets, where none of that is. */
    assert_true(map_into(0, fpage_make(0x800000, LARGE, RIGHT_RWX), 2, BASE));
    assert_int_equal(at(2, BASE).log2, LARGE);
}

/* A page of 1 GiB takes the place of tables of two levels: all of them come back. */
static void test_gigabyte_over_small_pages(void **state)
{
    (void)state;
    if (PT_LEVELS < 3)
        return; /* none so large */
    setup();
    fake_cpuid_d = 1u << 26;
    pt_init();
    for (word_t va = BASE; va < BASE + (8UL << 21); va += 1UL << 21)
        assert_true(map_into(0, fpage_make(0x5000, 12, RIGHT_R), 2, va));
    assert_true(map_into(0, fpage_make(0x80000000, 30, RIGHT_R), 2, BASE));
    assert_int_equal(at(2, BASE).log2, 30);
    tear_down();
    fake_cpuid_d = 0;
    pt_init();
    assert_int_equal(account_used(&accounts[3]), 0);
}

static word_t random_fpage(unsigned rights)
{
    unsigned log2 = rand() % 3 ? 12 + (unsigned)rand() % 4 : 20 + (unsigned)rand() % 4;
    word_t offset = ((word_t)rand() & 0x7ff) << 12;

    return fpage_make(BASE + offset, log2, rights);
}

static void test_superpages_at_random(void **state)
{
    unsigned markers;

    (void)state;
    setup();
    srand(9);
    for (unsigned i = 0; i < 4000; i++) {
        unsigned from = (unsigned)rand() % SPACES, to = 1 + (unsigned)rand() % (SPACES - 1);
        word_t f = random_fpage(RIGHT_R | ((unsigned)rand() & 3));
        word_t place = BASE + (((word_t)rand() & 0x7ff) << 12);

        if (rand() % 3)
            place = ALIGN_DOWN(place, 1UL << fpage_log2(f));
        if (rand() % 8 == 0)
            map(from, f, to, FPAGE_COMPLETE, place, true);
        else if (rand() % 4)
            map(from, f, to, FPAGE_COMPLETE, place, false);
        else
            unmap(to, (f & ~(word_t)7) | ((unsigned)rand() & 7), rand() & 1);
        if (i % 16 == 0)
            check_list(&markers, true);
    }
    tear_down();
    for (unsigned s = 1; s < SPACES; s++)
        assert_int_equal(account_used(&accounts[s + 1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_superpages),
        cmocka_unit_test(test_around_the_utcbs),
        cmocka_unit_test(test_gigabyte_over_small_pages),
        cmocka_unit_test(test_superpages_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
