// SOURCES: lib/rt/heap.c
// CFLAGS: -idirafter lib/rt/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* The allocator: no overlap, all memory comes back, low addresses first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <rt/heap.h>

static char region[65536] __attribute__((aligned(16)));

static int setup(void **state)
{
    memset(region, 0xee, sizeof(region));
    rt_heap_init(region, sizeof(region));
    return 0;
}

static void test_alignment(void **state)
{
    rt_heap_init(region + 3, 1000);
    for (size_t n = 0; n < 40; n++) {
        char *p = rt_heap_alloc(n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        rt_heap_free(p);
    }
    assert_int_equal(rt_heap_used(), 0);
}

static void test_whole(void **state)
{
    void *p = rt_heap_alloc(sizeof(region) - 16);

    assert_non_null(p);
    assert_null(rt_heap_alloc(1));
    rt_heap_free(p);
    assert_ptr_equal(rt_heap_alloc(sizeof(region) - 16), p);
}

static void test_refusals(void **state)
{
    assert_null(rt_heap_alloc(sizeof(region)));
    assert_null(rt_heap_alloc(SIZE_MAX));
    assert_null(rt_heap_alloc(SIZE_MAX - 15));
    rt_heap_init(region, 8);
    assert_null(rt_heap_alloc(1));
    rt_heap_free(NULL);
}

static void test_untouched_beyond_use(void **state)
{
    rt_heap_free(rt_heap_alloc(100));
    for (size_t i = 4096; i < sizeof(region); i++)
        assert_int_equal((unsigned char)region[i], 0xee);
}

static void test_resize(void **state)
{
    char *p = rt_heap_resize(NULL, 10), *q;

    strcpy(p, "abcdefghi");
    assert_non_null(rt_heap_alloc(16));
    q = rt_heap_resize(p, 1000);
    assert_string_equal(q, "abcdefghi");
    assert_null(rt_heap_resize(q, 1 << 20));
    assert_string_equal(q, "abcdefghi");
}

static void test_random(void **state)
{
    struct {
        unsigned char *p;
        size_t n;
    } block[64] = {0};
    unsigned seed = 1;

    for (int step = 0; step < 20000; step++) {
        unsigned i = (seed = seed * 1103515245 + 12345) >> 16 & 63;

        if (block[i].p) {
            for (size_t k = 0; k < block[i].n; k++)
                assert_int_equal(block[i].p[k], i);
            rt_heap_free(block[i].p);
            block[i].p = NULL;
            continue;
        }
        block[i].n = (seed >> 8) % 2000;
        block[i].p = rt_heap_alloc(block[i].n);
        if (block[i].p)
            memset(block[i].p, (int)i, block[i].n);
    }
    for (int i = 0; i < 64; i++)
        rt_heap_free(block[i].p);
    assert_int_equal(rt_heap_used(), 0);
    assert_non_null(rt_heap_alloc(sizeof(region) - 16));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_alignment, setup),
        cmocka_unit_test_setup(test_whole, setup),
        cmocka_unit_test_setup(test_refusals, setup),
        cmocka_unit_test_setup(test_untouched_beyond_use, setup),
        cmocka_unit_test_setup(test_resize, setup),
        cmocka_unit_test_setup(test_random, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
