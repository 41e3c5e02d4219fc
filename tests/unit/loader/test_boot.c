// SOURCES: loader/boot.c loader/rsdp.c loader/memory.c loader/options.c
// CFLAGS: -iquote loader
/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading multiboot information of both versions, the RSDP, the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "boot.h"
#include "memory.h"
#include "multiboot.h"
#include "options.h"

static struct boot boot;
static uint8_t *ram; /* the first two megabytes */

static int setup(void **state)
{
    ram = calloc(1, 2 * MiB);
    phys_offset = (uintptr_t)ram;
    memset(&boot, 0, sizeof(boot));
    return 0;
}

static int teardown(void **state)
{
    free(ram);
    phys_offset = 0;
    return 0;
}

static void put_rsdp(uint8_t *p, uint8_t revision)
{
    uint8_t sum = 0;
    uint32_t length = 36;

    memcpy(p, "RSD PTR ", 8);
    p[8] = 0;
    p[15] = revision;
    if (revision >= 2)
        memcpy(p + 20, &length, 4);
    for (int i = 0; i < 20; i++)
        sum += p[i];
    p[8] = (uint8_t)-sum;
}

static void test_mb1(void **state)
{
    static const struct mb1_mmap map[] = {{20, 0, 0x9fc00, 1}, {20, MiB, 63 * MiB, 1}};
    static const struct mb1_module modules[] = {{0x3000000, 0x3001234, 0x3000, 0},
                                                {0x3002000, 0x3002001, 0x3100, 0}};
    struct mb1_info info = {
        .flags = MB1_INFO_CMDLINE | MB1_INFO_MODULES | MB1_INFO_MMAP,
        .cmdline = 0x3200,
        .mods_count = 2,
        .mods_addr = 0x2000,
        .mmap_length = sizeof(map),
        .mmap_addr = 0x1000,
    };
    const char *name;
    int length;

    memcpy(ram + 0x500, &info, sizeof(info));
    memcpy(ram + 0x1000, map, sizeof(map));
    memcpy(ram + 0x2000, modules, sizeof(modules));
    strcpy((char *)ram + 0x3000, "build/amd64/almond");
    strcpy((char *)ram + 0x3100, "vmm debug=1");
    strcpy((char *)ram + 0x3200, "loader kmem=8M");
    put_rsdp(ram + 0xf5a40, 0);
    assert_null(boot_read_mb1(&boot, 0x500));
    assert_int_equal(boot.module_count, 2);
    assert_int_equal(boot.module[0].size, 0x1234);
    name = module_name(&boot.module[0], &length);
    assert_int_equal(length, 6);
    assert_memory_equal(name, "almond", 6);
    name = module_name(&boot.module[1], &length);
    assert_int_equal(length, 3);
    assert_string_equal(boot.module[1].cmdline, "vmm debug=1");
    assert_string_equal(boot.cmdline, "loader kmem=8M");
    assert_int_equal(boot.map_count, 2);
    assert_int_equal(boot.map[1].high, 64 * MiB);
    assert_int_equal(boot.rsdp_size, 20);
}

static uint8_t *put_tag(uint8_t *p, uint32_t type, const void *data, uint32_t size)
{
    uint32_t head[2] = {type, size + 8};

    memcpy(p, head, 8);
    memcpy(p + 8, data, size);
    return p + align_up(size + 8, 8);
}

