/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Kernel memory: buddies merge, slabs give back, accounts hold their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/kmem.h"
#include "fake.h"

static void test_everything_comes_back(void **state)
{
    enum { N = 500 };
    void *p[N];
    unsigned order[N];

    (void)state;
    fake_init(16 << 20);
    u64 before = kmem_free_bytes();
    srand(1);
    for (unsigned i = 0; i < N; i++) {
        order[i] = (unsigned)rand() % 4;
        p[i] = kmem_pages(&accounts[1], order[i]);
        assert_non_null(p[i]);
        assert_int_equal((uintptr_t)p[i] & ((PAGE_SIZE << order[i]) - 1), 0);
        memset(p[i], 0xaa, PAGE_SIZE << order[i]);
    }
    for (unsigned i = 0; i < N; i += 2)
        kmem_pages_free(&accounts[1], p[i], order[i]);
    for (unsigned i = 1; i < N; i += 2)
        kmem_pages_free(&accounts[1], p[i], order[i]);
    assert_int_equal(kmem_free_bytes(), before);
    assert_int_equal(account_used(&accounts[1]), 0);
    assert_non_null(kmem_pages(&accounts[1], 10)); /* merged to the largest block again */
}

static void test_pages_are_zero(void **state)
{
    (void)state;
    fake_init(4 << 20);
    char *p = kmem_pages(&accounts[1], 0);
    memset(p, 1, PAGE_SIZE);
    kmem_pages_free(&accounts[1], p, 0);
    p = kmem_pages(&accounts[1], 0);
    for (unsigned i = 0; i < PAGE_SIZE; i++)
        assert_int_equal(p[i], 0);
}

static void test_limits(void **state)
{
    (void)state;
    fake_init(4 << 20);
    account_set_limit(&accounts[2], 3 * PAGE_SIZE);
    assert_non_null(kmem_pages(&accounts[2], 1));
    assert_null(kmem_pages(&accounts[2], 1));
    assert_non_null(kmem_pages(&accounts[2], 0));
    assert_null(kmem_pages(&accounts[2], 0));
    assert_int_equal(account_used(&accounts[2]), 3 * PAGE_SIZE);
    account_set_limit(&accounts[3], ~(word_t)0);
    while (kmem_pages(&accounts[3], 0))
        ;
    assert_null(kmem_pages(&accounts[3], 3)); /* an exhausted pool is an error, not the end */
}

static void test_slabs(void **state)
{
    static struct slab_cache cache = {.name = "test", .size = 24};
    enum { N = 2000 };
    void *p[N];

    (void)state;
    fake_init(4 << 20);
    u64 before = kmem_free_bytes();
    for (unsigned i = 0; i < N; i++) {
        p[i] = slab_alloc(&cache, &accounts[1]);
        assert_non_null(p[i]);
        for (unsigned k = 0; k < 24; k++)
            assert_int_equal(((char *)p[i])[k], 0);
        memset(p[i], 0xff, 24);
    }
    assert_int_equal(account_used(&accounts[1]), N * 24);
    for (unsigned i = 0; i < N; i += 3)
        slab_free(&cache, &accounts[1], p[i]);
    for (unsigned i = 0; i < N; i += 3)
        assert_non_null(p[i] = slab_alloc(&cache, &accounts[1]));
    for (unsigned i = 0; i < N; i++)
        slab_free(&cache, &accounts[1], p[(i * 7) % N]);
    assert_int_equal(account_used(&accounts[1]), 0);
    assert_int_equal(kmem_free_bytes(), before);
}

/* ---- at random, against a book of who owns which page ---- */

#define BLOCKS 200

struct block {
    unsigned char *p;
    unsigned order, account;
};

static void check_block(const struct block *b, unsigned char fill)
{
    assert_int_equal(b->p[0], fill);
    assert_int_equal(b->p[(PAGE_SIZE << b->order) - 1], fill);
    assert_int_equal(*kmem_page_aux(b->p), fill);
}

