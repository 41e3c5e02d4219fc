// SOURCES: loader/elf.c loader/memory.c
// CFLAGS: -iquote loader -iquote tests/unit/loader
/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF parsing: both classes, and every way in which a file can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include "elf.h"
#include "make_elf.h"
#include "memory.h"

static uint8_t file[TEST_ELF_SIZE];
static struct elf_image image;

static const struct test_segment two[] = {
    {0x600000, 0xffffffff80600000, 0x1800, 0x1800, 5, 'a'},
    {0x602000, 0xffffffff80602000, 0x100, 0x3000, 6, 'b'},
};

static const char *parse64(uint64_t entry)
{
    return elf_parse(file, make_elf64(file, entry, two, 2), &image);
}

static void test_good_64(void **state)
{
    assert_null(parse64(0xffffffff80600010));
    assert_int_equal(image.bits, 64);
    assert_int_equal(image.entry, 0x600010);
    assert_int_equal(image.low, 0x600000);
    assert_int_equal(image.high, 0x605000);
    assert_int_equal(image.count, 2);
    assert_true(image.segment[1].flags & ELF_WRITE);
    assert_null(parse64(0x600020)); /* a physical entry will do, too */
    assert_int_equal(image.entry, 0x600020);
}

static void test_good_32(void **state)
{
    static const struct test_segment one = {0x400000, 0x400000, 0x10, 0x20, 7, 'x'};

    assert_null(elf_parse(file, make_elf32(file, 0x400000, &one, 1), &image));
    assert_int_equal(image.bits, 32);
    assert_int_equal(image.entry, 0x400000);
    assert_int_equal(image.high, 0x400020);
}

static void refused(const char *error, const char *part)
{
    assert_non_null(error);
    if (!strstr(error, part))
        fail_msg("\"%s\" does not say \"%s\"", error, part);
}

static void test_not_elf(void **state)
{
    static const char text[32] = "#!/bin/sh";

    refused(elf_parse(text, sizeof(text), &image), "not an ELF file");
    refused(elf_parse(text, 0, &image), "not an ELF file");
    parse64(0x600000);
    refused(elf_parse(file, 3, &image), "not an ELF file");
}

static void test_wrong_kind(void **state)
{
    Elf64_Ehdr *h = (Elf64_Ehdr *)file;
    size_t size;

    size = make_elf64(file, 0x600000, two, 2);
    h->e_type = ET_DYN;
    refused(elf_parse(file, size, &image), "not an executable");
    h->e_type = ET_EXEC;
    h->e_machine = EM_AARCH64;
    refused(elf_parse(file, size, &image), "another processor");
    h->e_machine = EM_X86_64;
    h->e_ident[EI_DATA] = ELFDATA2MSB;
    refused(elf_parse(file, size, &image), "byte order");
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_phentsize = 8;
    refused(elf_parse(file, size, &image), "unknown size");
    refused(parse64(0x123), "entry point");
}

/* Cut off anywhere, a file is refused, and nothing beyond its end is read. */
static void test_truncated(void **state)
{
    size_t size = make_elf64(file, 0x600000, two, 2);

    for (size_t n = 0; n < size; n++) {
        uint8_t *part = malloc(n ? n : 1);
        memcpy(part, file, n);
        refused(elf_parse(part, n, &image), n < 16 ? "not an ELF" : "truncated");
        free(part);
    }
    assert_null(elf_parse(file, size, &image));
}

static void test_bad_segments(void **state)
{
    struct test_segment s = two[0];

    s.size = s.file_size - 1;
    refused(elf_parse(file, make_elf64(file, s.virt, &s, 1), &image), "larger in the file");
    s = two[0];
    s.phys = 0xfffff000;
    refused(elf_parse(file, make_elf64(file, s.virt, &s, 1), &image), "above 4 GiB");
    s.phys = UINT64_MAX - 0x100;
    refused(elf_parse(file, make_elf64(file, s.virt, &s, 1), &image), "above 4 GiB");
    refused(elf_parse(file, make_elf64(file, 0, NULL, 0), &image), "nothing to load");
    ((Elf64_Ehdr *)file)->e_phoff = UINT64_MAX - 8;
    refused(elf_parse(file, TEST_ELF_SIZE, &image), "truncated");
    ((Elf64_Ehdr *)file)->e_phoff = TEST_ELF_SIZE - 8;
    ((Elf64_Ehdr *)file)->e_phnum = 1;
    refused(elf_parse(file, TEST_ELF_SIZE, &image), "truncated");
}

static void test_load(void **state)
{
    static const struct test_segment s = {0x1000, 0x1000, 0x10, 0x40, 6, 'q'};
    uint8_t *memory = malloc(0x2000);

    memset(memory, 0xee, 0x2000);
    assert_null(elf_parse(file, make_elf64(file, 0x1000, &s, 1), &image));
    phys_offset = (uintptr_t)memory;
    elf_load(file, &image);
    phys_offset = 0;
    assert_int_equal(memory[0xfff], 0xee);
    assert_int_equal(memory[0x1000], 'q');
    assert_int_equal(memory[0x100f], 'q');
    for (int i = 0x1010; i < 0x1040; i++)
        assert_int_equal(memory[i], 0);
    assert_int_equal(memory[0x1040], 0xee);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_64),   cmocka_unit_test(test_good_32),
        cmocka_unit_test(test_not_elf),   cmocka_unit_test(test_wrong_kind),
        cmocka_unit_test(test_truncated), cmocka_unit_test(test_bad_segments),
        cmocka_unit_test(test_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
