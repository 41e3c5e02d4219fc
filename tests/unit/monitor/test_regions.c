// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/books/regions.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/l4/include -Ilib/manifest/include
/* The book of regions: what each call says, and a long random run against a naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <marzipan/vmm.h>

#include <books/regions.h>

#define OWNERS 6u
#define AT(n)  (MZ_VMM_REGIONS + (n)*MEM_PAGE)

static struct view *view_at(unsigned domain, uint64_t address)
{
    return regions_between(domain, address, address + 1);
}

static void *pages[OWNERS];
static unsigned pages_taken, told[OWNERS];
static enum mz_error page_error;

static void *take_page(unsigned owner, enum mz_error *error)
{
    if (page_error) {
        *error = page_error;
        return NULL;
    }
    assert_null(pages[owner]);
    pages_taken++;
    return pages[owner] = calloc(1, MEM_PAGE);
}

static void notify(uint64_t thread, uint64_t bits)
{
    assert_int_equal(bits, 0x10 + thread);
    told[thread]++;
}

static const struct book_world world = {take_page, notify};

static int begin(void **state)
{
    regions_init(&world);
    for (unsigned d = 1; d < OWNERS; d++)
        regions_watch(d, d, 0x10 + d);
    memset(told, 0, sizeof(told));
    page_error = MZ_OK;
    pages_taken = 0;
    return 0;
}

static void forget(unsigned domain)
{
    regions_forget(domain);
    free(pages[domain]);
    pages[domain] = NULL;
}

static int end(void **state)
{
    for (unsigned d = 1; d < OWNERS; d++)
        forget(d);
    return 0;
}

static struct view *add(unsigned owner, uint64_t address, uint64_t size)
{
    enum mz_error error;
    struct view *v = regions_add(owner, address, size, &error);

    assert_int_equal(error, MZ_OK);
    assert_non_null(v);
    return v;
}

static struct view *offer(struct view *own, unsigned partner)
{
    enum mz_error error;
    struct view *v = regions_offer(own, partner, false, &error);

    assert_int_equal(error, MZ_OK);
    assert_non_null(v);
    return v;
}

static void refuse(unsigned owner, uint64_t address, uint64_t size, enum mz_error expected)
{
    enum mz_error error = MZ_OK;

    assert_null(regions_add(owner, address, size, &error));
    assert_int_equal(error, expected);
}

static void test_places(void **state)
{
    const uint64_t end_at = MZ_VMM_REGIONS + MZ_VMM_REGIONS_SIZE;
    struct view *v;

    refuse(1, AT(0), 0, MZ_ERR_BAD_ARG);
    refuse(1, AT(0), 1, MZ_ERR_BAD_ARG);
    refuse(1, AT(0) + 8, MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, AT(0), REGION_MAX + MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, AT(0), ~UINT64_C(0) & ~(MEM_PAGE - 1), MZ_ERR_BAD_ARG);
    refuse(1, AT(0) - MEM_PAGE, MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, AT(0) - MEM_PAGE, 2 * MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, end_at, MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, end_at - MEM_PAGE, 2 * MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, 0, MEM_PAGE, MZ_ERR_BAD_ARG);
    refuse(1, ~UINT64_C(0) & ~(MEM_PAGE - 1), MEM_PAGE, MZ_ERR_BAD_ARG);
    assert_int_equal(pages_taken, 0);
    v = add(1, AT(4), 2 * MEM_PAGE);
    add(1, end_at - REGION_MAX, REGION_MAX);
    refuse(1, AT(4), MEM_PAGE, MZ_ERR_EXISTS);
    refuse(1, AT(5), MEM_PAGE, MZ_ERR_EXISTS);
    refuse(1, AT(3), 2 * MEM_PAGE, MZ_ERR_EXISTS);
    refuse(1, AT(0), 64 * MEM_PAGE, MZ_ERR_EXISTS);
    add(1, AT(3), MEM_PAGE);
    add(1, AT(6), MEM_PAGE);
    add(2, AT(4), MEM_PAGE);
    assert_ptr_equal(view_at(1, AT(5) + 4095), v);
    assert_ptr_equal(view_at(1, AT(4)), v);
    assert_null(view_at(1, AT(7)));
    assert_null(view_at(3, AT(4)));
}

static void test_quota(void **state)
{
    page_error = MZ_ERR_NO_MEMORY;
    refuse(1, AT(0), MEM_PAGE, MZ_ERR_NO_MEMORY);
    page_error = MZ_OK;
    assert_true(REGION_VIEWS >= 64);
    for (unsigned i = 0; i < REGION_VIEWS; i++)
        add(1, AT(i), MEM_PAGE);
    refuse(1, AT(1000), MEM_PAGE, MZ_ERR_QUOTA);
    assert_null(regions_offer(view_at(1, AT(0)), 2, true, &page_error));
    assert_int_equal(page_error, MZ_ERR_QUOTA);
    page_error = MZ_OK;
    assert_int_equal(pages_taken, 1);
    regions_remove(view_at(1, AT(7)), 1);
    add(1, AT(1000), MEM_PAGE);
}

static void test_ids(void **state)
{
    struct view *v = add(1, AT(0), MEM_PAGE);
    uint64_t id = v->id;

    assert_ptr_equal(regions_find(id), v);
    assert_null(regions_find(0));
    assert_null(regions_find(~UINT64_C(0)));
    assert_null(regions_find(id + 1));
    assert_null(regions_find(id - 1));
    assert_null(regions_find(id | UINT64_C(1) << 32));
    regions_remove(v, 1);
    assert_null(regions_find(id));
    v = add(1, AT(0), MEM_PAGE);
    assert_null(regions_find(id)); /* the same place, and another id */
    assert_ptr_equal(regions_find(v->id), v);
}

