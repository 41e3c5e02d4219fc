// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/boot/bootinfo.c lib/rt/text.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Ilib/boot/include -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include
/* The boot loader's list, and text made printable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <boot/bootinfo.h>
#include <rt/text.h>

static uint64_t info[64];
#define SIZE sizeof(info)

/* Header, a SimpleExec record with a command line, an unknown one, two modules. */
static int make(void **state)
{
    memset(info, 0, sizeof(info));
    info[0] = BOOTINFO_MAGIC;
    info[1] = 1;
    info[2] = SIZE;
    info[3] = 64;
    info[4] = 4;
    info[8] = 2; /* SimpleExec at word 8 */
    info[10] = 18 * 8;
    info[8 + 15] = 16 * 8;
    memcpy(&info[24], "monitor x=1", 12);
    info[26] = 0x102; /* at word 26 */
    info[28] = 4 * 8;
    info[30] = 1; /* module at word 30 */
    info[32] = 8 * 8;
    info[33] = 0x100000;
    info[34] = 77;
    info[35] = 6 * 8;
    memcpy(&info[36], "boot/a", 7);
    info[38] = 1; /* module at word 38, the last */
    info[41] = 0x200000;
    info[42] = 78;
    return 0;
}

static void test_walk(void **state)
{
    struct boot_record r;

    assert_int_equal(bootinfo_size(info), SIZE);
    assert_int_equal(bootinfo_record(info, SIZE, 0, &r), 0);
    assert_string_equal(r.cmdline, "monitor x=1");
    assert_int_equal(r.size, 0);
    assert_int_equal(bootinfo_record(info, SIZE, 1, &r), 0);
    assert_int_equal(r.start, 0x100000);
    assert_int_equal(r.size, 77);
    assert_string_equal(r.cmdline, "boot/a");
    assert_int_equal(bootinfo_record(info, SIZE, 2, &r), 0);
    assert_string_equal(r.cmdline, "");
    assert_int_equal(bootinfo_record(info, SIZE, 3, &r), -1);
}

static void test_broken(void **state)
{
    struct boot_record r;

    info[35] = SIZE; /* string outside */
    assert_int_equal(bootinfo_record(info, SIZE, 1, &r), 0);
    assert_string_equal(r.cmdline, "");
    info[28] = 0; /* no way on: an end, not a loop */
    assert_int_equal(bootinfo_record(info, SIZE, 1, &r), -1);
    info[28] = UINT64_MAX;
    assert_int_equal(bootinfo_record(info, SIZE, 1, &r), -1);
    info[3] = SIZE - 8;
    assert_int_equal(bootinfo_record(info, SIZE, 0, &r), -1);
    info[3] = UINT64_MAX;
    assert_int_equal(bootinfo_record(info, SIZE, 0, &r), -1);
    info[2] = 8;
    assert_int_equal(bootinfo_size(info), 0);
    info[0] = 1;
    assert_int_equal(bootinfo_size(info), 0);
}

static void test_text(void **state)
{
    char out[16];

    assert_int_equal(text_copy(out, sizeof(out), "hello\n", 6), 5);
    assert_string_equal(out, "hello");
    assert_int_equal(text_copy(out, sizeof(out), "a\033[2Jb\xff", 8), 7);
    assert_string_equal(out, "a.[2Jb.");
    assert_int_equal(text_copy(out, 4, "abcdef", 6), 3);
    assert_string_equal(out, "abc");
    assert_int_equal(text_copy(out, sizeof(out), "abcdef", 2), 2);
    text_add(out, 6, "%s", "cdefgh");
    assert_string_equal(out, "abcde");
}

static void test_size(void **state)
{
    assert_string_equal(text_size(0), "0 KiB");
    assert_string_equal(text_size(1), "1 KiB");
    assert_string_equal(text_size(512 << 20), "512 MiB");
    assert_string_equal(text_size(UINT64_C(3) << 30), "3 GiB");
    assert_string_equal(text_size(1536 << 20), "1536 MiB");
    assert_string_equal(text_size((UINT64_C(20) << 20) + 1), "21 MiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_walk, make),
        cmocka_unit_test_setup(test_broken, make),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
