/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/boot/boot.c vmm/boot/elf.c vmm/boot/pvh.c vmm/boot/bzimage.c vmm/board/ram.c vmm/lock.c tests/unit/vmm/fake_host.c vmm/board/acpi.c vmm/board/aml.c vmm/board/wdat.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm -Ilib/boot/include
/* Loading kernels: whole ones, and every way in which an image can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board/board.h"
#include "boot/boot.h"

#define RAM_SIZE MIB(32)
#define KERNEL   MIB(16)

static struct ram ram;
static struct boot boot;
static struct boot_entry entry;
static struct boot_config config;
static uint8_t image[0x4000], initrd[0x1800];

static void put(unsigned at, uint64_t value, unsigned size)
{
    memcpy(image + at, &value, size);
}

/* Two segments, the second with memory to clear, and a note. */
static void make_elf(void)
{
    memset(image, 0, sizeof(image));
    memcpy(image, "\177ELF\2\1\1", 7);
    put(16, 2, 2);  /* executable */
    put(18, 62, 2); /* AMD64 */
    put(32, 64, 8); /* program headers */
    put(54, 56, 2);
    put(56, 3, 2);
    static const uint64_t headers[3][7] = {
        /* type + flags, offset, virtual, physical, in file, in memory, alignment */
        {1, 0x1000, 0, KERNEL, 0x1000, 0x1000, 0x1000},
        {1, 0x2000, 0, KERNEL + 0x1000, 0x800, 0x200000, 0x1000},
        {4, 0x3000, 0, 0, 0x3c, 0x3c, 4},
    };
    memcpy(image + 64, headers, sizeof(headers));
    memset(image + 0x1000, 0x11, 0x1000);
    memset(image + 0x2000, 0x22, 0x800);
    put(0x3000, 4, 4); /* a foreign note first */
    put(0x3004, 5, 4);
    put(0x3008, 1, 4);
    memcpy(image + 0x300c, "GNU\0abcde", 9);
    put(0x3018, 4, 4);
    put(0x301c, 8, 4);
    put(0x3020, 18, 4);
    memcpy(image + 0x3024, "Xen", 4);
    put(0x3028, KERNEL + 0x40, 8);
    config.kernel.size = 0x3100;
}

/* Protocol 2.15, relocatable, with one sector of setup code. */
static void make_bzimage(void)
{
    memset(image, 0, sizeof(image));
    put(0x1f1, 1, 1);
    put(0x1fe, 0xaa55, 2);
    memcpy(image + 0x202, "HdrS", 4);
    put(0x206, 0x20f, 2);
    put(0x211, 1, 1);
    put(0x22c, 0x7fffffff, 4);
    put(0x234, 1, 1);
    put(0x238, 2047, 4);
    put(0x248, 0x100, 4);
    put(0x24c, 0x1000, 4);
    put(0x258, KERNEL, 8);
    put(0x260, MIB(8), 4);
    memset(image + 1024, 0x33, 0x2000);
    config.kernel.size = 1024 + 0x2000;
}

static int setup(void **state)
{
    memset(&ram, 0, sizeof(ram));
    ram_init(&ram, calloc(1, RAM_SIZE), RAM_SIZE);
    memset(initrd, 0x44, sizeof(initrd));
    config = (struct boot_config){.kernel = {image, sizeof(image)},
                                  .initrd = {initrd, sizeof(initrd)},
                                  .cmdline = "quiet",
                                  .tsc_khz = 2000000,
                                  .cpus = 1};
    make_elf();
    return 0;
}

static int teardown(void **state)
{
    free(ram.base);
    return 0;
}

static bool load(void)
{
    ram.source_count = 0;
    memset(ram.filled, 0, sizeof(ram.filled));
    return boot_load(&boot, &config, &ram, &entry);
}

static uint8_t *at(uint64_t address)
{
    return ram_pointer(&ram, gpa(address), 1);
}

static uint64_t get(uint64_t address, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, at(address), size);
    return value;
}

static void expect_failure(const char *why)
{
    assert_false(load());
    if (!strstr(boot.cause, why))
        fail_msg("\"%s\" instead of \"%s\"", boot.cause, why);
}

