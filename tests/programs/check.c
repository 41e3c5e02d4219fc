/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

static unsigned failed;

void check(const char *what, enum mz_error got, enum mz_error expected)
{
    if (got == expected)
        return;
    failed++;
    native_print("FAIL %s: %s, expected %s\n", what, mz_error_name(got), mz_error_name(expected));
}

void check_number(const char *what, long long got, long long expected)
{
    if (got == expected)
        return;
    failed++;
    native_print("FAIL %s: %lld, expected %lld\n", what, got, expected);
}

void expect(const char *what, bool good)
{
    if (good)
        return;
    failed++;
    native_print("FAIL %s\n", what);
}

unsigned failures(void)
{
    return failed;
}

void finish(void)
{
    native_print("%u failures\n", failed);
    native_exit(failed ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, 0, "");
}