static void test_sharing(void **state)
{
    struct view *own = add(1, AT(0), 4 * MEM_PAGE), *v = offer(own, 2);
    enum mz_error error;

    assert_int_equal(told[2], 1);
    assert_int_equal(told[1], 0);
    assert_true(v->open);
    assert_false(v->writable);
    assert_null(regions_offer(own, 2, true, &error));
    assert_int_equal(error, MZ_ERR_EXISTS);
    assert_null(view_at(2, AT(0)));
    assert_int_equal(regions_accept(v, AT(1) + 1), MZ_ERR_BAD_ARG);
    add(2, AT(3), MEM_PAGE);
    assert_int_equal(regions_accept(v, AT(0)), MZ_ERR_EXISTS);
    assert_true(v->open);
    assert_int_equal(told[1], 0);
    assert_int_equal(regions_accept(v, AT(8)), MZ_OK);
    assert_int_equal(told[1], 1);
    assert_ptr_equal(view_at(2, AT(11)), v);
    assert_ptr_equal(v->own, own);
    refuse(2, AT(9), MEM_PAGE, MZ_ERR_EXISTS);
    regions_remove(v, 2); /* it leaves */
    assert_int_equal(told[1], 2);
    assert_int_equal(told[2], 1);
    v = offer(own, 2);
    regions_remove(v, 1); /* taken back */
    assert_int_equal(told[2], 3);
    assert_int_equal(told[1], 2);
}

static void test_endings(void **state)
{
    struct view *own = add(1, AT(0), MEM_PAGE), *a = offer(own, 2), *b = offer(own, 3);
    uint64_t id = b->id;

    assert_int_equal(regions_accept(a, AT(0)), MZ_OK);
    memset(told, 0, sizeof(told));
    forget(2); /* a partner ends */
    assert_int_equal(told[1], 1);
    assert_int_equal(told[2] + told[3], 0);
    assert_ptr_equal(regions_find(id), b);
    forget(1); /* the owner ends */
    assert_int_equal(told[3], 1);
    assert_int_equal(told[1], 1);
    assert_null(regions_find(id));
    assert_null(regions_next(NULL));
    own = add(3, AT(0), MEM_PAGE);
    regions_watch(3, 3, 0);
    a = offer(own, 4);
    regions_accept(a, AT(0));
    regions_remove(own, 3); /* with all that others have of it */
    assert_null(regions_next(NULL));
    assert_int_equal(told[4], 2);
    assert_int_equal(told[3], 1);
}

/* Who sees which page, as the random run knows it. */
#define PAGES 24u
static uint64_t seen[OWNERS][PAGES];

static void compare(void)
{
    for (unsigned d = 1; d < OWNERS; d++) {
        for (unsigned p = 0; p < PAGES; p++) {
            const struct view *v = view_at(d, AT(p));

            assert_int_equal(v ? v->id : 0, seen[d][p]);
        }
    }
}

static void place(const struct view *v, uint64_t id)
{
    for (unsigned p = 0; v->address && p < v->size / MEM_PAGE; p++)
        seen[v->domain][(v->address - AT(0)) / MEM_PAGE + p] = id;
}

static bool is_free(unsigned domain, unsigned first, unsigned count)
{
    for (unsigned p = first; p < first + count; p++) {
        if (seen[domain][p])
            return false;
    }
    return true;
}

static struct view *any_view(void)
{
    struct view *v = NULL;
    unsigned n = (unsigned)rand() % 40;

    while ((v = regions_next(v)) && n)
        n--;
    return v;
}

static void take_away(struct view *v)
{
    for (struct view *other = NULL; v->own == v && (other = regions_next(other));) {
        if (other->own == v)
            place(other, 0);
    }
    place(v, 0);
    regions_remove(v, v->domain);
}

static void step(void)
{
    unsigned domain = 1 + (unsigned)rand() % (OWNERS - 1), count = 1 + (unsigned)rand() % 3;
    unsigned first = (unsigned)rand() % (PAGES - count);
    struct view *v = any_view(), *made;
    enum mz_error error;

    switch (rand() % 4) {
    case 0:
        made = regions_add(domain, AT(first), count * MEM_PAGE, &error);
        if (!is_free(domain, first, count))
            assert_int_equal(error, MZ_ERR_EXISTS);
        else if (made)
            place(made, made->id);
        else
            assert_int_equal(error, MZ_ERR_QUOTA);
        break;
    case 1:
        if (v && v->own == v && v->domain != domain)
            regions_offer(v, domain, true, &error);
        break;
    case 2:
        if (!v || !v->open || first + v->size / MEM_PAGE > PAGES)
            break;
        count = (unsigned)(v->size / MEM_PAGE);
        assert_int_equal(regions_accept(v, AT(first)) == MZ_OK, is_free(v->domain, first, count));
        if (!v->open)
            place(v, v->id);
        break;
    default:
        if (v)
            take_away(v);
    }
}

static void test_random(void **state)
{
    srand(1);
    memset(seen, 0, sizeof(seen));
    for (unsigned n = 0; n < 20000; n++) {
        step();
        compare();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_places, begin, end),
        cmocka_unit_test_setup_teardown(test_quota, begin, end),
        cmocka_unit_test_setup_teardown(test_ids, begin, end),
        cmocka_unit_test_setup_teardown(test_sharing, begin, end),
        cmocka_unit_test_setup_teardown(test_endings, begin, end),
        cmocka_unit_test_setup_teardown(test_random, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
