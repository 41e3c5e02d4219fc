// SOURCES: loader/kip.c loader/bootinfo.c loader/mbi.c loader/memory.c
// CFLAGS: -iquote loader -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* The KIP in a kernel image, and the boot info as lib/l4 reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <l4/bootinfo.h>
#include "bootinfo.h"
#include "kip.h"
#include "memory.h"
#include "multiboot.h"

static uint8_t memory[0x8000] __attribute__((aligned(4096)));
static struct elf_image kernel;
static struct kip kip;

static int setup(void **state)
{
    memset(memory, 0, sizeof(memory));
    phys_offset = (uintptr_t)memory;
    kernel = (struct elf_image){.bits = 64, .count = 1};
    kernel.segment[0] = (struct elf_segment){.phys = 0, .size = 0x5000};
    return 0;
}

static void make_kip(uint32_t at, unsigned bits, unsigned capacity)
{
    struct kip k = {memory + at, bits, 0, 0, 0};
    uint32_t offset = 0x400;

    kip_write(&k, 0, 0x4be6344c);
    kip_write(&k, 1, 0x84050000);
    kip_write(&k, KIP_KERN_DESC, 0x300);
    kip_write(&k, KIP_MEMORY_INFO, (uint64_t)offset << bits / 2 | capacity);
    kip_write(&k, 0x300 / (bits / 8), 0x07010000);
}

static void test_find(void **state)
{
    static const uint32_t at[] = {0, 0x2000, 0x4000, 0x1004, 0x3ffc};

    for (unsigned i = 0; i < 5; i++)
        for (unsigned bits = 32; bits <= 64; bits += 32) {
            setup(NULL);
            make_kip(at[i], bits, 10);
            memcpy(memory + 0x4800, "\x4c\x34\xe6\x4b", 4); /* the magic alone */
            assert_true(kip_find(&kip, &kernel));
            assert_ptr_equal(kip.base, memory + at[i]);
            assert_int_equal(kip.bits, bits);
            assert_int_equal(kip.capacity, 10);
            assert_int_equal(kip_kernel_id(&kip), 0x07010000);
        }
    setup(NULL);
    assert_false(kip_find(&kip, &kernel));
}

static void test_no_kip(void **state)
{
    make_kip(0x1000, 64, 0xffff); /* more descriptors than the image has bytes */
    assert_false(kip_find(&kip, &kernel));
}

static void test_memory_64(void **state)
{
    make_kip(0x1000, 64, 2);
    assert_true(kip_find(&kip, &kernel));
    assert_true(kip_add_memory(&kip, MEM_SHARED, 0, UINT64_MAX));
    assert_true(kip_add_memory(&kip, MEM_BOOT_MODULE, 0x123400, 0x200000));
    assert_true(kip_add_memory(&kip, MEM_RESERVED, 5, 5)); /* nothing: ignored */
    assert_false(kip_add_memory(&kip, MEM_RESERVED, 0, 4096));
    assert_int_equal(kip_read(&kip, KIP_MEMORY_INFO), 0x400ul << 32 | 2);
    assert_int_equal(kip_read(&kip, 0x400 / 8), 4);
    assert_int_equal(kip_read(&kip, 0x400 / 8 + 1), 0xfffffffffffffc00);
    assert_int_equal(kip_read(&kip, 0x400 / 8 + 2), 0x123400 | 0x3e);
    assert_int_equal(kip_read(&kip, 0x400 / 8 + 3), 0x1ffc00);
}

static void test_memory_32(void **state)
{
    make_kip(0x1000, 32, 10);
    assert_true(kip_find(&kip, &kernel));
    assert_true(kip_add_memory(&kip, MEM_CONVENTIONAL, MiB, 8 * GiB));
    assert_true(kip_add_memory(&kip, MEM_CONVENTIONAL, 4 * GiB, 8 * GiB)); /* out of sight */
    assert_int_equal(kip_read(&kip, KIP_MEMORY_INFO), 0x400 << 16 | 1);
    assert_int_equal(kip_read(&kip, 0x400 / 4 + 1), 0xfffffc00);
}

static void test_server(void **state)
{
    static const struct elf_image server = {.entry = 0xf00010, .low = 0xf00000, .high = 0xf01234};

    make_kip(0x1000, 64, 10);
    assert_true(kip_find(&kip, &kernel));
    kip_set_server(&kip, KIP_SIGMA0, &server);
    assert_int_equal(kip_read(&kip, 8), 0);
    assert_int_equal(kip_read(&kip, 9), 0xf00010);
    assert_int_equal(kip_read(&kip, 10), 0xf00000);
    assert_int_equal(kip_read(&kip, 11), 0xf01234);
}

static struct boot boot;

