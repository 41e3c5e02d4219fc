// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/spans.c
// CFLAGS: -Ilib/manifest/include
/* Lists of interrupts, ports and device memory, as the monitor reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <manifest/spans.h>

static unsigned count(const char *list)
{
    struct span s;
    unsigned n = 0;

    while (spans_next(&list, &s))
        n++;
    return n;
}

static void test_lists(void **state)
{
    const char *list = "3e8-3ef  70-71 fed00000-fed00fff@400000";
    struct span s;

    assert_true(spans_next(&list, &s));
    assert_int_equal(s.first, 0x3e8);
    assert_int_equal(s.last, 0x3ef);
    assert_true(spans_next(&list, &s));
    assert_int_equal(s.place, 0);
    assert_true(spans_next(&list, &s));
    assert_int_equal(s.first, 0xfed00000);
    assert_int_equal(s.place, 0x400000);
    assert_false(spans_next(&list, &s));
    assert_int_equal(count(NULL), 0);
    assert_int_equal(count(""), 0);
    assert_int_equal(count("  "), 0);
}

static void test_what_is_no_list(void **state)
{
    assert_int_equal(count("x"), 0);
    assert_int_equal(count("5"), 0);
    assert_int_equal(count("5-"), 0);
    assert_int_equal(count("5-x"), 0);
    assert_int_equal(count("5-4"), 0);
    assert_int_equal(count("5-6 7"), 1);
    assert_int_equal(count("5-6x7-8"), 1);
    assert_int_equal(count("5-6@ffffffffffffffff"), 0); /* its last one's would be 0 */
    assert_int_equal(count("5-6@fffffffffffffffe"), 1);
}

static void test_hold(void **state)
{
    const char *list = "10-1f 20-2f ffffffffffff0000-ffffffffffffffff";

    assert_true(spans_hold(list, 0x10, 0x1f));
    assert_true(spans_hold(list, 0x2f, 0x2f));
    assert_true(spans_hold(list, ~UINT64_C(0), ~UINT64_C(0)));
    assert_false(spans_hold(list, 0xf, 0x10));
    assert_false(spans_hold(list, 0x1f, 0x20)); /* of two */
    assert_false(spans_hold(list, 0x30, 0x30));
    assert_false(spans_hold(list, 0x1f, 0x10)); /* an end that has overflown */
    assert_false(spans_hold(list, 0x10, UINT64_C(0x10) - 2));
    assert_false(spans_hold(NULL, 0, 0));
}

static void test_places(void **state)
{
    const char *list = "1000-1fff@5000 fed00000-fed00fff@400000";

    assert_int_equal(spans_place(list, 0x1008), 0x5008);
    assert_int_equal(spans_place(list, 0xfed00ff0), 0x400ff0);
}

static void test_overlap(void **state)
{
    struct span s;

    assert_false(spans_overlap("1-2 5-6", "3-4 7-8", &s));
    assert_false(spans_overlap(NULL, "3-4", &s));
    assert_false(spans_overlap("3-4", NULL, &s));
    assert_true(spans_overlap("1-2 5-6", "3-4 6-8", &s));
    assert_int_equal(s.first, 5);
    assert_true(spans_overlap("0-ff", "80-80", &s));
}

static void test_reserved(void **state)
{
    assert_non_null(span_reserved(SPAN_PORTS, &(struct span){0, 0xffff, 0}));
    assert_non_null(span_reserved(SPAN_PORTS, &(struct span){0x3ff, 0x3ff, 0}));
    assert_non_null(span_reserved(SPAN_PORTS, &(struct span){0x71, 0x71, 0}));
    assert_null(span_reserved(SPAN_PORTS, &(struct span){0x3e8, 0x3ef, 0}));
    assert_non_null(span_reserved(SPAN_INTERRUPTS, &(struct span){4, 4, 0}));
    assert_null(span_reserved(SPAN_INTERRUPTS, &(struct span){0x3f8, 0x3f8, 0}));
    assert_non_null(span_reserved(SPAN_MEMORY, &(struct span){0xfee00000, 0xfee00fff, 0}));
    assert_null(span_reserved(SPAN_MEMORY, &(struct span){0xfed00000, 0xfed00fff, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),   cmocka_unit_test(test_what_is_no_list),
        cmocka_unit_test(test_hold),    cmocka_unit_test(test_places),
        cmocka_unit_test(test_overlap), cmocka_unit_test(test_reserved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
