// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/boot/elf.c
// CFLAGS: -Ilib/boot/include -Ilib/manifest/include -idirafter lib/rt/include
/* Programs and kernels: good ones, and every way of being cut short or wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <elf.h>

#include <boot/elf.h>

#define LOW  UINT64_C(0x400000)
#define HIGH UINT64_C(0x800000)

/* Text at page 1 of the file, read-only data behind it in mid-page, data with bss. */
struct sample {
    Elf64_Ehdr header;
    Elf64_Phdr p[4];
    uint8_t rest[5 * 4096];
};

static struct sample *make(void)
{
    struct sample *s = test_calloc(1, sizeof(*s));

    memcpy(s->header.e_ident, ELFMAG, SELFMAG);
    s->header.e_ident[EI_CLASS] = ELFCLASS64;
    s->header.e_ident[EI_DATA] = ELFDATA2LSB;
    s->header.e_type = ET_EXEC;
    s->header.e_machine = EM_X86_64;
    s->header.e_entry = LOW + 0x10;
    s->header.e_phoff = offsetof(struct sample, p);
    s->header.e_phentsize = sizeof(Elf64_Phdr);
    s->header.e_phnum = 4;
    s->p[0] = (Elf64_Phdr){PT_LOAD, PF_R | PF_X, 0x1000, LOW, LOW, 0x1800, 0x1800, 4096};
    s->p[1] = (Elf64_Phdr){PT_LOAD, PF_R, 0x2800, LOW + 0x2800, 0, 0x100, 0x100, 4096};
    s->p[2] = (Elf64_Phdr){PT_LOAD, PF_R | PF_W, 0x3000, LOW + 0x3000, 0, 0x80, 0x2000, 4096};
    s->p[3] = (Elf64_Phdr){PT_NOTE, PF_R, ~UINT64_C(0), 0, 0, 99, 99, 4};
    memset((uint8_t *)s + 0x1000, 0xc3, 0x1800);
    memset((uint8_t *)s + 0x2800, 0x11, 0x100);
    memset((uint8_t *)s + 0x3000, 0x22, 0x80);
    return s;
}

static void test_good(void **state)
{
    struct sample *s = make();
    struct elf_image image;
    uint8_t page[4096] = {0};

    assert_null(elf_open(&image, s, sizeof(*s), LOW, HIGH));
    assert_int_equal(image.count, 3);
    assert_int_equal(elf_rights(&image, LOW), ELF_R | ELF_X);
    assert_int_equal(elf_rights(&image, LOW + 0x3000), ELF_R | ELF_W);
    assert_int_equal(elf_rights(&image, LOW + 0x5000), 0);
    assert_ptr_equal(elf_direct(&image, LOW), (uint8_t *)s + 0x1000);
    assert_null(elf_direct(&image, LOW + 0x3000)); /* writable */
    assert_null(elf_direct(&image, LOW + 0x5000)); /* nothing */
    elf_fill(&image, LOW + 0x3000, page);
    assert_int_equal(page[0x7f], 0x22);
    assert_int_equal(page[0x80], 0);
    assert_int_equal(elf_private_bytes(&image), 2 * 4096);
    test_free(s);
}

static void test_shared_page(void **state)
{
    struct sample *s = make();
    struct elf_image image;
    uint8_t page[4096] = {0};

    s->p[1].p_vaddr = LOW + 0x1900; /* now in the second page of text */
    assert_null(elf_open(&image, s, sizeof(*s), LOW, HIGH));
    assert_int_equal(elf_rights(&image, LOW + 0x1000), ELF_R | ELF_X);
    assert_null(elf_direct(&image, LOW + 0x1000));
    elf_fill(&image, LOW + 0x1000, page);
    assert_int_equal(page[0x7ff], 0xc3);
    assert_int_equal(page[0x800], 0);
    assert_int_equal(page[0x900], 0x11);
    assert_int_equal(page[0xa00], 0);
    test_free(s);
}

