// SOURCES: loader/elf.c loader/memory.c loader/place.c
// CFLAGS: -iquote loader -iquote tests/unit/loader
/* SPDX-License-Identifier: BSD-2-Clause */
/* Where images and files go, in a make-believe memory of 64 MiB. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include "make_elf.h"
#include "place.h"

#define RAM_SIZE (64 * MiB)

static struct boot boot;
static struct layout layout;
static struct place_error error;
static const struct region loader = {32 * MiB, 33 * MiB};
static uint8_t *ram;

static int setup(void **state)
{
    free(ram);
    ram = calloc(1, RAM_SIZE);
    phys_offset = (uintptr_t)ram;
    memset(&boot, 0, sizeof(boot));
    memset(&layout, 0, sizeof(layout));
    memset(&error, 0, sizeof(error));
    boot.map[0] = (struct map_entry){0, 0x9fc00, MAP_RAM};
    boot.map[1] = (struct map_entry){0x9fc00, 0xa0000, 2};
    boot.map[2] = (struct map_entry){MiB, RAM_SIZE, MAP_RAM};
    boot.map_count = 3;
    return 0;
}

static int teardown(void **state)
{
    free(ram);
    ram = NULL;
    phys_offset = 0;
    return 0;
}

/* A module at `at` whose program is linked to `to`. */
static void add_program(uint64_t at, uint64_t to, char fill)
{
    struct test_segment s = {to, to, 0x1000, 0x3000, 6, fill};
    struct module *m = &boot.module[boot.module_count++];

    m->start = at;
    m->size = make_elf64(ram + at, to, &s, 1);
    m->cmdline = "program";
    assert_null(elf_parse(ram + at, m->size, &m->image));
    m->loaded = true;
}

static void add_file(uint64_t at, uint64_t size, char fill)
{
    memset(ram + at, fill, size);
    boot.module[boot.module_count++] = (struct module){.start = at, .size = size, .cmdline = "f"};
}

static bool place(void)
{
    assert_true(place_init(&layout, &boot, 0, loader));
    return place_images(&layout, &boot, &error);
}

static void test_nothing_in_the_way(void **state)
{
    add_program(40 * MiB, 6 * MiB, 'k');
    add_file(41 * MiB, 0x5000, 'f');
    assert_true(place());
    assert_int_equal(ram[6 * MiB], 'k');
    assert_int_equal(ram[6 * MiB + 0x1000], 0);
    assert_int_equal(boot.module[1].start, 41 * MiB); /* not moved */
    assert_non_null(layout_conflict(&layout, 6 * MiB, 6 * MiB + 1));
    assert_non_null(layout_conflict(&layout, 41 * MiB, 41 * MiB + 1));
    assert_null(layout_conflict(&layout, 40 * MiB, 41 * MiB)); /* that file is done with */
    assert_non_null(layout_conflict(&layout, 0, 1));
}

/* Files lie where images go, those of the images themselves among them. */
static void test_files_move(void **state)
{
    add_program(6 * MiB, 15 * MiB, 's');
    add_program(15 * MiB, 6 * MiB, 'k');
    add_file(6 * MiB + 0x2000 + 0x8000, 0x5000, 'f');
    boot.module[2].start = 6 * MiB + 0x8000 - 0x1000; /* behind the first file, partly under k */
    memset(ram + boot.module[2].start, 'f', boot.module[2].size);
    boot.module[2].start = 6 * MiB + 0x2000;
    boot.module[2].size = 0x1000;
    memset(ram + 6 * MiB + 0x2000, 'f', 0x1000);
    boot.module[0].size = 0x2000; /* its data ends there */
    assert_null(elf_parse(ram + 6 * MiB, 0x2000, &boot.module[0].image));
    assert_true(place());
    assert_int_equal(ram[15 * MiB], 's');
    assert_int_equal(ram[15 * MiB + 0xfff], 's');
    assert_int_equal(ram[6 * MiB], 'k');
    assert_int_equal(ram[6 * MiB + 0x2fff], 0);
    assert_true(boot.module[2].start > 33 * MiB);
    assert_int_equal(boot.module[2].start % PAGE_SIZE, 0);
    for (uint64_t i = 0; i < 0x1000; i++)
        assert_int_equal(ram[boot.module[2].start + i], 'f');
}

static void test_unaligned_file_moves(void **state)
{
    add_program(40 * MiB, 6 * MiB, 'k');
    add_file(41 * MiB + 4, 100, 'f');
    assert_true(place());
    assert_int_equal(boot.module[1].start % PAGE_SIZE, 0);
    assert_int_equal(ram[boot.module[1].start + 99], 'f');
}

static void test_no_room_to_move(void **state)
{
    add_program(50 * MiB, 6 * MiB, 'k');
    add_file(6 * MiB, 26 * MiB, 'f');
    add_file(34 * MiB, 6 * MiB, 'g');
    assert_false(place());
    assert_int_equal(error.module, 1);
    assert_non_null(strstr(error.text, "no room"));
}

static void test_conflicts(void **state)
{
    add_program(40 * MiB, 32 * MiB + 0x1000, 'k');
    assert_false(place());
    assert_int_equal(error.in_the_way.low, loader.low);
    setup(NULL);
    add_program(40 * MiB, 6 * MiB, 'k');
    add_program(41 * MiB, 6 * MiB + 0x2000, 's');
    assert_false(place());
    assert_int_equal(error.module, 1);
    assert_int_equal(error.in_the_way.low, 6 * MiB);
    setup(NULL);
    add_program(40 * MiB, 64 * MiB - 0x1000, 'k');
    assert_false(place());
    assert_non_null(strstr(error.text, "not in RAM"));
}

static void test_maxmem(void **state)
{
    uint64_t at;

    assert_true(place_init(&layout, &boot, 48 * MiB, loader));
    assert_true(layout_find(&layout, MiB, MiB, UINT64_MAX, &at));
    assert_int_equal(at, 47 * MiB);
}

static void test_find(void **state)
{
    struct layout l = {0};
    uint64_t at;

    assert_true(layout_add_ram(&l, 0x100000, 0x200000));
    assert_true(layout_add_ram(&l, 0x200000, 0x400000)); /* one region with the former */
    assert_int_equal(l.ram_count, 1);
    assert_true(layout_is_ram(&l, 0x1ff000, 0x201000));
    assert_true(layout_find(&l, 0x300000, 0x1000, UINT64_MAX, &at));
    assert_int_equal(at, 0x100000);
    assert_false(layout_find(&l, 0x300001, 0x1000, UINT64_MAX, &at));
    assert_false(layout_find(&l, 0x200000, 0x1000, 0x200000, &at));
    assert_true(layout_use(&l, 0x380000, 0x381000));
    assert_true(layout_find(&l, 0x80000, 0x1000, UINT64_MAX, &at));
    assert_int_equal(at, 0x300000);
    assert_true(layout_find(&l, 0x1000, 0x100000, UINT64_MAX, &at));
    assert_int_equal(at, 0x300000);
    assert_true(layout_add_ram(&l, 8 * GiB, 9 * GiB));
    assert_true(layout_find(&l, GiB, GiB, UINT64_MAX, &at));
    assert_int_equal(at, 8 * GiB);
    assert_true(layout_find(&l, 0x1000, 0x1000, 4 * GiB, &at));
    assert_int_equal(at, 0x3ff000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_in_the_way),
        TEST(test_files_move),
        TEST(test_unaligned_file_moves),
        TEST(test_no_room_to_move),
        TEST(test_conflicts),
        TEST(test_maxmem),
        TEST(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
