// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/books/directory.c lib/manifest/path.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include
/* The directory against a naive model, and the names of services. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <books/directory.h>
#include <books/memory.h>

#define OWNERS 4u
#define NAMES  40u

static void *pages[OWNERS][1024];
static unsigned page_count[OWNERS], page_limit = 1024;
static uint64_t noted[64];

static void *take_page(unsigned owner, enum mz_error *error)
{
    if (page_count[owner] == page_limit) {
        *error = MZ_ERR_QUOTA;
        return NULL;
    }
    return pages[owner][page_count[owner]++] = calloc(1, MEM_PAGE);
}

static void notify(uint64_t thread, uint64_t bits)
{
    noted[thread] |= bits;
}

static const struct book_world world = {take_page, notify};

static void forget(unsigned owner)
{
    directory_forget(owner);
    while (page_count[owner])
        free(pages[owner][--page_count[owner]]);
}

static unsigned count_services(void)
{
    unsigned n = 0;

    for (const struct service *s = directory_next(NULL); s; s = directory_next(s))
        n++;
    return n;
}

static void forget_all(void)
{
    for (unsigned owner = 0; owner < OWNERS; owner++)
        forget(owner);
    memset(noted, 0, sizeof(noted));
    page_limit = 1024;
}

static void test_paths(void **state)
{
    char longest[PATH_SIZE + 1];

    assert_true(path_is_valid("/a"));
    assert_true(path_is_valid("/net/lan-0"));
    assert_false(path_is_valid(""));
    assert_false(path_is_valid("/"));
    assert_false(path_is_valid("a"));
    assert_false(path_is_valid("/a/"));
    assert_false(path_is_valid("//a"));
    assert_false(path_is_valid("/a//b"));
    assert_false(path_is_valid("/A"));
    assert_false(path_is_valid("/a b"));
    assert_false(path_is_valid("/a*"));
    memset(longest, 'x', sizeof(longest));
    longest[0] = '/';
    longest[PATH_SIZE - 1] = '\0';
    assert_true(path_is_valid(longest));
    longest[PATH_SIZE - 1] = 'x';
    longest[PATH_SIZE] = '\0';
    assert_false(path_is_valid(longest));
}

static void test_lists(void **state)
{
    assert_true(path_in_list("/a /b", "/a"));
    assert_true(path_in_list("/a  /b ", "/b"));
    assert_false(path_in_list("/a /b", "/c"));
    assert_false(path_in_list("/a/b", "/a"));
    assert_false(path_in_list("/a", "/a/b"));
    assert_true(path_in_list("/x /net/*", "/net/lan"));
    assert_true(path_in_list("/net/*", "/net/lan/a"));
    assert_false(path_in_list("/net/*", "/network"));
    assert_false(path_in_list("/net/*", "/net"));
    assert_true(path_in_list("/*", "/anything"));
    assert_false(path_in_list("*", "/a"));
    assert_false(path_in_list("", "/a"));
    assert_false(path_in_list(NULL, "/a"));
}

static void test_publish(void **state)
{
    directory_init(&world);
    assert_int_equal(directory_publish(1, "/net", "mtu=1500", 5, 0x30100), MZ_OK);
    assert_int_equal(directory_publish(2, "/net", "", 6, 0), MZ_ERR_EXISTS);
    assert_int_equal(directory_publish(1, "/net", "", 5, 0), MZ_ERR_EXISTS);
    assert_non_null(directory_find("/net"));
    assert_string_equal(directory_find("/net")->attributes, "mtu=1500");
    assert_int_equal(directory_find("/net")->thread, 5);
    assert_null(directory_find("/ne"));
    assert_int_equal(directory_withdraw(2, "/net"), MZ_ERR_NOT_FOUND);
    assert_int_equal(directory_withdraw(1, "/net"), MZ_OK);
    assert_null(directory_find("/net"));
    assert_int_equal(directory_withdraw(1, "/net"), MZ_ERR_NOT_FOUND);
    forget_all();
}

static void test_watch(void **state)
{
    directory_init(&world);
    assert_int_equal(directory_watch(2, "/net", 7, 4), MZ_OK);
    assert_int_equal(directory_watch(2, "/disk", 8, 1), MZ_OK);
    directory_publish(1, "/net", "", 5, 0);
    assert_int_equal(noted[7], 4);
    assert_int_equal(noted[8], 0);
    assert_int_equal(directory_watch(2, "/net", 7, 8), MZ_OK);
    directory_forget(1);
    assert_int_equal(noted[7], 12);
    assert_int_equal(directory_unwatch("/net", 7), MZ_OK);
    assert_int_equal(directory_unwatch("/net", 7), MZ_ERR_NOT_FOUND);
    noted[7] = 0;
    directory_publish(1, "/net", "", 5, 0);
    directory_forget_thread(2, 8);
    directory_publish(1, "/disk", "", 6, 0);
    assert_int_equal(noted[7], 0);
    assert_int_equal(noted[8], 0);
    directory_forget_thread(1, 5);
    assert_null(directory_find("/net"));
    assert_non_null(directory_find("/disk"));
    forget_all();
}

static void test_quota(void **state)
{
    char path[PATH_SIZE];
    unsigned n = 0;

    directory_init(&world);
    page_limit = 1;
    do
        snprintf(path, sizeof(path), "/s%u", n++);
    while (directory_publish(1, path, "", 1, 0) == MZ_OK);
    assert_int_equal(directory_publish(1, path, "", 1, 0), MZ_ERR_QUOTA);
    assert_int_equal(directory_watch(1, path, 1, 1), MZ_ERR_QUOTA);
    assert_int_equal(directory_publish(2, path, "", 1, 0), MZ_OK); /* others are not concerned */
    assert_int_equal(directory_withdraw(1, "/s0"), MZ_OK);
    assert_int_equal(directory_publish(1, "/again", "", 1, 0), MZ_OK);
    forget_all();
    assert_int_equal(count_services(), 0);
}

