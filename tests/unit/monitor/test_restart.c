// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: monitor/restart.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include -Iidl/include
/* The restart policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "restart.h"

static const struct restart_policy on_failure = {RESTART_ON_FAILURE, 3, 10000, 500};

static void test_never(void **state)
{
    struct restart_policy p = {RESTART_NEVER, 3, 10000, 500};
    struct restart_history h = {0};

    assert_false(restart_decide(&p, &h, ENDING_FAILURE, 1).restart);
    assert_false(restart_decide(&p, &h, ENDING_SUCCESS, 1).restart);
    assert_true(restart_decide(&p, &h, ENDING_REBOOT, 1).restart);
    assert_true(restart_decide(&p, &h, ENDING_RESTART, 1).restart);
}

static void test_success(void **state)
{
    struct restart_policy p = on_failure;
    struct restart_history h = {0};

    assert_false(restart_decide(&p, &h, ENDING_SUCCESS, 1).restart);
    p.when = RESTART_ALWAYS;
    assert_true(restart_decide(&p, &h, ENDING_SUCCESS, 1).restart);
    assert_false(restart_decide(&p, &h, ENDING_KILLED, 1).restart);
    assert_false(restart_decide(&p, &h, ENDING_FINAL, 1).restart);
}

static void test_back_off_and_limit(void **state)
{
    struct restart_history h = {0};
    struct restart_verdict v;

    for (unsigned i = 0; i < 3; i++) {
        v = restart_decide(&on_failure, &h, ENDING_FAILURE, 1000 * i);
        assert_true(v.restart);
        assert_int_equal(v.delay_ms, 500u << i);
        assert_int_equal(v.attempt, i + 1);
    }
    v = restart_decide(&on_failure, &h, ENDING_FAILURE, 4000);
    assert_false(v.restart);
    assert_true(v.crash_loop);
    /* The first of the three leaves the window after 10 s. */
    v = restart_decide(&on_failure, &h, ENDING_FAILURE, 10001);
    assert_true(v.restart);
    assert_int_equal(v.attempt, 3);
    v = restart_decide(&on_failure, &h, ENDING_FAILURE, 100000);
    assert_int_equal(v.attempt, 1);
    assert_int_equal(v.delay_ms, 500);
}

static void test_bounds(void **state)
{
    struct restart_policy p = {RESTART_ON_FAILURE, 1000, UINT32_MAX, 60000};
    struct restart_history h = {0};
    unsigned n = 0;

    while (restart_decide(&p, &h, ENDING_FAILURE, 1).restart)
        n++;
    assert_int_equal(n, RESTART_HISTORY);
    p.limit = 0;
    h.count = 0;
    assert_true(restart_decide(&p, &h, ENDING_FAILURE, 1).crash_loop);
    p.limit = 16;
    h.count = 10;
    assert_int_equal(restart_decide(&p, &h, ENDING_FAILURE, 1).delay_ms, 60000);
}

static void test_reboot_rate(void **state)
{
    struct restart_history h = {.started_ms = 5000};

    assert_int_equal(restart_decide(&on_failure, &h, ENDING_REBOOT, 5200).delay_ms, 800);
    assert_int_equal(restart_decide(&on_failure, &h, ENDING_REBOOT, 7000).delay_ms, 0);
    assert_int_equal(h.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never),       cmocka_unit_test(test_success),
        cmocka_unit_test(test_bounds),      cmocka_unit_test(test_back_off_and_limit),
        cmocka_unit_test(test_reboot_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
