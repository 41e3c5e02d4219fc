// SOURCES: sigma0/ranges.c sigma0/memory.c
// CFLAGS: -Isigma0 -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* sigma0's tables: ownership, limits, and the pools made from the KIP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "memory.h"
#include "ranges.h"

#define ALICE 0x100000001ul
#define BOB   0x200000001ul
#define SPACE 4096u

static struct range table[64];
static struct ranges ranges;
static uintptr_t model[SPACE];

static int setup(void **state)
{
    ranges_init(&ranges, table, 64, SPACE - 1, OWNER_RAM);
    for (unsigned i = 0; i < SPACE; i++)
        model[i] = OWNER_RAM;
    return 0;
}

static void check_against_model(void)
{
    unsigned expected = 1;

    for (unsigned i = 0; i < SPACE; i++) {
        assert_int_equal(ranges_find(&ranges, i)->owner, model[i]);
        if (i > 0 && model[i] != model[i - 1])
            expected++;
    }
    assert_int_equal(ranges.count, expected);
    assert_int_equal(table[0].low, 0);
    assert_int_equal(table[ranges.count - 1].high, SPACE - 1);
    for (unsigned i = 1; i < ranges.count; i++)
        assert_int_equal(table[i].low, table[i - 1].high + 1);
}

static void test_set_random(void **state)
{
    static const uintptr_t owners[] = {OWNER_RAM, OWNER_DEVICE, ALICE, BOB, OWNER_ANYONE};

    srand(1);
    for (int step = 0; step < 2000; step++) {
        uintptr_t low = (uintptr_t)rand() % SPACE;
        uintptr_t high = low + (uintptr_t)rand() % 100;
        uintptr_t owner = owners[rand() % 5];

        if (high >= SPACE)
            high = SPACE - 1;
        if (!ranges_set(&ranges, low, high, owner)) {
            assert_true(ranges.count + 2 > ranges.capacity);
            check_against_model();
            setup(NULL);
            continue;
        }
        for (uintptr_t a = low; a <= high; a++)
            model[a] = owner;
        check_against_model();
    }
}

static void test_claims(void **state)
{
    assert_int_equal(ranges_claim(&ranges, 10, 19, ALICE, false), CLAIM_OK);
    assert_int_equal(ranges_claim(&ranges, 12, 13, ALICE, false), CLAIM_OK);
    assert_int_equal(ranges_claim(&ranges, 12, 13, BOB, false), CLAIM_REFUSED);
    assert_int_equal(ranges_claim(&ranges, 19, 30, BOB, false), CLAIM_REFUSED);
    assert_int_equal(ranges_find(&ranges, 20)->owner, OWNER_RAM);
    ranges_set(&ranges, 40, 49, OWNER_ANYONE);
    assert_int_equal(ranges_claim(&ranges, 35, 54, BOB, false), CLAIM_OK);
    assert_int_equal(ranges_find(&ranges, 35)->owner, BOB);
    assert_int_equal(ranges_find(&ranges, 45)->owner, OWNER_ANYONE);
    assert_int_equal(ranges_find(&ranges, 54)->owner, BOB);
    ranges_set(&ranges, 100, 199, OWNER_DEVICE);
    assert_int_equal(ranges_claim(&ranges, 150, 159, BOB, false), CLAIM_REFUSED);
    assert_int_equal(ranges_claim(&ranges, 150, 159, BOB, true), CLAIM_OK);
    ranges_set(&ranges, 300, 309, OWNER_NOBODY);
    assert_int_equal(ranges_claim(&ranges, 300, 309, BOB, true), CLAIM_REFUSED);
}

static void test_full(void **state)
{
    ranges.capacity = 4;
    assert_int_equal(ranges_claim(&ranges, 10, 19, ALICE, false), CLAIM_OK);
    assert_int_equal(ranges_claim(&ranges, 30, 39, BOB, false), CLAIM_FULL);
    assert_int_equal(ranges_claim(&ranges, 15, 19, ALICE, false), CLAIM_OK);
    assert_int_equal(ranges.count, 3);
}