static void test_blocks_at_random(void **state)
{
    static struct block blocks[BLOCKS];
    word_t before, used[3] = {0};

    fake_init(8 << 20);
    memset(blocks, 0, sizeof(blocks));
    before = kmem_free_bytes();
    srand(3);
    for (unsigned i = 0; i < 40000; i++) {
        unsigned n = (unsigned)rand() % BLOCKS;
        struct block *b = &blocks[n];

        if (b->p) {
            check_block(b, (unsigned char)n);
            kmem_pages_free(&accounts[b->account], b->p, b->order);
            used[b->account] -= PAGE_SIZE << b->order;
            b->p = NULL;
        } else {
            *b = (struct block){.order = (unsigned)rand() % 6, .account = 1 + (unsigned)rand() % 2};
            b->p = kmem_pages(&accounts[b->account], b->order);
            if (!b->p)
                continue;
            assert_int_equal((uintptr_t)b->p & ((PAGE_SIZE << b->order) - 1), 0);
            assert_true(b->p[0] == 0 && b->p[(PAGE_SIZE << b->order) - 1] == 0);
            assert_int_equal(*kmem_page_aux(b->p), 0);
            memset(b->p, (int)n, PAGE_SIZE << b->order); /* overlapping blocks would show */
            *kmem_page_aux(b->p) = (unsigned char)n;
            used[b->account] += PAGE_SIZE << b->order;
        }
        assert_int_equal(account_used(&accounts[1]), used[1]);
        assert_int_equal(account_used(&accounts[2]), used[2]);
        assert_int_equal(kmem_free_bytes(), before - used[1] - used[2]);
    }
    for (unsigned n = 0; n < BLOCKS; n++)
        if (blocks[n].p)
            kmem_pages_free(&accounts[blocks[n].account], blocks[n].p, blocks[n].order);
    for (unsigned i = 0; i < before >> 22; i++) /* all but the book's block is whole again */
        assert_non_null(kmem_pages(&accounts[1], 10));
}

/* A pool that is no power of two, nor begins with one. */
static void test_odd_pool(void **state)
{
    word_t pages = 0;

    fake_init(7 * 333 * PAGE_SIZE);
    assert_int_equal(kmem_total(), 7 * 333 * PAGE_SIZE);
    while (kmem_pages(&accounts[1], 0))
        pages++;
    assert_int_equal(kmem_free_bytes(), 0);
    assert_true(pages < 7 * 333 && pages > 7 * 333 - 32); /* the book takes the rest */
    assert_null(kmem_pages(&accounts[1], 11));
}

#define OBJECTS 3000

static void test_slabs_at_random(void **state)
{
    /* Nine of a kind in a page, two, as small as they can be. */
    static struct slab_cache caches[] = {{.size = 448}, {.size = PAGE_SIZE / 2}, {.size = 2}};
    static u16 *objects[OBJECTS];
    word_t before, used = 0;

    fake_init(8 << 20);
    before = kmem_free_bytes();
    srand(4);
    for (unsigned i = 0; i < 100000; i++) {
        unsigned n = (unsigned)rand() % OBJECTS;
        struct slab_cache *c = &caches[n % 3];

        if (objects[n]) {
            assert_int_equal(objects[n][0], n);
            assert_int_equal(objects[n][c->size / 2 - 1], n);
            slab_free(c, &accounts[1], objects[n]);
            objects[n] = NULL;
            used -= c->size;
        } else {
            objects[n] = slab_alloc(c, &accounts[1]);
            assert_non_null(objects[n]);
            assert_true(objects[n][0] == 0 && objects[n][c->size / 2 - 1] == 0);
            for (unsigned k = 0; k < c->size / 2; k++)
                objects[n][k] = (u16)n;
            used += c->size;
        }
        assert_int_equal(account_used(&accounts[1]), used);
    }
    for (unsigned n = 0; n < OBJECTS; n++)
        if (objects[n])
            slab_free(&caches[n % 3], &accounts[1], objects[n]);
    assert_int_equal(kmem_free_bytes(), before);
}

static void test_moving_charges(void **state)
{
    fake_init(4 << 20);
    assert_non_null(kmem_pages(&accounts[1], 0));
    account_set_limit(&accounts[2], 1000);
    assert_false(account_move(&accounts[1], &accounts[2], 1001));
    assert_true(account_move(&accounts[1], &accounts[2], 1000));
    assert_true(account_move(&accounts[2], &accounts[2], 5000)); /* to itself: always */
    assert_int_equal(account_used(&accounts[1]), PAGE_SIZE - 1000);
    assert_int_equal(account_used(&accounts[2]), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_comes_back),
        cmocka_unit_test(test_pages_are_zero),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_slabs),
        cmocka_unit_test(test_blocks_at_random),
        cmocka_unit_test(test_odd_pool),
        cmocka_unit_test(test_slabs_at_random),
        cmocka_unit_test(test_moving_charges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
