/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/attribute.c
// SOURCES: kernel/core/space.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Memory types: sigma0's ranges against a plain table, and how types follow the mappings. */
#include "arch/pte.h"
#include "attribute.h"
#include "mapdb_check.h"

#define UNCACHEABLE 4
#define COMBINING   5
#define LARGE       (PAGE_SHIFT + PT_BITS)

static unsigned attribute_at(unsigned s, word_t va)
{
    struct pt_leaf l = at(s, va);

    assert_non_null(l.pte);
    return pt_attribute(&l);
}

static void set_attribute(unsigned s, word_t fpage, unsigned attribute)
{
    struct mapping *marker = kmem_pages(&accounts[0], 0);
    struct unmapping u = {.marker = marker};
    unsigned calls = 0;

    while (!attribute_fpage(space[s], fpage, attribute, &u))
        assert_true(calls++ < 10000);
    assert_false(mapping_is_marker(marker));
    kmem_pages_free(&accounts[0], marker, 0);
}

/* ---- ranges ---- */

#define PLACES 256
#define UNIT   0x10000ULL

/* Nothing is known of any memory any more. */
static void forget_ranges(void)
{
    assert_true(attribute_note(0, ~(u64)0, 0));
}

static void test_ranges_at_random(void **state)
{
    unsigned model[PLACES] = {0}, refused = 0;

    forget_ranges();
    srand(6);
    for (unsigned i = 0; i < 6000; i++) {
        unsigned start = (unsigned)rand() % PLACES,
                 length = 1 + (unsigned)rand() % (rand() % 8 ? 4 : 64);
        unsigned end = MIN(start + length, PLACES), a = (unsigned)rand() % 9;

        if (attribute_note(start * UNIT, end * UNIT, a))
            for (unsigned k = start; k < end; k++)
                model[k] = a;
        else
            refused++;
        for (unsigned k = 0; k < PLACES; k++) {
            assert_int_equal(attribute_of(k * UNIT), model[k]);
            assert_int_equal(attribute_of(k * UNIT + UNIT - 1), model[k]);
        }
    }
    assert_true(refused > 0 && refused < 6000); /* both have been seen */
}