static void an_elf_kernel_is_loaded(void **state)
{
    assert_true(load());
    assert_int_equal(entry.rip, KERNEL + 0x40);
    assert_int_equal(*at(KERNEL), 0x11);
    assert_int_equal(*at(KERNEL + 0x17ff), 0x22);
    assert_int_equal(*at(KERNEL + 0x1800), 0);
    uint64_t info = entry.rbx;
    assert_int_equal(get(info, 4), 0x336ec578);
    assert_int_equal(get(info + 12, 4), 1);
    assert_string_equal(at(get(info + 24, 8)),
                        "quiet console=ttyS0 tsc=reliable "
                        "tsc_early_khz=2000000 initcall_blacklist=tracer_init_tracefs");
    uint64_t module = get(info + 16, 8), place = get(module, 8);
    assert_int_equal(get(module + 8, 8), sizeof(initrd));
    assert_int_equal(place, RAM_SIZE - 0x2000);
    assert_int_equal(*at(place + sizeof(initrd) - 1), 0x44);
    assert_memory_equal(at(get(info + 32, 8)), "RSD PTR ", 8);
    uint64_t map = get(info + 40, 8), ends = 0;
    for (unsigned i = 0; i < get(info + 48, 4); i++) {
        assert_true(get(map + 24 * i, 8) >= ends);
        ends = get(map + 24 * i, 8) + get(map + 24 * i + 8, 8);
    }
    assert_int_equal(*at(0xffff0), 0xba);
}

static void the_users_options_win(void **state)
{
    config.cmdline = "xconsole=a console=hvc0 tsc=unstable tsc_early_khz=1 initcall_blacklist=a";
    assert_true(load());
    assert_string_equal(boot.cmdline, config.cmdline);
    config.cmdline = "";
    config.tsc_khz = 0;
    ram.size = ram.low = MIB(128);
    assert_true(load());
    assert_string_equal(boot.cmdline, "console=ttyS0 tsc=reliable");
    ram.size = ram.low = RAM_SIZE;
    static char huge[BOOT_CMDLINE_MAX];
    memset(huge, 'x', sizeof(huge) - 1);
    config.cmdline = huge;
    expect_failure("too long");
}

static void no_initrd_is_fine(void **state)
{
    config.initrd.size = 0;
    assert_true(load());
    assert_int_equal(get(entry.rbx + 12, 4), 0);
}

static void the_initrd_moves_below_a_kernel_at_the_top(void **state)
{
    put(64 + 56 + 24, RAM_SIZE - 0x200000, 8); /* the second segment reaches the end */
    assert_true(load());
    assert_int_equal(boot.initrd, KERNEL - 0x2000);
    config.initrd.size = MIB(16);
    expect_failure("no room for the initrd");
    config.initrd.size = UINT64_MAX;
    expect_failure("larger than the memory");
}

struct image_fault {
    unsigned at;
    uint64_t value;
    unsigned size;
    const char *why;
};

static void expect_failures(void (*make)(void), const struct image_fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        make();
        put(faults[i].at, faults[i].value, faults[i].size);
        expect_failure(faults[i].why);
    }
}

#define EXPECT_FAILURES(make, faults)                                                              \
    expect_failures(make, faults, sizeof(faults) / sizeof((faults)[0]))

static void elf_faults(void **state)
{
    static const struct image_fault faults[] = {
        {0, 0, 1, "neither an ELF"},
        {4, 1, 1, "not for AMD64"},
        {18, 3, 2, "not for AMD64"},
        {54, 32, 2, "unusable program headers"},
        {56, 0, 2, "unusable program headers"},
        {56, 999, 2, "unusable program headers"},
        {32, 0x30f0, 8, "no program headers"},
        {32, UINT64_MAX, 8, "no program headers"},
        {64 + 8, 0x3000, 8, "truncated"},
        {64 + 8, UINT64_MAX - 8, 8, "truncated"},
        {64 + 32, 0x10000, 8, "truncated"},
        {64 + 40, 0x800, 8, "truncated"}, /* less memory than file */
        {64 + 24, 0x1000, 8, "a segment at 1000"},
        {64 + 24, GIB(3), 8, "a segment at c0000000"},
        {64 + 24, RAM_SIZE, 8, "needs memory up to 33 MiB"},
        {64 + 56 + 40, MIB(17), 8, "needs memory up to 34 MiB"},
        {64 + 56 + 40, UINT64_MAX, 8, "needs memory"},
        {64 + 112, 0, 4, "no PVH entry"},
        {64 + 112 + 8, 0x3100, 8, "no PVH entry"},
        {0x3020, 17, 4, "no PVH entry"},
        {0x3024, 'Y', 1, "no PVH entry"},
        {0x3000, UINT32_MAX, 4, "no PVH entry"},
        {0x3004, UINT32_MAX, 4, "no PVH entry"},
        {0x3028, 0x1000, 8, "outside it"},
    };
    EXPECT_FAILURES(make_elf, faults);
    make_elf();
    config.kernel.size = 63;
    expect_failure("only 63 bytes");
}

