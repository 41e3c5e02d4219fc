/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/board/acpi.c vmm/board/aml.c vmm/board/wdat.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* The ACPI tables: sums, links, what Linux reads; iasl disassembles the DSDT if it is here. */
#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board/acpi.h"
#include "board/board.h"

static uint8_t area[BOARD_ACPI_SIZE];

static uint8_t sum(const uint8_t *bytes, unsigned size)
{
    uint8_t total = 0;
    while (size-- > 0)
        total = (uint8_t)(total + *bytes++);
    return total;
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

static uint64_t get64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

/* The table at this guest address, with signature and sum checked. */
static const uint8_t *table(uint64_t address, const char *signature)
{
    assert_in_range(address, BOARD_ACPI, BOARD_ACPI + BOARD_ACPI_SIZE - 36);
    const uint8_t *t = area + (address - BOARD_ACPI);
    assert_memory_equal(t, signature, 4);
    assert_int_equal(sum(t, get32(t + 4)), 0);
    return t;
}

static const uint8_t *xsdt(void)
{
    return table(get64(area + 24), "XSDT");
}

static int setup(void **state)
{
    unsigned used = acpi_build(area, sizeof(area), BOARD_ACPI, 3, 10000);
    return used > 0 && used <= sizeof(area) ? 0 : -1;
}

static void sums_and_links(void **state)
{
    assert_memory_equal(area, "RSD PTR ", 8);
    assert_int_equal(sum(area, 20), 0);
    assert_int_equal(sum(area, 36), 0);
    assert_int_equal(get32(xsdt() + 4), 36 + 24);
    const uint8_t *fadt = table(get64(xsdt() + 36), "FACP");
    table(get64(fadt + 140), "DSDT");
    table(get64(xsdt() + 44), "APIC");
    table(get64(xsdt() + 52), "WDAT");
}

static void the_fadt_says_hardware_reduced(void **state)
{
    const uint8_t *fadt = table(get64(xsdt() + 36), "FACP");
    assert_int_equal(get32(fadt + 4), 276);
    assert_true(get32(fadt + 112) & 1u << 20);
    assert_true(get32(fadt + 112) & 1u << 10);
    assert_int_equal(fadt[116], 1); /* reset register: a port */
    assert_int_equal(get64(fadt + 120), RESET_PORT);
    assert_int_equal(fadt[128], RESET_VALUE);
    assert_int_equal(get64(fadt + 248), SLEEP_CONTROL);
    assert_int_equal(get64(fadt + 260), SLEEP_STATUS);
}

static void the_madt_lists_processors_and_the_ioapic(void **state)
{
    const uint8_t *madt = table(get64(xsdt() + 44), "APIC");
    assert_int_equal(get32(madt + 36), 0xfee00000);
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t *entry = madt + 44 + 8 * i;
        assert_int_equal(entry[0], 0);
        assert_int_equal(entry[3], i);
        assert_int_equal(get32(entry + 4), 1);
    }
    assert_int_equal(madt[68], 1);
    assert_int_equal(get32(madt + 72), 0xfec00000);
    assert_int_equal(get32(madt + 4), 80);
}

static void the_wdat_is_one_for_linux(void **state)
{
    const uint8_t *wdat = table(get64(xsdt() + 52), "WDAT");
    assert_int_equal(get32(wdat + 4), 36 + 32 + 8 * 24);
    assert_memory_equal(wdat + 40, "\xff\0\xff\xff\xff", 5); /* no PCI device */
    assert_int_equal(get32(wdat + 48), 1);                   /* ms */
    assert_int_equal(get32(wdat + 52), 10000);
    assert_int_equal(wdat[60] & 1, 1); /* to be used */
    assert_int_equal(get32(wdat + 64), 8);
    const uint8_t *feed = wdat + 68; /* reset: write 1 to the first port of 32 bits */
    assert_memory_equal(feed, "\1\2\0\0\1\x20\0\3", 8);
    assert_int_equal(get64(feed + 8), WATCHDOG_PORT);
    assert_int_equal(get32(feed + 16), 1);
    assert_int_equal(get32(feed + 20), UINT32_MAX);
}

static void without_watchdog_no_wdat(void **state)
{
    assert_true(acpi_build(area, sizeof(area), BOARD_ACPI, 1, 0) > 0);
    assert_int_equal(get32(xsdt() + 4), 36 + 16);
}

static void too_small_an_area_is_refused(void **state)
{
    for (unsigned size = 0; size < 1024; size += 7) {
        uint8_t *exact = malloc(size + 1);
        if (acpi_build(exact, size, BOARD_ACPI, 1, 1) > size)
            fail();
        free(exact);
    }
}

/* iasl disassembles the table, finds what is to be in it, and assembles it without a complaint. */
static void check_with_iasl(const uint8_t *t, const char *find)
{
    if (system("command -v iasl > /dev/null") != 0)
        skip();
    char folder[] = "/tmp/acpi-XXXXXX", command[384];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command), "%s/table.aml", folder);
    FILE *file = fopen(command, "wb");
    assert_non_null(file);
    fwrite(t, 1, get32(t + 4), file);
    fclose(file);
    snprintf(command, sizeof(command),
             "cd %s && iasl -d table.aml > log 2>&1 && iasl table.dsl >> log 2>&1 && "
             "grep -q '%s' table.dsl && ! grep -q '[1-9][0-9]* Errors\\|[1-9][0-9]* Warnings' log",
             folder, find);
    int result = system(command);
    snprintf(command, sizeof(command), "%s %s", result ? "cat" : "rm -r", folder);
    if (result)
        snprintf(command, sizeof(command), "cat %s/log %s/table.dsl; rm -r %s", folder, folder,
                 folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(result, 0);
}

static void iasl_takes_the_dsdt(void **state)
{
    const uint8_t *dsdt = table(get64(table(get64(xsdt() + 36), "FACP") + 140), "DSDT");
    check_with_iasl(dsdt, "COM1");
    check_with_iasl(dsdt, "Notify (PWRB, 0x80)");
}

static void iasl_takes_the_wdat(void **state)
{
    check_with_iasl(table(get64(xsdt() + 52), "WDAT"), "Enabled : 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sums_and_links, setup),
        cmocka_unit_test_setup(the_fadt_says_hardware_reduced, setup),
        cmocka_unit_test_setup(the_madt_lists_processors_and_the_ioapic, setup),
        cmocka_unit_test_setup(the_wdat_is_one_for_linux, setup),
        cmocka_unit_test(without_watchdog_no_wdat),
        cmocka_unit_test(too_small_an_area_is_refused),
        cmocka_unit_test_setup(iasl_takes_the_dsdt, setup),
        cmocka_unit_test_setup(iasl_takes_the_wdat, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