/* Many pieces: then no more, until there are fewer again. */
static void test_too_many_ranges(void **state)
{
    unsigned n = 0;

    forget_ranges();
    while (n < 1000 && attribute_note(n * 2 * UNIT, (n * 2 + 1) * UNIT, UNCACHEABLE))
        n++;
    assert_true(n > 32 && n < 1000);
    assert_int_equal(attribute_of(n * 2 * UNIT), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(attribute_of(i * 2 * UNIT), UNCACHEABLE);
    setup();
    set_attribute(0, fpage_make(n * 2 * UNIT, 16, 0), COMBINING); /* has no effect, but ends */
    assert_int_equal(attribute_of(n * 2 * UNIT), 0);
    forget_ranges();
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(attribute_of(i * 2 * UNIT), 0);
    assert_true(attribute_note(0, UNIT, UNCACHEABLE));
    forget_ranges();
}

/* ---- pages ---- */

/* What is derived from a page gets its type, now and later; other pages keep theirs. */
static void test_types_follow_mappings(void **state)
{
    setup();
    assert_true(map_into(0, fpage_make(0x100000, 16, RIGHT_RWX), 1, BASE));
    assert_true(map_into(1, fpage_make(BASE, 16, RIGHT_R), 2, BASE));
    set_attribute(1, fpage_make(BASE + 0x4000, 13, 0), COMBINING);
    assert_true(map_into(1, fpage_make(BASE + 0x4000, 14, RIGHT_R), 3, BASE));
    for (word_t va = BASE; va < BASE + 0x10000; va += PAGE_SIZE) {
        bool in = va - BASE >= 0x4000 && va - BASE < 0x6000;

        assert_int_equal(attribute_at(1, va), in ? COMBINING : 0);
        assert_int_equal(attribute_at(2, va), in ? COMBINING : 0);
    }
    assert_int_equal(attribute_at(3, BASE), COMBINING);
    assert_int_equal(attribute_at(3, BASE + 0x2000), 0);
    /* All types, and back. */
    for (unsigned a = 1; a <= 8; a++) {
        set_attribute(1, fpage_make(BASE, 12, 0), a);
        assert_int_equal(attribute_at(2, BASE), a == 1 ? 0 : a); /* the first is the default one */
    }
    set_attribute(1, fpage_make(BASE, 12, 0), 0);
    assert_int_equal(attribute_at(2, BASE), 0);
}

/* Of a superpage only the part, on both sides of a derivation. */
static void test_superpages_are_cut(void **state)
{
    setup();
    assert_true(map_into(0, fpage_make(0x10000000, LARGE, RIGHT_RWX), 1, BASE));
    set_attribute(1, fpage_make(BASE, LARGE, 0), 8);
    assert_true(map_into(1, fpage_make(BASE, LARGE, RIGHT_RWX), 2, BASE));
    assert_int_equal(at(2, BASE).log2, LARGE);
    assert_int_equal(attribute_at(2, BASE), 8);
    set_attribute(1, fpage_make(BASE + 0x7000, 12, 0), COMBINING);
    for (unsigned s = 1; s < 3; s++) {
        assert_int_equal(at(s, BASE).log2, PAGE_SHIFT);
        assert_int_equal(attribute_at(s, BASE + 0x6000), 8);
        assert_int_equal(attribute_at(s, BASE + 0x7000), COMBINING);
        assert_int_equal(attribute_at(s, BASE + 0x8000), 8);
    }
}

/* Sigma0's memory has a type before anybody has it, and whoever has it gets it. */
static void test_sigma0(void **state)
{
    setup();
    forget_ranges();
    assert_true(map_into(0, fpage_make(0x200000, 14, RIGHT_RWX), 1, BASE));
    set_attribute(0, fpage_make(0x201000, 12, 0), UNCACHEABLE);
    assert_int_equal(attribute_at(1, BASE), 0);
    assert_int_equal(attribute_at(1, BASE + 0x1000), UNCACHEABLE);
    assert_true(map_into(0, fpage_make(0x200000, 14, RIGHT_RWX), 2, BASE));
    assert_int_equal(attribute_at(2, BASE + 0x1000), UNCACHEABLE);
    assert_int_equal(attribute_at(2, BASE + 0x2000), 0);
    set_attribute(0, fpage_make(0x200000, 14, 0), 0);
    assert_int_equal(attribute_at(1, BASE + 0x1000), 0);
    assert_int_equal(attribute_of(0x201000), 0);
    /* To the end of the space. */
    set_attribute(0, FPAGE_COMPLETE, COMBINING);
    assert_int_equal(attribute_of(PHYS_LAST), COMBINING);
    assert_int_equal(attribute_at(1, BASE), COMBINING);
    forget_ranges();
}

/* However often it is interrupted. */
static void test_many_pages(void **state)
{
    setup();
    assert_true(map_into(0, fpage_make(0x100000, 12, RIGHT_RWX), 1, BASE));
    for (unsigned i = 0; i < 100; i++)
        assert_true(map_into(1, fpage_make(BASE, 12, RIGHT_R), 2 + i % 3, BASE + i * PAGE_SIZE));
    fake_interrupt_in = fake_interrupt_again = 1;
    set_attribute(1, fpage_make(BASE, 12, 0), COMBINING);
    fake_interrupt_in = fake_interrupt_again = 1;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(attribute_at(2 + i % 3, BASE + i * PAGE_SIZE), COMBINING);
    set_attribute(0, fpage_make(0x100000, 12, 0), 0);
    fake_interrupt_in = 0;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(attribute_at(2 + i % 3, BASE + i * PAGE_SIZE), 0);
    forget_ranges();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_at_random),
        cmocka_unit_test(test_too_many_ranges),
        cmocka_unit_test(test_types_follow_mappings),
        cmocka_unit_test(test_superpages_are_cut),
        cmocka_unit_test(test_sigma0),
        cmocka_unit_test(test_many_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