static void a_bzimage_is_loaded(void **state)
{
    make_bzimage();
    assert_true(load());
    assert_int_equal(entry.rip, KERNEL);
    assert_int_equal(*at(KERNEL + 0x1fff), 0x33);
    uint64_t zero = entry.rsi;
    assert_int_equal(get(zero + 0x202, 4), 0x53726448);
    assert_int_equal(get(zero + 0x218, 4), RAM_SIZE - 0x2000);
    assert_int_equal(get(zero + 0x21c, 4), sizeof(initrd));
    assert_int_equal(get(zero + 0x70, 8), BOARD_ACPI);
    assert_in_range(get(zero + 0x1e8, 1), 3, 5);
    assert_memory_equal(at(get(zero + 0x228, 4)), "quiet ", 6);
    assert_int_equal(get(entry.gdt + entry.code, 8), 0x00cf9b000000ffff);
}

static void bzimage_faults(void **state)
{
    static const struct image_fault faults[] = {
        {0x206, 0x204, 2, "older than 2.10"},
        {0x211, 0, 1, "zImage"},
        {0x238, 10, 4, "limit, 10"},
        {0x1f1, 255, 1, "only the setup code"},
        {0x24c, 0x3000, 4, "bytes are missing"},
        {0x248, UINT32_MAX, 4, "bytes are missing"},
        {0x258, UINT64_MAX, 8, "needs memory"},
        {0x258, RAM_SIZE, 8, "needs memory up to 40 MiB"},
        {0x260, UINT32_MAX, 4, "needs memory"},
        {0x22c, MIB(1), 4, "no room for the initrd"},
        {0x1fe, 0, 2, "neither an ELF"},
    };
    EXPECT_FAILURES(make_bzimage, faults);
}

/* Any bytes may be wrong: no read outside the image (the sanitizer looks), no wrong place. */
static void random_faults(void **state)
{
    srand(3);
    for (unsigned n = 0; n < 20000; n++) {
        if (n % 2)
            make_elf();
        else
            make_bzimage();
        for (unsigned i = 0; i < 3; i++) {
            unsigned base = n % 2 ? (rand() % 3 ? 64 : 0x3000) : 0x1f1;
            image[base + (unsigned)rand() % 168] = (uint8_t)(rand() % 3 ? rand() : 0xff);
        }
        uint64_t size = rand() % 2 ? config.kernel.size : (unsigned)rand() % config.kernel.size;
        uint8_t *exact = malloc(size);
        memcpy(exact, image, size);
        config.kernel = (struct boot_image){exact, size};
        load();
        for (uint64_t chunk = 0; chunk < RAM_SIZE; chunk += CHUNK_SIZE)
            ram_fill(&ram, chunk);
        free(exact);
        config.kernel.bytes = image;
    }
}

static void memory_maps(void **state)
{
    struct boot_range map[BOOT_RANGES];
    struct ram big = {0};
    assert_true(ram_init(&big, NULL, GIB(8)));
    assert_int_equal(boot_memory_map(&big, map), 5);
    assert_int_equal(map[2].address + map[2].size, RAM_HOLE);
    assert_int_equal(map[4].address, RAM_HIGH);
    assert_int_equal(map[4].size, GIB(5));
    uint64_t offset;
    assert_true(ram_offset(&big, gpa(RAM_HIGH), 8, &offset));
    assert_int_equal(offset, RAM_HOLE);
    assert_false(ram_offset(&big, gpa(RAM_HOLE - 4), 8, &offset));
    assert_false(ram_offset(&big, gpa(RAM_HOLE), 1, &offset));
    assert_false(ram_offset(&big, gpa(GIB(9)), 1, &offset));
    assert_false(ram_offset(&big, gpa(GIB(9) - 4), 8, &offset));
    assert_false(ram_offset(&big, gpa(UINT64_MAX), 8, &offset));
    assert_false(ram_init(&big, NULL, MIB(3)));
    assert_false(ram_init(&big, NULL, 0));
    assert_false(ram_init(&big, NULL, GIB(65)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_elf_kernel_is_loaded),
        TEST(the_users_options_win),
        TEST(no_initrd_is_fine),
        TEST(the_initrd_moves_below_a_kernel_at_the_top),
        TEST(elf_faults),
        TEST(a_bzimage_is_loaded),
        TEST(bzimage_faults),
        TEST(random_faults),
        TEST(memory_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