static void test_read_only_bss(void **state)
{
    struct sample *s = make();
    struct elf_image image;

    s->p[1].p_memsz = 0x1000;
    s->p[2].p_vaddr = LOW + 0x4000;
    assert_null(elf_open(&image, s, sizeof(*s), LOW, HIGH));
    assert_null(elf_direct(&image, LOW + 0x2000)); /* its rest must read as zeros */
    assert_null(elf_direct(&image, LOW + 0x3000));
    test_free(s);
}

static void expect_fault(struct sample *s, size_t size)
{
    struct elf_image image;

    assert_non_null(elf_open(&image, s, size, LOW, HIGH));
    test_free(s);
}

#define SPOILED(what)                                                                              \
    do {                                                                                           \
        struct sample *s = make();                                                                 \
        what;                                                                                      \
        expect_fault(s, sizeof(*s));                                                               \
    } while (0)

static void test_bad(void **state)
{
    SPOILED(s->header.e_ident[0] = 0);
    SPOILED(s->header.e_ident[EI_CLASS] = ELFCLASS32);
    SPOILED(s->header.e_machine = EM_386);
    SPOILED(s->header.e_type = ET_DYN);
    SPOILED(s->header.e_phnum = 0);
    SPOILED(s->header.e_phnum = 0xffff);
    SPOILED(s->header.e_phentsize = 8);
    SPOILED(s->header.e_phoff = UINT64_MAX);
    SPOILED(s->header.e_phoff = sizeof(*s));
    SPOILED(s->header.e_entry = LOW + 0x3000);
    SPOILED(s->header.e_entry = 0);
    SPOILED(s->p[0].p_vaddr = LOW - 0x1000);
    SPOILED(s->p[0].p_vaddr = UINT64_MAX);
    SPOILED(s->p[0].p_memsz = UINT64_MAX);
    SPOILED(s->p[0].p_memsz = 0x10);
    SPOILED(s->p[0].p_filesz = UINT64_MAX);
    SPOILED(s->p[0].p_offset = UINT64_MAX);
    SPOILED(s->p[2].p_vaddr = HIGH);
    SPOILED(s->p[0].p_type = s->p[1].p_type = s->p[2].p_type = PT_NULL);
}

static void test_cut_short(void **state)
{
    /* Bytes at the end are nobody's; before them, every length is a fault. */
    size_t whole = 0x3080;
    struct sample *s = make();
    struct elf_image image;

    for (size_t size = 0; size < whole; size++) {
        void *copy = test_malloc(size + 1);

        memcpy(copy, s, size);
        assert_non_null(elf_open(&image, copy, size, LOW, HIGH));
        assert_non_null(elf_check_kernel(copy, size));
        test_free(copy);
    }
    assert_null(elf_open(&image, s, whole, LOW, HIGH));
    assert_null(elf_check_kernel(s, whole));
    test_free(s);
}

static void test_bzimage(void **state)
{
    uint8_t *b = test_calloc(1, 8192);
    uint32_t units = (8192 - 512 * 3) / 16;

    assert_non_null(elf_check_kernel(b, 8192));
    memcpy(b + 0x202, "HdrS", 4);
    b[0x1f1] = 2;
    memcpy(b + 0x1f4, &units, 4);
    assert_null(elf_check_kernel(b, 8192));
    assert_non_null(elf_check_kernel(b, 8191));
    units = UINT32_MAX;
    memcpy(b + 0x1f4, &units, 4);
    assert_non_null(elf_check_kernel(b, 8192));
    assert_non_null(elf_check_kernel(b, 0x204));
    test_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),          cmocka_unit_test(test_shared_page),
        cmocka_unit_test(test_read_only_bss), cmocka_unit_test(test_bad),
        cmocka_unit_test(test_cut_short),     cmocka_unit_test(test_bzimage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
