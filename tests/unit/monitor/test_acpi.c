// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/boot/acpi.c monitor/rtc.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/boot/include -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include
/* Finding the way to S5 in good and bad tables; the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <boot/acpi.h>
#include "log.h"
#include "rtc.h"

uint64_t now_ms(void)
{
    return 0;
}

#define BASE UINT64_C(0xe0000)

static uint8_t memory[4096];

/* Placement of the sample tables. */
enum { RSDP = 0, XSDT = 0x40, RSDT = 0x80, FADT = 0x100, DSDT = 0x300 };

static const void *map(uint64_t phys, size_t size)
{
    if (phys < BASE || phys - BASE > sizeof(memory) || size > sizeof(memory) - (phys - BASE))
        return NULL;
    return memory + (phys - BASE);
}

static void put(size_t at, uint64_t value, size_t size)
{
    memcpy(memory + at, &value, size);
}

static void fix(size_t at, size_t size, size_t sum_at)
{
    uint8_t sum = 0;

    memory[sum_at] = 0;
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + memory[at + i]);
    memory[sum_at] = (uint8_t)-sum;
}

static void finish(size_t at, const char *signature, uint32_t size)
{
    memcpy(memory + at, signature, 4);
    put(at + 4, size, 4);
    fix(at, size, at + 9);
}

static void finish_all(unsigned revision)
{
    finish(XSDT, "XSDT", 36 + 8);
    finish(RSDT, "RSDT", 36 + 4);
    finish(FADT, "FACP", 268);
    finish(DSDT, "DSDT", 36 + 32);
    memory[RSDP + 15] = (uint8_t)revision;
    fix(RSDP, 20, RSDP + 8);
}

static int make(void **state)
{
    static const uint8_t s5[] = {0x08, '_',  'S',  '5',  '_',  0x12, 0x06,
                                 0x04, 0x0a, 0x05, 0x0a, 0x07, 0x00, 0x00};

    memset(memory, 0, sizeof(memory));
    memcpy(memory + RSDP, "RSD PTR ", 8);
    put(RSDP + 16, BASE + RSDT, 4);
    put(RSDP + 24, BASE + XSDT, 8);
    put(XSDT + 36, BASE + FADT, 8);
    put(RSDT + 36, BASE + FADT, 4);
    put(FADT + 40, BASE + DSDT, 4);
    put(FADT + 48, 0xb2, 4);
    put(FADT + 52, 0xf1, 1);
    put(FADT + 64, 0x604, 4);
    memcpy(memory + DSDT + 36 + 4, s5, sizeof(s5));
    finish_all(2);
    return 0;
}

static void test_pm1(void **state)
{
    struct acpi_s5 s5;

    for (unsigned revision = 0; revision <= 2; revision += 2) {
        finish_all(revision);
        assert_null(acpi_find_s5(map, BASE, &s5));
        assert_false(s5.reduced);
        assert_int_equal(s5.pm1a, 0x604);
        assert_int_equal(s5.pm1a_value, 5 << 10 | ACPI_SLP_EN);
        assert_int_equal(s5.pm1b, 0);
        assert_int_equal(s5.pm1b_value, 7 << 10 | ACPI_SLP_EN);
        assert_int_equal(s5.smi_command, 0xb2);
        assert_int_equal(s5.enable, 0xf1);
    }
}

static void test_reduced(void **state)
{
    struct acpi_s5 s5;

    put(FADT + 112, 1u << 20, 4);
    put(FADT + 244, 1, 1);
    put(FADT + 248, 0x600, 8);
    finish_all(2);
    assert_null(acpi_find_s5(map, BASE, &s5));
    assert_true(s5.reduced);
    assert_false(s5.memory);
    assert_int_equal(s5.sleep_control, 0x600);
    assert_int_equal(s5.sleep_value, 5 << 2 | 0x20);
    put(FADT + 244, 10, 1); /* an address space that we cannot write */
    finish_all(2);
    assert_non_null(acpi_find_s5(map, BASE, &s5));
}

static void test_root_prefix(void **state)
{
    static const uint8_t s5[] = {0x08, '\\', '_', 'S', '5', '_', 0x12, 0x03, 0x01, 0x01};
    struct acpi_s5 s5_found;

    memset(memory + DSDT + 36, 0, 32);
    memcpy(memory + DSDT + 36, s5, sizeof(s5));
    finish_all(2);
    assert_null(acpi_find_s5(map, BASE, &s5_found));
    assert_int_equal(s5_found.pm1a_value, 1 << 10 | ACPI_SLP_EN);
}

static void test_missing(void **state)
{
    struct acpi_s5 s5;

    assert_non_null(acpi_find_s5(map, 0, &s5));
    assert_non_null(acpi_find_s5(map, BASE + 16, &s5));
    memory[DSDT + 36 + 5] = 'x'; /* and the checksum is wrong */
    assert_non_null(acpi_find_s5(map, BASE, &s5));
    finish_all(2); /* the checksum is right, \_S5 is not there */
    assert_non_null(acpi_find_s5(map, BASE, &s5));
}

/* Whatever byte is wrong, nothing outside the tables is read (map and the sanitizer watch). */
static void test_garbled(void **state)
{
    struct acpi_s5 s5;

    for (unsigned at = 0; at < DSDT + 80; at++) {
        for (unsigned value = 0; value < 256; value += 17) {
            uint8_t old = memory[at];

            memory[at] = (uint8_t)value;
            acpi_find_s5(map, BASE, &s5);
            finish_all(memory[RSDP + 15]);
            acpi_find_s5(map, BASE, &s5);
            memory[at] = old;
        }
    }
}

static void test_calendar(void **state)
{
    assert_int_equal(rtc_seconds(1970, 1, 1, 0, 0, 0), 0);
    assert_int_equal(rtc_seconds(2000, 2, 29, 12, 30, 15), 951827415);
    assert_int_equal(rtc_seconds(2024, 1, 1, 0, 0, 0), 1704067200);
    assert_int_equal(rtc_seconds(2024, 12, 31, 23, 59, 59), 1735689599);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_pm1, make),         cmocka_unit_test_setup(test_reduced, make),
        cmocka_unit_test_setup(test_root_prefix, make), cmocka_unit_test_setup(test_missing, make),
        cmocka_unit_test_setup(test_garbled, make),     cmocka_unit_test(test_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
