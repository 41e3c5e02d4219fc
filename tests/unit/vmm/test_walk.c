/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/vcpu/walk.c vmm/board/ram.c vmm/lock.c tests/unit/vmm/fake_host.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* Page walks in every paging mode, with the rights and the error codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vcpu/walk.h"

#define RAM_SIZE MIB(4)
#define P        1u
#define W        2u
#define U        4u
#define A        0x20u
#define D        0x40u
#define PS       0x80u
#define NX       (UINT64_C(1) << 63)

static struct ram ram;
static struct walk w;

static int setup(void **state)
{
    memset(&ram, 0, sizeof(ram));
    ram_init(&ram, calloc(1, RAM_SIZE), RAM_SIZE);
    w = (struct walk){.ram = &ram, .cr3 = 0x1000};
    return 0;
}

static int teardown(void **state)
{
    free(ram.base);
    return 0;
}

static void put64(uint64_t address, uint64_t value)
{
    memcpy(ram.base + address, &value, 8);
}

static void put32(uint64_t address, uint32_t value)
{
    memcpy(ram.base + address, &value, 4);
}

static uint64_t get64(uint64_t address)
{
    uint64_t value;
    memcpy(&value, ram.base + address, 8);
    return value;
}

static void mode64(void)
{
    w.cr0 = CR0_PE | CR0_PG | CR0_WP;
    w.cr4 = CR4_PAE;
    w.efer = EFER_LME | EFER_LMA | EFER_NX;
}

/* Tables at 1000, 2000, 3000, 4000 that map 0x7f8040201000 to 0x9000. */
#define VIRTUAL UINT64_C(0x7f8040201000)

static void tables64(uint64_t rights)
{
    mode64();
    put64(0x1000 + 255 * 8, 0x2000 | P | W | U);
    put64(0x2000 + 1 * 8, 0x3000 | P | W | U);
    put64(0x3000 + 1 * 8, 0x4000 | P | W | U);
    put64(0x4000 + 1 * 8, 0x9000 | P | rights);
}

static void expect_page(uint64_t address, unsigned access, uint64_t result)
{
    gpa_t at;
    uint32_t error;
    assert_true(walk(&w, gva(address), access, &at, &error));
    assert_int_equal(at.raw, result);
}

static void expect_fault(uint64_t address, unsigned access, uint32_t code)
{
    gpa_t at;
    uint32_t error = 0xffff;
    assert_false(walk(&w, gva(address), access, &at, &error));
    assert_int_equal(error, code);
}

static void without_paging_addresses_are_physical(void **state)
{
    expect_page(0x12345678, WALK_WRITE | WALK_USER, 0x12345678);
    expect_page(0x112345678, WALK_READ, 0x12345678);
}

static void four_levels(void **state)
{
    tables64(W | U);
    expect_page(VIRTUAL + 0x123, WALK_READ, 0x9123);
    assert_int_equal(get64(0x4008), 0x9000 | P | W | U | A);
    assert_int_equal(get64(0x17f8), 0x2000 | P | W | U | A);
    expect_page(VIRTUAL, WALK_WRITE | WALK_USER, 0x9000);
    assert_int_equal(get64(0x4008), 0x9000 | P | W | U | A | D);
    expect_fault(VIRTUAL + 0x1000, WALK_READ, 0);
    expect_fault(VIRTUAL + 0x1000, WALK_WRITE | WALK_USER, WALK_WRITE | WALK_USER);
    expect_fault(UINT64_C(0x8000000000000000), WALK_READ, 0);
}

static void rights(void **state)
{
    tables64(NX);
    expect_fault(VIRTUAL, WALK_USER, PF_PRESENT | WALK_USER);
    expect_fault(VIRTUAL, WALK_WRITE, PF_PRESENT | WALK_WRITE);
    expect_fault(VIRTUAL, WALK_FETCH, PF_PRESENT | WALK_FETCH);
    w.cr0 &= ~CR0_WP;
    expect_page(VIRTUAL, WALK_WRITE, 0x9000);
    expect_fault(VIRTUAL, WALK_WRITE | WALK_USER, PF_PRESENT | WALK_WRITE | WALK_USER);
    w.efer &= ~EFER_NX;
    expect_page(VIRTUAL, WALK_FETCH, 0x9000);
}

