/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As much of cmocka as the kernel's tests use, for programs of 32 bits: Debian
 * has the library for the build machine's width only.
 */
#ifndef FAKE_CMOCKA_H
#define FAKE_CMOCKA_H

#include <setjmp.h>
#include <stdio.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

#define cmocka_unit_test(function)                                                                 \
    {                                                                                              \
#function, function                                                                        \
    }

static jmp_buf fake_cmocka_failed;

static inline void fake_cmocka_assert(int ok, const char *text, const char *file, int line)
{
    if (ok)
        return;
    printf("# %s:%d: %s\n", file, line, text);
    longjmp(fake_cmocka_failed, 1);
}

#define FAKE_CMOCKA_ASSERT(c)      fake_cmocka_assert(!!(c), #c, __FILE__, __LINE__)
#define assert_true(c)             FAKE_CMOCKA_ASSERT(c)
#define assert_false(c)            FAKE_CMOCKA_ASSERT(!(c))
#define assert_null(p)             FAKE_CMOCKA_ASSERT((p) == NULL)
#define assert_non_null(p)         FAKE_CMOCKA_ASSERT((p) != NULL)
#define assert_ptr_equal(a, b)     FAKE_CMOCKA_ASSERT((const void *)(a) == (const void *)(b))
#define assert_ptr_not_equal(a, b) FAKE_CMOCKA_ASSERT((const void *)(a) != (const void *)(b))
#define assert_int_equal(a, b)                                                                     \
    FAKE_CMOCKA_ASSERT((unsigned long long)(a) == (unsigned long long)(b))
#define fail() FAKE_CMOCKA_ASSERT(0)

static inline int fake_cmocka_run(const struct CMUnitTest *tests, unsigned n)
{
    volatile int failures = 0;

    printf("1..%u\n", n);
    for (volatile unsigned i = 0; i < n; i++) {
        void *state = NULL;
        int failed = setjmp(fake_cmocka_failed);

        if (!failed)
            tests[i].test(&state);
        failures += failed;
        printf("%sok %u - %s\n", failed ? "not " : "", i + 1, tests[i].name);
    }
    return failures;
}

#define cmocka_run_group_tests(tests, setup, teardown)                                             \
    fake_cmocka_run(tests, sizeof(tests) / sizeof((tests)[0]))

#endif
