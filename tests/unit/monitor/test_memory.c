// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/books/memory.c lib/rt/ranges.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include
/* The memory book and the range set that feeds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <books/memory.h>
#include "quota.h"
#include <rt/ranges.h>

#define MIB UINT64_C(0x100000)
#define A   3u
#define B   7u

static uint64_t revoked_bytes;

static void revoke(uint64_t phys, uint64_t size)
{
    revoked_bytes += size;
}

/* The book has no reset: one machine serves all tests, with RAM 1-64 MiB (its first
 * chunk is split) and one loose page. */
static int enter_machine(void **state)
{
    assert_int_equal(mem_enter(MIB, 63 * MIB), 63 * MIB);
    assert_int_equal(mem_enter(128 * MIB + 4096, 4096), 4096);
    return 0;
}

static void test_enter(void **state)
{
    assert_int_equal(mem_total(), 63 * MIB + 4096);
    assert_int_equal(mem_free(), mem_total());
    assert_int_equal(mem_free_chunks(), 31);
    assert_int_equal(mem_enter(MIB, 4096), 0); /* a second time */
    assert_int_equal(mem_enter(MEM_LIMIT, MIB), 0);
}

static void test_chunks(void **state)
{
    uint64_t first = mem_take_chunk(A), second = mem_take_chunk(B);

    assert_int_equal(first % MEM_CHUNK, 0);
    assert_true(first != second);
    assert_int_equal(mem_held(A), MEM_CHUNK);
    assert_false(mem_chunk_is_clean(first));
    mem_chunk_set_clean(first);
    assert_true(mem_chunk_is_clean(first));
    assert_false(mem_give_chunk(B, first));
    assert_false(mem_give_chunk(A, first + 4096));
    assert_true(mem_give_chunk(A, first));
    assert_false(mem_give_chunk(A, first));
    assert_int_equal(mem_take_chunk(B), first);
    assert_false(mem_chunk_is_clean(first)); /* a new owner's chunk is dirty again */
    assert_true(mem_give_chunk(B, first));
    assert_true(mem_give_chunk(B, second));
    assert_int_equal(mem_free(), mem_total());
}

static void test_pages(void **state)
{
    uint64_t p = mem_take_pages(A, 5), q = mem_take_pages(B, 1), r;

    assert_int_equal(mem_held(A), 5 * MEM_PAGE);
    assert_false(mem_give_pages(A, p, 6));
    assert_false(mem_give_pages(A, q, 1));
    assert_true(mem_give_pages(A, p + MEM_PAGE, 2));
    assert_int_equal(mem_take_pages(A, 2), p + MEM_PAGE); /* the hole is found again */
    /* A run longer than the split chunk's rest breaks up a whole one, which becomes
     * whole again when it is given back. */
    r = mem_take_pages(A, MEM_PAGES);
    assert_int_equal(r % MEM_CHUNK, 0);
    assert_int_equal(mem_free_chunks(), 30);
    assert_true(mem_give_pages(A, r, MEM_PAGES));
    assert_int_equal(mem_free_chunks(), 31);
    mem_give_all(A, NULL);
    mem_give_all(B, NULL);
    assert_int_equal(mem_free(), mem_total());
}

static void test_exhaustion(void **state)
{
    unsigned chunks = 0, pages = 0;

    while (mem_take_chunk(A) != MEM_NONE)
        chunks++;
    assert_int_equal(chunks, 31);
    while (mem_take_pages(B, 1) != MEM_NONE)
        pages++;
    assert_int_equal(pages, 257);
    assert_int_equal(mem_free(), 0);
    revoked_bytes = 0;
    mem_give_all(A, revoke);
    assert_int_equal(revoked_bytes, 62 * MIB);
    mem_give_all(B, revoke);
    assert_int_equal(revoked_bytes, mem_total());
    assert_int_equal(mem_free(), mem_total());
    assert_int_equal(mem_held(A) + mem_held(B), 0);
}

static void test_ranges(void **state)
{
    struct ranges s = {0};

    assert_true(ranges_add(&s, 0x1000, 0x9000));
    assert_true(ranges_add(&s, 0x20000, 0x30000));
    assert_true(ranges_add(&s, 0x9000, 0xa000)); /* touches the first */
    assert_int_equal(s.count, 2);
    assert_int_equal(ranges_bytes(&s), 0x9000 + 0x10000);
    assert_true(ranges_remove(&s, 0x22000, 0x23000)); /* splits */
    assert_int_equal(s.count, 3);
    assert_true(ranges_remove(&s, 0x5000, 0x22000));
    assert_int_equal(s.count, 2);
    assert_int_equal(s.r[0].end, 0x5000);
    assert_int_equal(s.r[1].base, 0x23000);
    assert_true(ranges_add(&s, 0, 0x40000)); /* swallows */
    assert_int_equal(s.count, 1);
    assert_true(ranges_add(&s, 0x50000, 0x50000)); /* empty */
    assert_true(ranges_remove(&s, 0, ~UINT64_C(0)));
    assert_int_equal(s.count, 0);
}

static void test_ranges_full(void **state)
{
    struct ranges s = {0};

    for (uint64_t i = 0; i < RANGES_MAX; i++)
        assert_true(ranges_add(&s, i * 0x3000, i * 0x3000 + 0x3000 - 0x1000));
    assert_false(ranges_add(&s, 0x1000000, 0x1001000));
    assert_false(ranges_remove(&s, 0x500, 0x600)); /* the split's upper half is lost */
    assert_int_equal(s.count, RANGES_MAX);
    assert_int_equal(s.r[0].end, 0x500);
}

static void test_quota(void **state)
{
    struct quota q = {.limit = 10};

    assert_true(quota_take(&q, 4));
    assert_false(quota_take(&q, 7));
    assert_false(quota_take(&q, UINT64_MAX));
    assert_true(quota_take(&q, 6));
    quota_give(&q, 10);
    assert_int_equal(q.used, 0);
    quota_give(&q, 1);
    assert_int_equal(q.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enter),  cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_pages),  cmocka_unit_test(test_exhaustion),
        cmocka_unit_test(test_ranges), cmocka_unit_test(test_ranges_full),
        cmocka_unit_test(test_quota),
    };

    return cmocka_run_group_tests(tests, enter_machine, NULL);
}
