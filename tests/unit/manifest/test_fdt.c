// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/fdt.c lib/manifest/fdtwrite.c
// CFLAGS: -Ilib/manifest/include
/* The device tree reader, on trees of our writer and on broken ones. */
#include <manifest/fdt.h>
#include <manifest/fdtwrite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint8_t *blob;
static size_t size;
static struct fdt fdt;

static int make_tree(void **state)
{
    struct fdt_writer w;

    fdtw_init(&w);
    fdtw_string(&w, "compatible", "test");
    fdtw_begin(&w, "vms");
    fdtw_begin(&w, "vm@0");
    fdtw_string(&w, "name", "web");
    fdtw_u64(&w, "memory", UINT64_C(0x123456789abcdef0));
    fdtw_begin(&w, "inner");
    fdtw_flag(&w, "deep");
    fdtw_end(&w);
    fdtw_end(&w);
    fdtw_begin(&w, "vm@1");
    fdtw_u32(&w, "vcpus", 0x80000001u);
    fdtw_flag(&w, "may-poweroff");
    fdtw_end(&w);
    fdtw_end(&w);
    fdtw_begin(&w, "exit");
    fdtw_end(&w);
    blob = fdtw_finish(&w, &size);
    return fdt_open(&fdt, blob, size);
}

static int drop_tree(void **state)
{
    free(blob);
    return 0;
}

