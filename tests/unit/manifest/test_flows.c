// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/flows.c lib/manifest/relations.c lib/manifest/nearest.c lib/manifest/report.c lib/manifest/source.c lib/manifest/service.c lib/manifest/arena.c
// CFLAGS: -Ilib/manifest/include
/* Chains of calls, on systems of which only the domains are there. */
#include <manifest/flows.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct system system_;
static struct domain domains[SYSTEM_DOMAINS];
static struct common commons[SYSTEM_DOMAINS];
static struct value items[SYSTEM_DOMAINS][2][2];
static struct flows flows;

static int begin(void **state)
{
    memset(&system_, 0, sizeof system_);
    memset(commons, 0, sizeof commons);
    system_.domains = domains;
    return 0;
}

static int end(void **state)
{
    arena_free(&system_.arena);
    return 0;
}

static struct value list(struct value *at, const char *a, const char *b)
{
    at[0].text = a;
    at[1].text = b;
    return (struct value){.number = (a != NULL) + (b != NULL), .text = "", .items = at};
}

static void add(const char *published, const char *used, const char *used_too)
{
    unsigned d = system_.domain_count++;

    commons[d].publishes = list(items[d][0], published, NULL);
    commons[d].uses = list(items[d][1], used, used_too);
    domains[d] = (struct domain){.name = "d", .common = &commons[d]};
}

static void test_nobody(void **state)
{
    flows_find(&system_, &flows);
    assert_int_equal(flows.call_count, 0);
}

static void test_chain_has_two_directions(void **state)
{
    add(NULL, "/a", NULL);
    add("/a", "/b", NULL);
    add("/b", NULL, NULL);
    add(NULL, NULL, NULL);
    flows_find(&system_, &flows);
    assert_int_equal(flows.call_count, 2);
    assert_int_equal(flows.apart[0][1], 1);
    assert_int_equal(flows.apart[1][0], 1);
    assert_int_equal(flows.apart[0][2], 2);
    assert_int_equal(flows.apart[2][0], 2);
    assert_int_equal(flows.towards[0][2], 1);
    assert_int_equal(flows.towards[2][0], 1);
    assert_int_equal(flows.apart[3][3], 0);
    for (unsigned d = 0; d < 3; d++) {
        assert_int_equal(flows.apart[3][d], FLOWS_ISOLATED);
        assert_int_equal(flows.apart[d][3], FLOWS_ISOLATED);
    }
}

/* What two entries allow is one call, and nobody calls himself. */
static void test_calls_are_counted_once(void **state)
{
    add(NULL, "/a/*", "/a/b");
    add("/a/b", "/a/b", NULL);
    flows_find(&system_, &flows);
    assert_int_equal(flows.call_count, 1);
    assert_string_equal(flows.calls[0].service, "/a/b");
    assert_int_equal(flows.calls[0].user, 0);
    assert_int_equal(flows.calls[0].publisher, 1);
    assert_int_equal(flows.apart[1][1], 0);
}

/* Whoever of them has said so. */
static void test_memory_has_two_directions(void **state)
{
    struct value partner[2];

    add(NULL, NULL, NULL);
    add(NULL, NULL, NULL);
    add(NULL, NULL, NULL);
    domains[0].name = "owner";
    domains[1].name = "partner";
    commons[0].shares = list(partner, "partner", NULL);
    flows_find(&system_, &flows);
    assert_int_equal(flows.call_count, 1);
    assert_string_equal(flows.calls[0].service, FLOWS_MEMORY);
    assert_int_equal(flows.calls[0].user, 0);
    assert_int_equal(flows.calls[0].publisher, 1);
    assert_int_equal(flows.apart[0][1], 1);
    assert_int_equal(flows.apart[1][0], 1);
    assert_int_equal(flows.apart[2][0], FLOWS_ISOLATED);
}

/* All of them in a row: the longest chain there is. */
static void test_longest_chain(void **state)
{
    static char names[SYSTEM_DOMAINS + 1][8];

    for (unsigned d = 0; d < SYSTEM_DOMAINS; d++) {
        snprintf(names[d + 1], sizeof names[d + 1], "/s%u", d + 1);
        add(d == 0 ? NULL : names[d], d + 1 < SYSTEM_DOMAINS ? names[d + 1] : NULL, NULL);
    }
    flows_find(&system_, &flows);
    assert_int_equal(flows.call_count, SYSTEM_DOMAINS - 1);
    for (unsigned a = 0; a < SYSTEM_DOMAINS; a++) {
        for (unsigned b = 0; b < SYSTEM_DOMAINS; b++) {
            assert_int_equal(flows.apart[a][b], abs((int)a - (int)b));
            if (a != b)
                assert_int_equal(flows.towards[a][b], a < b ? a + 1 : a - 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody, begin, end),
        cmocka_unit_test_setup_teardown(test_chain_has_two_directions, begin, end),
        cmocka_unit_test_setup_teardown(test_calls_are_counted_once, begin, end),
        cmocka_unit_test_setup_teardown(test_memory_has_two_directions, begin, end),
        cmocka_unit_test_setup_teardown(test_longest_chain, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
