// SOURCES: lib/rt/format.c
// CFLAGS: -idirafter lib/rt/include -Wno-format
/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's formatter must print what the host's does. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <rt/format.h>

struct text {
    char bytes[256];
    size_t len;
};

static void put(void *arg, char c)
{
    struct text *t = arg;

    assert_true(t->len < sizeof(t->bytes) - 1);
    t->bytes[t->len++] = c;
}

static void same(const char *fmt, ...)
{
    struct text ours = {0};
    char theirs[256];
    va_list a, b;
    int n;

    va_start(a, fmt);
    va_copy(b, a);
    n = rt_vformat(put, &ours, fmt, a);
    assert_int_equal(n, vsnprintf(theirs, sizeof(theirs), fmt, b));
    va_end(a);
    va_end(b);
    assert_string_equal(ours.bytes, theirs);
}

static void test_decimal(void **state)
{
    static const char *const formats[] = {"%d",  "%5d",  "%-5d|", "%05d",    "%+d",
                                          "% d", "%.3d", "%8.3d", "%-8.3d|", "%+06d"};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        same(formats[i], 0);
        same(formats[i], 42);
        same(formats[i], -42);
        same(formats[i], INT_MAX);
        same(formats[i], INT_MIN);
    }
    same("%ld %lld", LONG_MIN, LLONG_MAX);
    same("%hhd %hd", 300, 70000);
}

static void test_unsigned(void **state)
{
    same("%u %x %X %o", 0u, 0u, 0u, 0u);
    same("%u %x %X %o", UINT_MAX, UINT_MAX, UINT_MAX, UINT_MAX);
    same("%lu %lx %#lx", ULONG_MAX, ULONG_MAX, 0x1234ul);
    same("%llu %016llx", 1ull << 63, 0xdeadbeefull);
    same("%zu %#x %#o", (size_t)7, 255u, 8u);
    same("[%8x] [%-8x] [%08x] [%#010x]", 0xabcu, 0xabcu, 0xabcu, 0xabcu);
    same("%.0u|%.5x", 1u, 0x12u);
}

static void test_strings(void **state)
{
    same("%s|%10s|%-10s|%.2s|%10.3s|%-10.3s|", "abc", "abc", "abc", "abc", "abcdef", "abcdef");
    same("%.*s|%*s|%*s|", 3, "abcdef", 6, "x", -6, "y");
    same("%c%c%c|%3c|%-3c|", 'a', 'b', 'c', 'd', 'e');
    same("100%% %s", "");
    same("%p", (void *)0x1000);
}

static void test_unterminated_precision(void **state)
{
    char raw[3] = {'a', 'b', 'c'};

    same("%.3s", raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal),
        cmocka_unit_test(test_unsigned),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_unterminated_precision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