static void smep_and_smap(void **state)
{
    tables64(W | U);
    expect_page(VIRTUAL, WALK_FETCH, 0x9000);
    w.cr4 |= CR4_SMEP | CR4_SMAP;
    expect_fault(VIRTUAL, WALK_FETCH, PF_PRESENT | WALK_FETCH);
    expect_fault(VIRTUAL, WALK_READ, PF_PRESENT);
    expect_page(VIRTUAL, WALK_READ | WALK_USER, 0x9000);
    w.smap_off = true;
    expect_page(VIRTUAL, WALK_WRITE, 0x9000);
}

static void large_pages(void **state)
{
    tables64(0);
    put64(0x3008, UINT64_C(0x40000000) | PS | P | W | U);
    expect_page(VIRTUAL + 0x34567, WALK_WRITE, 0x40000000 + 0x1000 + 0x34567);
    assert_int_equal(get64(0x3008), UINT64_C(0x40000000) | PS | P | W | U | A | D);
    put64(0x2008, UINT64_C(0x140000000) | PS | P);
    expect_page(VIRTUAL + 0x20000000, WALK_READ, 0x140000000 + 0x20201000);
}

static void five_levels(void **state)
{
    tables64(W | U);
    w.cr4 |= CR4_LA57;
    w.cr3 = 0x8000;
    put64(0x8000 + 3 * 8, 0x1000 | P | W | U);
    expect_page(VIRTUAL + (UINT64_C(3) << 48), WALK_READ, 0x9000);
    expect_fault(VIRTUAL, WALK_READ, 0);
}

static void pae(void **state)
{
    w.cr0 = CR0_PE | CR0_PG;
    w.cr4 = CR4_PAE;
    w.efer = EFER_NX;
    w.cr3 = 0x1020; /* the four top entries need 32 bytes only */
    put64(0x1020 + 2 * 8, 0x3000 | P);
    put64(0x3000 + 8, 0x4000 | P | W | U);
    put64(0x4000 + 8, 0x9000 | P | W | U | NX);
    expect_page(0x80201010, WALK_WRITE | WALK_USER, 0x9010);
    assert_int_equal(get64(0x1030), 0x3000 | P); /* no accessed bit up there */
    expect_fault(0x80201010, WALK_FETCH, PF_PRESENT | WALK_FETCH);
    put64(0x3008, UINT64_C(0x200000) | PS | P | W);
    expect_page(0x80234567, WALK_WRITE, 0x234567);
}

static void two_levels(void **state)
{
    w.cr0 = CR0_PE | CR0_PG;
    put32(0x1000 + 4, 0x3000 | P | W | U);
    put32(0x3000 + 5 * 4, 0x9000 | P | U);
    expect_page(0x405008, WALK_READ | WALK_USER, 0x9008);
    expect_fault(0x405008, WALK_WRITE | WALK_USER, PF_PRESENT | WALK_WRITE | WALK_USER);
    expect_fault(0x406008, WALK_FETCH, 0);      /* no NX and no SMEP: fetches are not told apart */
    put32(0x1000 + 8, 0x00c02000 | PS | P | W); /* PSE-36: bit 32 of the address */
    w.cr4 = CR4_PSE;
    expect_page(0x812345, WALK_WRITE, UINT64_C(0x100c12345));
}

static void tables_outside_ram_are_not_there(void **state)
{
    tables64(W);
    put64(0x3008, RAM_SIZE | P | W);
    expect_fault(VIRTUAL, WALK_READ, 0);
    w.cr3 = UINT64_C(0xffffffffff000);
    expect_fault(VIRTUAL, WALK_READ, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_paging_addresses_are_physical),
        TEST(four_levels),
        TEST(rights),
        TEST(smep_and_smap),
        TEST(large_pages),
        TEST(five_levels),
        TEST(pae),
        TEST(two_levels),
        TEST(tables_outside_ram_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