static void test_mb2(void **state)
{
    struct {
        uint32_t start, end;
        char name[11];
    } module = {0x400000, 0x400100, "sigma0 x=1"};
    struct {
        uint32_t entry_size, version;
        struct mb2_mmap map[2];
    } mmap = {sizeof(struct mb2_mmap), 0, {{0, 0x9f000, 1, 0}, {MiB, 0xfff00000, 1, 0}}};
    uint8_t rsdp[36] = {0}, *p = ram + 0x1008;
    struct mb2_info info;

    put_rsdp(rsdp, 0);
    p = put_tag(p, MB2_TAG_CMDLINE, "kmem=4M", 8);
    p = put_tag(p, MB2_TAG_MODULE, &module, 19);
    p = put_tag(p, 99, "unknown", 8);
    p = put_tag(p, MB2_TAG_MMAP, &mmap, sizeof(mmap));
    p = put_tag(p, MB2_TAG_RSDP_OLD, rsdp, 20);
    put_rsdp(rsdp, 2);
    p = put_tag(p, MB2_TAG_RSDP_NEW, rsdp, 36);
    p = put_tag(p, MB2_TAG_END, "", 0);
    info = (struct mb2_info){(uint32_t)(p - (ram + 0x1000)), 0};
    memcpy(ram + 0x1000, &info, sizeof(info));
    assert_null(boot_read_mb2(&boot, 0x1000));
    assert_string_equal(boot.cmdline, "kmem=4M");
    assert_int_equal(boot.module_count, 1);
    assert_int_equal(boot.module[0].start, 0x400000);
    assert_string_equal(boot.module[0].cmdline, "sigma0 x=1");
    assert_int_equal(boot.map_count, 2);
    assert_int_equal(boot.map[1].high, 4 * GiB);
    assert_int_equal(boot.rsdp_size, 36);
}

static void test_no_map(void **state)
{
    struct mb2_info info = {8, 0};

    memcpy(ram + 0x1000, &info, sizeof(info));
    assert_non_null(boot_read_mb2(&boot, 0x1000));
    memset(&boot, 0, sizeof(boot));
    assert_non_null(boot_read_mb1(&boot, 0x100000));
}

static void test_limits(void **state)
{
    static char text[STRING_BYTES + 1];

    for (int i = 0; i < MODULES; i++)
        assert_null(boot_add_module(&boot, 0, 1, "m"));
    assert_non_null(boot_add_module(&boot, 0, 1, "m"));
    memset(&boot, 0, sizeof(boot));
    memset(text, 'x', STRING_BYTES);
    assert_non_null(boot_add_module(&boot, 0, 1, text));
    for (int i = 0; i < MAP_ENTRIES; i++)
        assert_null(boot_add_map(&boot, (uint64_t)i << 20, 1, 1));
    assert_non_null(boot_add_map(&boot, 0, 1, 1));
    memset(&boot, 0, sizeof(boot));
    assert_null(boot_add_map(&boot, UINT64_MAX - 10, 100, 2));
    assert_true(boot.map[0].high > boot.map[0].low);
}

static void test_bad_rsdp(void **state)
{
    put_rsdp(ram + 0xe0010, 0);
    ram[0xe0018]++;
    boot_scan_rsdp(&boot);
    assert_int_equal(boot.rsdp_size, 0);
    put_rsdp(ram + 0x9fc10, 2);
    ram[0x40e] = 0xc0;
    ram[0x40f] = 0x9f;
    boot_scan_rsdp(&boot);
    assert_int_equal(boot.rsdp_size, 36);
}

static void test_options(void **state)
{
    struct options o;

    assert_null(options_parse(&o, ""));
    assert_true(o.bootinfo && o.mbi && !o.decode_all && !o.kdb);
    assert_int_equal(o.kmem, 0);
    assert_null(options_parse(&o, "/boot/loader kmem=24M  maxmem=2G mbi=no decode-all=on"));
    assert_int_equal(o.kmem, 24 * MiB);
    assert_int_equal(o.max_memory, 2 * GiB);
    assert_false(o.mbi);
    assert_true(o.decode_all);
    assert_null(options_parse(&o, "kdb=yes"));
    assert_true(o.kdb);
    assert_null(options_parse(&o, "kmem=4096K maxmem=1048576"));
    assert_int_equal(o.kmem, 4 * MiB);
    assert_int_equal(o.max_memory, MiB);
    assert_string_equal(options_parse(&o, "mbi=no kmem=12Q"), "kmem=12Q");
    assert_non_null(options_parse(&o, "kmem="));
    assert_non_null(options_parse(&o, "kmem=M"));
    assert_non_null(options_parse(&o, "mbi=perhaps"));
    assert_non_null(options_parse(&o, "colour=red"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_mb1),    TEST(test_mb2),      TEST(test_no_map),
        TEST(test_limits), TEST(test_bad_rsdp), TEST(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
