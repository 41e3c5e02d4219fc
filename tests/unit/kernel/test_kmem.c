/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/space.c kernel/arch/x86/pagetable.c
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Kernel memory: buddies merge, slabs give back, accounts hold their limits; timeouts in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "core/kmem.h"
#include "core/timeout.h"
#include "fake.h"

struct cpu boot_cpu;

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
    assert_int_equal(accounts[1].used, 0);
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
    accounts[2].limit = 3 * PAGE_SIZE;
    assert_non_null(kmem_pages(&accounts[2], 1));
    assert_null(kmem_pages(&accounts[2], 1));
    assert_non_null(kmem_pages(&accounts[2], 0));
    assert_null(kmem_pages(&accounts[2], 0));
    assert_int_equal(accounts[2].used, 3 * PAGE_SIZE);
    accounts[3].limit = ~(word_t)0;
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
    assert_int_equal(accounts[1].used, N * 24);
    for (unsigned i = 0; i < N; i += 3)
        slab_free(&cache, &accounts[1], p[i]);
    for (unsigned i = 0; i < N; i += 3)
        assert_non_null(p[i] = slab_alloc(&cache, &accounts[1]));
    for (unsigned i = 0; i < N; i++)
        slab_free(&cache, &accounts[1], p[(i * 7) % N]);
    assert_int_equal(accounts[1].used, 0);
    assert_int_equal(kmem_free_bytes(), before);
}

static u64 last_fired;
static unsigned fired;

static void on_fire(struct timeout *t)
{
    assert_true(t->when >= last_fired);
    assert_false(t->armed);
    last_fired = t->when;
    fired++;
}

static void test_timeouts_fire_in_order(void **state)
{
    enum { N = 1000 };
    static struct timeout t[N];
    unsigned cancelled = 0;

    (void)state;
    fake_init(4 << 20);
    boot_cpu.timeouts = NULL;
    srand(2);
    for (unsigned i = 0; i < N; i++) {
        t[i].expired = on_fire;
        timeout_set(&t[i], (u64)(rand() % 10000));
    }
    for (unsigned i = 0; i < N; i += 5)
        timeout_set(&t[i], (u64)(rand() % 10000)); /* changed */
    for (unsigned i = 0; i < N; i += 7, cancelled++)
        timeout_cancel(&t[i]);
    last_fired = 0;
    fired = 0;
    for (u64 now = 0; now <= 10000; now += 100) {
        timeout_run(now);
        assert_true(fake_timer == timeout_next());
        assert_true(timeout_next() > now);
    }
    assert_int_equal(fired, N - cancelled);
    assert_true(timeout_next() == TIME_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_comes_back),
        cmocka_unit_test(test_pages_are_zero),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_slabs),
        cmocka_unit_test(test_timeouts_fire_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
