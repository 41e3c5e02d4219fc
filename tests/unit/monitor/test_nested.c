// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: monitor/nested.c lib/rt/text.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/manifest/include -Ilib/boot/include -Ilib/l4/include -idirafter lib/rt/include
/* What nested monitors have: the kernel memory of a subtree, windows, the places of modules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "log.h"
#include <books/memory.h>
#include "nested.h"
#include "supply.h"

#define OWN 1u /* the owner's window */
#define KIB UINT64_C(1024)

/* ---- a kernel that counts ---- */

static struct {
    uint64_t used, limit;
    bool taken;
} account[8];
static unsigned deleted;

unsigned supply_new_window(void)
{
    for (unsigned w = OWN + 1; w < 8; w++) {
        if (!account[w].taken) {
            account[w].taken = true;
            return w;
        }
    }
    return 0;
}

void supply_free_window(unsigned window)
{
    account[window].taken = false;
}

enum mz_error supply_kernel_memory(unsigned window, uint64_t limit, uint64_t *used, uint64_t *now)
{
    if (limit != SUPPLY_UNCHANGED)
        account[window].limit = limit;
    if (used)
        *used = account[window].used;
    if (now)
        *now = account[window].limit;
    return MZ_OK;
}

void supply_delete_thread(L4_ThreadId_t t)
{
    deleted++;
}

void log_write(enum mz_log_level level, const char *format, ...)
{
    fail();
}

static struct module modules[] = {
    {.name = "a", .data = (const uint8_t *)0x201000, .size = 0x1000},
    {.name = "b", .data = (const uint8_t *)0x5ff000, .size = 0x2000},
    {.name = "huge", .data = (const uint8_t *)0x600000, .size = 0x30000000},
};

const struct module *module_find(const char *name)
{
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        if (strcmp(modules[i].name, name) == 0)
            return &modules[i];
    }
    return NULL;
}

/* ---- tests ---- */

static struct domain owner;
static struct grant *a, *b;

static int set_up(void **state)
{
    unsigned window;

    memset(account, 0, sizeof(account));
    memset(&owner, 0, sizeof(owner));
    owner.window = OWN;
    owner.config.kernel_memory = 100 * KIB;
    owner.windows.limit = 2;
    owner.threads.limit = 10;
    account[OWN].limit = 100 * KIB;
    account[OWN].used = 10 * KIB;
    assert_int_equal(grant_new(&owner, &window), MZ_OK);
    a = grant_of(&owner, window);
    assert_int_equal(grant_new(&owner, &window), MZ_OK);
    b = grant_of(&owner, window);
    return 0;
}

static int tear_down(void **state)
{
    nested_end(&owner);
    assert_int_equal(owner.windows.used, 0);
    assert_int_equal(owner.threads.used, 0);
    return 0;
}

static void test_windows_end_at_the_quota(void **state)
{
    unsigned window;

    assert_int_equal(grant_new(&owner, &window), MZ_ERR_QUOTA);
    grant_end(b);
    assert_int_equal(grant_new(&owner, &window), MZ_OK);
    assert_null(grant_of(&owner, OWN));
}

static void test_limits_are_taken_from_the_owner(void **state)
{
    assert_int_equal(grant_limit(a, 60 * KIB), MZ_OK);
    assert_int_equal(account[OWN].limit, 40 * KIB);
    assert_int_equal(grant_limit(b, 41 * KIB), MZ_ERR_QUOTA); /* more than all */
    assert_int_equal(grant_limit(b, 31 * KIB), MZ_ERR_QUOTA); /* the owner uses it */
    assert_int_equal(account[OWN].limit, 40 * KIB);
    assert_int_equal(account[b->window].limit, 0);
    assert_int_equal(grant_limit(b, 30 * KIB), MZ_OK);
    assert_int_equal(account[OWN].limit, 10 * KIB);
    assert_int_equal(grant_limit(a, UINT64_MAX - 1), MZ_ERR_QUOTA);
    assert_int_equal(grant_limit(a, 0), MZ_OK);
    assert_int_equal(account[OWN].limit, 70 * KIB);
}

static void test_what_is_used_counts(void **state)
{
    assert_int_equal(grant_limit(a, 60 * KIB), MZ_OK);
    account[a->window].used = 50 * KIB;
    assert_int_equal(grant_limit(a, 0), MZ_OK);
    assert_int_equal(account[OWN].limit, 50 * KIB);
    assert_int_equal(grant_limit(b, 41 * KIB), MZ_ERR_QUOTA);
    assert_int_equal(grant_limit(b, 40 * KIB), MZ_OK);
    account[a->window].used = 0;
    assert_int_equal(grant_limit(a, 0), MZ_OK);
    assert_int_equal(account[OWN].limit, 60 * KIB);
}

static void test_the_end_takes_all_threads(void **state)
{
    a->thread[0].raw = b->thread[SLOTS - 1].raw = 65;
    owner.threads.used = 3;
    deleted = 0;
    nested_end(&owner);
    assert_int_equal(deleted, 2);
    assert_int_equal(owner.threads.used, 1);
    assert_int_equal(account[OWN].limit, 100 * KIB);
    owner.threads.used = 0;
}

static void test_modules_keep_step(void **state)
{
    struct mz_image at;

    owner.config.modules = "a b";
    assert_ptr_equal(nested_module(&owner, 0, &at), &modules[0]);
    assert_int_equal(at.addr, MZ_MONITOR_MODULES + 0x1000);
    assert_ptr_equal(nested_module(&owner, 1, &at), &modules[1]);
    assert_int_equal(at.addr, MZ_MONITOR_MODULES + MEM_CHUNK + 0x1ff000);
    assert_int_equal(at.size, 0x2000);
    assert_null(nested_module(&owner, 2, &at));
    owner.config.modules = "a none b";
    assert_null(nested_module(&owner, 1, &at));
    owner.config.modules = " a  huge ";
    assert_non_null(nested_module(&owner, 0, &at));
    assert_null(nested_module(&owner, 1, &at)); /* it does not fit behind the other */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_windows_end_at_the_quota), TEST(test_limits_are_taken_from_the_owner),
        TEST(test_what_is_used_counts),      TEST(test_the_end_takes_all_threads),
        TEST(test_modules_keep_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