/* 100,000 random steps: the owner of each name is what the model says. */
static void test_model(void **state)
{
    unsigned owner_of[NAMES] = {0}, count = 0;

    directory_init(&world);
    srand(1);
    for (unsigned step = 0; step < 100000; step++) {
        unsigned owner = 1 + (unsigned)rand() % (OWNERS - 1), name = (unsigned)rand() % NAMES;
        const struct service *s;
        char path[PATH_SIZE];

        snprintf(path, sizeof(path), "/n/%u", name);
        if (rand() % 500 == 0) {
            forget(owner);
            for (unsigned i = 0; i < NAMES; i++) {
                count -= owner_of[i] == owner;
                owner_of[i] = owner_of[i] == owner ? 0 : owner_of[i];
            }
        } else if (rand() % 2) {
            assert_int_equal(directory_publish(owner, path, "", owner, 0),
                             owner_of[name] ? MZ_ERR_EXISTS : MZ_OK);
            count += !owner_of[name];
            owner_of[name] = owner_of[name] ? owner_of[name] : owner;
        } else {
            assert_int_equal(directory_withdraw(owner, path),
                             owner_of[name] == owner ? MZ_OK : MZ_ERR_NOT_FOUND);
            count -= owner_of[name] == owner;
            owner_of[name] = owner_of[name] == owner ? 0 : owner_of[name];
        }
        s = directory_find(path);
        assert_int_equal(s ? s->owner : 0, owner_of[name]);
        assert_int_equal(count_services(), count);
    }
    for (const struct service *s = directory_next(NULL); s; s = directory_next(s))
        count--;
    assert_int_equal(count, 0);
    forget_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths), cmocka_unit_test(test_lists), cmocka_unit_test(test_publish),
        cmocka_unit_test(test_watch), cmocka_unit_test(test_quota), cmocka_unit_test(test_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