static void test_free_block(void **state)
{
    uintptr_t low;

    assert_true(ranges_free_block(&ranges, 12, ~0ul, &low));
    assert_int_equal(low, 0);
    assert_false(ranges_free_block(&ranges, 13, ~0ul, &low));
    assert_false(ranges_free_block(&ranges, 63, ~0ul, &low));
    assert_false(ranges_free_block(&ranges, 64, ~0ul, &low));
    ranges_set(&ranges, 2048, 4095, ALICE);
    ranges_set(&ranges, 1000, 1010, BOB);
    assert_true(ranges_free_block(&ranges, 10, ~0ul, &low));
    assert_int_equal(low, 1024);
    ranges_set(&ranges, 1100, 1100, BOB);
    assert_true(ranges_free_block(&ranges, 9, ~0ul, &low));
    assert_int_equal(low, 1536);
    assert_true(ranges_free_block(&ranges, 9, 1600, &low));
    assert_int_equal(low, 0);
    assert_false(ranges_free_block(&ranges, 9, 510, &low));
    assert_false(ranges_free_block(&ranges, 10, ~0ul, &low));
    ranges_init(&ranges, table, 64, ~0ul, OWNER_RAM);
    assert_true(ranges_free_block(&ranges, 30, ~0ul, &low));
    assert_int_equal(low, ~0ul << 30);
}

/* A KIP with descriptors behind it. */
static struct {
    struct l4_kip kip;
    L4_MemoryDesc_t desc[16];
} image;

static void describe(unsigned n, L4_Word_t type, L4_Word_t low, L4_Word_t high)
{
    image.desc[n].raw[0] = (low & ~0x3fful) | type;
    image.desc[n].raw[1] = high & ~0x3fful;
    image.kip.memory_info = offsetof(__typeof__(image), desc) << L4_WORD_BITS / 2 | (n + 1);
}

static void test_memory_from_kip(void **state)
{
    const L4_Word_t virtual_bit = 1 << 9;

    image.kip.thread_info = 48ul << 20 | 16 << 8 | 18;
    image.kip.sigma0.low = 0xf00000;
    image.kip.sigma0.high = 0xf03001;
    image.kip.root_server.low = 0x1000000;
    image.kip.root_server.high = 0x1008000;
    describe(0, L4_SharedMemoryType, 0, ~0ul);
    describe(1, L4_ConventionalMemoryType, 0, 0x9fbff);
    describe(2, L4_ConventionalMemoryType, 0x100000, 0x7ffffff);
    describe(3, L4_ReservedMemoryType, 0x600000, 0x6fffff);
    describe(4, 0x3e, 0x2000000, 0x20007ff);
    describe(5, L4_ConventionalMemoryType | virtual_bit, 0, ~0ul);
    ranges_init(&ranges, table, 64, ~0ul, OWNER_DEVICE);
    assert_true(memory_init(&ranges, &image.kip));
    assert_int_equal(ranges_find(&ranges, 0)->owner, OWNER_RAM);
    assert_int_equal(ranges_find(&ranges, 0x9ffff)->owner, OWNER_RAM);
    assert_int_equal(ranges_find(&ranges, 0xa0000)->owner, OWNER_ANYONE);
    assert_int_equal(ranges_find(&ranges, 0x600000)->owner, L4_GlobalId(16, 1).raw);
    assert_int_equal(ranges_find(&ranges, 0x2000fff)->owner, OWNER_DEVICE);
    assert_int_equal(ranges_find(&ranges, 0x2001000)->owner, OWNER_RAM);
    assert_int_equal(ranges_find(&ranges, 0xf03fff)->owner, L4_GlobalId(48, 1).raw);
    assert_int_equal(ranges_find(&ranges, 0x1007fff)->owner, L4_GlobalId(50, 1).raw);
    assert_int_equal(ranges_find(&ranges, 0x1008000)->owner, OWNER_RAM);
    assert_int_equal(ranges_find(&ranges, ~0ul)->owner, OWNER_ANYONE);
    ranges_init(&ranges, table, 3, ~0ul, OWNER_DEVICE);
    assert_false(memory_init(&ranges, &image.kip));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_set_random, setup),
        cmocka_unit_test_setup(test_claims, setup),
        cmocka_unit_test_setup(test_full, setup),
        cmocka_unit_test_setup(test_free_block, setup),
        cmocka_unit_test_setup(test_memory_from_kip, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
