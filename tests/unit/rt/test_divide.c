/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: lib/rt/ia32/divide.c
/* The divisions that 32-bit programs call, against those of the build machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);

static uint64_t random64(void)
{
    uint64_t r = 0;

    for (int i = 0; i < 8; i++)
        r = r << 8 ^ (uint64_t)rand();
    return r >> rand() % 64;
}

static void check(uint64_t n, uint64_t d)
{
    assert_int_equal(__udivdi3(n, d), n / d);
    assert_int_equal(__umoddi3(n, d), n % d);
    if (n == UINT64_C(1) << 63 && d == UINT64_MAX)
        return; /* the quotient has no place */
    assert_int_equal(__divdi3((int64_t)n, (int64_t)d), (int64_t)n / (int64_t)d);
    assert_int_equal(__moddi3((int64_t)n, (int64_t)d), (int64_t)n % (int64_t)d);
}

static void test_edges(void **state)
{
    const uint64_t edges[] = {0,
                              1,
                              2,
                              10,
                              0x7fffffff,
                              0x80000000,
                              0xffffffff,
                              UINT64_C(1) << 32,
                              (UINT64_C(1) << 32) + 1,
                              INT64_MAX,
                              UINT64_C(1) << 63,
                              UINT64_MAX};
    const unsigned count = sizeof(edges) / sizeof(edges[0]);

    (void)state;
    for (unsigned n = 0; n < count; n++)
        for (unsigned d = 1; d < count; d++)
            check(edges[n], edges[d]);
}

static void test_random(void **state)
{
    (void)state;
    srand(1);
    for (int i = 0; i < 200000; i++) {
        uint64_t d = random64();

        check(random64(), d ? d : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_edges), cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