static void put32(size_t at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        blob[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get32(size_t at)
{
    return (uint32_t)blob[at] << 24 | (uint32_t)blob[at + 1] << 16 | (uint32_t)blob[at + 2] << 8 |
           blob[at + 3];
}

static void test_nodes(void **state)
{
    int vms = fdt_child(&fdt, FDT_ROOT, "vms");
    int first = fdt_first_child(&fdt, vms), second = fdt_next_sibling(&fdt, first);

    assert_string_equal(fdt_name(&fdt, FDT_ROOT), "");
    assert_int_equal(fdt_first_child(&fdt, FDT_ROOT), vms);
    assert_string_equal(fdt_name(&fdt, first), "vm@0");
    assert_string_equal(fdt_name(&fdt, second), "vm@1");
    assert_int_equal(fdt_next_sibling(&fdt, second), FDT_NONE);
    assert_int_equal(fdt_first_child(&fdt, second), FDT_NONE);
    assert_string_equal(fdt_name(&fdt, fdt_next_sibling(&fdt, vms)), "exit");
    assert_int_equal(fdt_next_sibling(&fdt, FDT_ROOT), FDT_NONE);
}

static void test_child_with_and_without_unit_address(void **state)
{
    int vms = fdt_child(&fdt, FDT_ROOT, "vms");

    assert_int_equal(fdt_child(&fdt, vms, "vm"), fdt_first_child(&fdt, vms));
    assert_string_equal(fdt_name(&fdt, fdt_child(&fdt, vms, "vm@1")), "vm@1");
    assert_int_equal(fdt_child(&fdt, vms, "vm@"), FDT_NONE);
    assert_int_equal(fdt_child(&fdt, vms, "v"), FDT_NONE);
    assert_int_equal(fdt_child(&fdt, vms, "vm@10"), FDT_NONE);
    assert_int_equal(fdt_child(&fdt, FDT_ROOT, "inner"), FDT_NONE);
}

static void test_properties(void **state)
{
    int vms = fdt_child(&fdt, FDT_ROOT, "vms"), vm0 = fdt_child(&fdt, vms, "vm@0");
    int vm1 = fdt_child(&fdt, vms, "vm@1");
    uint32_t u32 = 7;
    uint64_t u64 = 7;
    size_t len = 7;

    assert_string_equal(fdt_string(&fdt, FDT_ROOT, "compatible"), "test");
    assert_string_equal(fdt_string(&fdt, vm0, "name"), "web");
    assert_true(fdt_u64(&fdt, vm0, "memory", &u64));
    assert_true(u64 == UINT64_C(0x123456789abcdef0));
    assert_true(fdt_u32(&fdt, vm1, "vcpus", &u32));
    assert_int_equal(u32, 0x80000001u);
    assert_non_null(fdt_prop(&fdt, vm1, "may-poweroff", &len));
    assert_int_equal(len, 0);
    assert_non_null(fdt_prop(&fdt, vm1, "may-poweroff", NULL));
    assert_null(fdt_prop(&fdt, vm0, "deep", &len)); /* it is a child's */
    assert_null(fdt_prop(&fdt, vm0, "nam", &len));
}

static void test_wrong_lengths_are_not_there(void **state)
{
    int vms = fdt_child(&fdt, FDT_ROOT, "vms"), vm0 = fdt_child(&fdt, vms, "vm@0");
    int vm1 = fdt_child(&fdt, vms, "vm@1");
    uint32_t u32 = 7;
    uint64_t u64 = 7;

    assert_false(fdt_u32(&fdt, vm0, "memory", &u32));
    assert_false(fdt_u64(&fdt, vm1, "vcpus", &u64));
    assert_false(fdt_u32(&fdt, vm1, "may-poweroff", &u32));
    assert_int_equal(u32, 7);
    assert_true(u64 == 7);
    assert_null(fdt_string(&fdt, vm0, "memory")); /* ends with 0xf0 */
    assert_null(fdt_string(&fdt, vm1, "may-poweroff"));
}

static void test_no_node(void **state)
{
    static const int handles[] = {FDT_NONE, -5, 1, 3, 8, 0x7fffffff, 1 << 20};
    uint32_t u32;

    for (unsigned i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        assert_int_equal(fdt_first_child(&fdt, handles[i]), FDT_NONE);
        assert_int_equal(fdt_next_sibling(&fdt, handles[i]), FDT_NONE);
        assert_int_equal(fdt_child(&fdt, handles[i], "vms"), FDT_NONE);
        assert_null(fdt_name(&fdt, handles[i]));
        assert_null(fdt_prop(&fdt, handles[i], "name", NULL));
        assert_null(fdt_string(&fdt, handles[i], "name"));
        assert_false(fdt_u32(&fdt, handles[i], "vcpus", &u32));
    }
}

static void test_every_truncation_is_refused(void **state)
{
    for (size_t n = 0; n < size; n++) {
        uint8_t *shorter = malloc(n + 1); /* so that a read behind it is caught */
        struct fdt t;

        memcpy(shorter, blob, n);
        assert_int_equal(fdt_open(&t, shorter, n), n < 4 ? FDT_BAD_MAGIC : FDT_TRUNCATED);
        assert_int_equal(fdt_first_child(&t, FDT_ROOT), FDT_NONE);
        free(shorter);
    }
}

static void test_more_bytes_than_the_header_says(void **state)
{
    uint8_t *longer = malloc(size + 4096);
    struct fdt t;

    memset(longer, 0xff, size + 4096);
    memcpy(longer + 1, blob, size); /* and not aligned */
    assert_int_equal(fdt_open(&t, longer + 1, size + 4095), 0);
    assert_string_equal(fdt_string(&t, FDT_ROOT, "compatible"), "test");
    free(longer);
}

static void test_header_faults(void **state)
{
    static const struct {
        unsigned field;
        uint32_t value;
        int error;
    } faults[] = {
        {0, 0xd00dfeee, FDT_BAD_MAGIC},      {4, 0xffffffff, FDT_TRUNCATED},
        {8, 0xfffffffc, FDT_BAD_STRUCTURE},  {8, 57, FDT_BAD_STRUCTURE},
        {12, 0xffffffff, FDT_BAD_STRUCTURE}, {20, 16, FDT_BAD_VERSION},
        {24, 18, FDT_BAD_VERSION},           {32, 0xffffffff, FDT_BAD_STRUCTURE},
        {32, 3, FDT_BAD_STRUCTURE},          {36, 0xffffffff, FDT_BAD_STRUCTURE},
        {36, 0, FDT_BAD_STRUCTURE},          {36, 8, FDT_BAD_STRUCTURE},
    };

    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        uint32_t before = get32(faults[i].field);
        struct fdt t;

        put32(faults[i].field, faults[i].value);
        assert_int_equal(fdt_open(&t, blob, size), faults[i].error);
        assert_non_null(fdt_error_text(faults[i].error));
        put32(faults[i].field, before);
    }
    assert_string_equal(fdt_error_text(0), "no error");
}

static void test_nops_are_skipped(void **state)
{
    size_t structure = get32(8);
    struct fdt t;

    /* The property "compatible" becomes NOPs: its header and its 5 bytes, padded. */
    for (size_t at = structure + 8; at < structure + 28; at += 4)
        put32(at, 4);
    assert_int_equal(fdt_open(&t, blob, size), 0);
    assert_null(fdt_prop(&t, FDT_ROOT, "compatible", NULL));
    assert_string_equal(fdt_name(&t, fdt_first_child(&t, FDT_ROOT)), "vms");
}

static void test_property_behind_child_is_refused(void **state)
{
    size_t end = get32(8) + get32(36) - 8; /* root's END_NODE, END */
    struct fdt t;

    put32(end - 4, 3); /* the END_NODE of "exit" */
    assert_int_equal(fdt_open(&t, blob, size), FDT_BAD_STRUCTURE);
    put32(end - 4, 2);
    put32(end, 9); /* the root is not closed */
    assert_int_equal(fdt_open(&t, blob, size), FDT_BAD_STRUCTURE);
    put32(end, 77);
    assert_int_equal(fdt_open(&t, blob, size), FDT_BAD_STRUCTURE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_tree, drop_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nodes),
        TEST(test_child_with_and_without_unit_address),
        TEST(test_properties),
        TEST(test_wrong_lengths_are_not_there),
        TEST(test_no_node),
        TEST(test_every_truncation_is_refused),
        TEST(test_more_bytes_than_the_header_says),
        TEST(test_header_faults),
        TEST(test_nops_are_skipped),
        TEST(test_property_behind_child_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