static void make_boot(void)
{
    static const char *const names[] = {"almond", "sigma0", "monitor quiet", "vmm", "disk.img a b"};

    memset(&boot, 0, sizeof(boot));
    for (unsigned i = 0; i < 5; i++)
        boot.module[i] = (struct module){i * MiB, 0x1000 * i + 5, names[i], i < 3, {0}};
    boot.module_count = 5;
    boot.module[2].image =
        (struct elf_image){.bits = 64,
                           .entry = 0x1000010,
                           .low = 0x1000000,
                           .high = 0x1009000,
                           .count = 3,
                           .segment = {{0x1000000, 0x1000000, 0, 0x2000, 0x2000, 5},
                                       {0x1002000, 0x1002000, 0, 0x1000, 0x1000, 4},
                                       {0x1003000, 0x1003000, 0, 0x500, 0x6000, 6}}};
    boot.map[0] = (struct map_entry){0, 0x9fc00, MAP_RAM};
    boot.map_count = 1;
}

static void test_bootinfo(void **state)
{
    void *info = memory + 0x1000;
    L4_BootRec_t *r;

    make_boot();
    memset(memory, 0xee, sizeof(memory));
    bootinfo_write(&boot, 64, 0x1000, 0x7000);
    assert_true(L4_BootInfo_Valid(info));
    assert_true(L4_BootInfo_Size(info) <= bootinfo_size(&boot));
    assert_int_equal(memory[0x1000 + L4_BootInfo_Size(info)], 0xee);
    assert_int_equal(L4_BootInfo_Entries(info), 5);
    r = L4_BootInfo_FirstEntry(info);
    assert_int_equal(L4_BootRec_Type(r), L4_BootInfo_SimpleExec);
    assert_string_equal(L4_SimpleExec_Cmdline(r), "sigma0");
    r = L4_BootRec_Next(r);
    assert_string_equal(L4_SimpleExec_Cmdline(r), "monitor quiet");
    assert_int_equal(L4_SimpleExec_TextPstart(r), 0x1000000);
    assert_int_equal(L4_SimpleExec_TextSize(r), 0x3000);
    assert_int_equal(L4_SimpleExec_DataVstart(r), 0x1003000);
    assert_int_equal(L4_SimpleExec_DataSize(r), 0x500);
    assert_int_equal(L4_SimpleExec_BssPstart(r), 0x1003500);
    assert_int_equal(L4_SimpleExec_BssSize(r), 0x5b00);
    assert_int_equal(L4_SimpleExec_InitialIP(r), 0x1000010);
    assert_int_equal(L4_SimpleExec_Flags(r), 2);
    r = L4_BootRec_Next(r);
    assert_int_equal(L4_BootRec_Type(r), L4_BootInfo_Module);
    r = L4_BootRec_Next(r);
    assert_string_equal(L4_Module_Cmdline(r), "disk.img a b");
    assert_int_equal(L4_Module_Start(r), 4 * MiB);
    assert_int_equal(L4_Module_Size(r), 0x4005);
    r = L4_BootRec_Next(r);
    assert_int_equal(L4_BootRec_Type(r), L4_BootInfo_Multiboot);
    assert_int_equal(L4_MBI_Address(r), 0x7000);
    assert_ptr_equal(L4_BootRec_Next(r), (char *)info + L4_BootInfo_Size(info));
}

static void test_bootinfo_32(void **state)
{
    uint32_t head[8], record[3];

    make_boot();
    bootinfo_write(&boot, 32, 0x1000, 0);
    memcpy(head, memory + 0x1000, sizeof(head));
    assert_int_equal(head[0], 0x14b0021d);
    assert_int_equal(head[3], 32);
    assert_int_equal(head[4], 4);
    memcpy(record, memory + 0x1020, sizeof(record));
    assert_int_equal(record[0], 2);
    assert_int_equal(record[2], 16 * 4 + 8);
}

static void test_mbi(void **state)
{
    struct mb1_info info;
    struct mb1_module m;
    struct mb1_mmap map;

    make_boot();
    mbi_write(&boot, 0x2000);
    memcpy(&info, memory + 0x2000, sizeof(info));
    assert_int_equal(info.mods_count, 5);
    assert_string_equal((char *)memory + info.cmdline, "monitor quiet");
    memcpy(&m, memory + info.mods_addr + 4 * sizeof(m), sizeof(m));
    assert_int_equal(m.start, 4 * MiB);
    assert_int_equal(m.end, 4 * MiB + 0x4005);
    assert_string_equal((char *)memory + m.string, "disk.img a b");
    memcpy(&m, memory + info.mods_addr + 2 * sizeof(m), sizeof(m));
    assert_int_equal(m.end, 0x1009000);
    memcpy(&map, memory + info.mmap_addr, sizeof(map));
    assert_int_equal(map.length, 0x9fc00);
    assert_true(m.string + 40 < 0x2000 + mbi_size(&boot) + 0x100);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_find),   TEST(test_no_kip),   TEST(test_memory_64),   TEST(test_memory_32),
        TEST(test_server), TEST(test_bootinfo), TEST(test_bootinfo_32), TEST(test_mbi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
