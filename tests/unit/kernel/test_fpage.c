/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES:
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include
/* Flexpages against what X.2 says of their fields, with arithmetic that knows no masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/fpage.h"

static word_t random_word(void)
{
    word_t w = 0;

    for (unsigned i = 0; i < sizeof(w); i++)
        w = w << 8 ^ (word_t)rand();
    return w;
}

/* 2^n by doubling; 0 when it does not fit into a word. */
static word_t power(unsigned n)
{
    word_t p = 1;

    while (n--)
        p += p;
    return p;
}

static void test_masks(void **state)
{
    for (unsigned n = 0; n < 80; n++)
        assert_int_equal(mask_of(n), n >= WORD_BITS ? ~(word_t)0 : power(n) - 1);
}

/* Any word: what its fields mean. */
static void test_any_word(void **state)
{
    srand(7);
    for (unsigned i = 0; i < 100000; i++) {
        word_t f = rand() % 4 ? random_word() : random_word() % 2048;
        unsigned s = (unsigned)(f / 16 % 64);

        assert_int_equal(fpage_rights(f), f % 8);
        assert_int_equal(fpage_is_nil(f), f == 0);
        assert_int_equal(fpage_is_io(f), s == 2);
        assert_int_equal(fpage_is_complete(f), s == 1 && f < 1024);
        if (fpage_is_complete(f)) {
            assert_int_equal(fpage_log2(f), WORD_BITS);
            assert_int_equal(fpage_base(f), 0);
            continue;
        }
        assert_int_equal(fpage_log2(f), s);
        if (s >= WORD_BITS)
            assert_int_equal(fpage_base(f), 0);
        else if (s >= 10)
            assert_int_equal(fpage_base(f), f / power(s) * power(s));
        else
            assert_int_equal(fpage_base(f), f / 1024 * 1024);
    }
}

/* Made of its parts: a place within it, its size and rights. */
static void test_made(void **state)
{
    srand(8);
    for (unsigned i = 0; i < 100000; i++) {
        unsigned log2 = 10 + (unsigned)rand() % (WORD_BITS - 10), rights = (unsigned)rand() % 8;
        word_t base = random_word(), f = fpage_make(base, log2, rights);

        assert_int_equal(fpage_log2(f), log2);
        assert_int_equal(fpage_rights(f), rights);
        assert_int_equal(fpage_base(f), base / power(log2) * power(log2));
        assert_true(base - fpage_base(f) < power(log2));
        assert_false(fpage_is_nil(f) || fpage_is_complete(f) || fpage_is_io(f));
    }
}

static void test_special_words(void **state)
{
    assert_int_equal(FPAGE_COMPLETE, 0x10);
    assert_true(fpage_is_complete(FPAGE_COMPLETE | RIGHT_RWX));
    assert_false(fpage_is_complete(FPAGE_COMPLETE | 1024));
    assert_true(fpage_is_nil(0));
    assert_false(fpage_is_nil(RIGHT_R)); /* nothing, but not nil */
    assert_int_equal(fpage_log2(RIGHT_R), 0);
    assert_int_equal(fpage_base(fpage_make(~(word_t)0, 12, 0)), ~(word_t)0 - 4095);
    assert_int_equal(fpage_base(fpage_make(~(word_t)0, WORD_BITS - 1, 0)), power(WORD_BITS - 1));
    assert_int_equal(fpage_make(0x12345678, 12, RIGHT_R | RIGHT_W), 0x123450c6);
}

static void test_ports(void **state)
{
    for (unsigned port = 0; port < 65536; port += 37) {
        for (unsigned log2 = 0; log2 <= 16; log2++) {
            word_t f = fpage_io_make((u16)port, log2);

            assert_true(fpage_is_io(f));
            assert_int_equal(fpage_io_port(f), port);
            assert_int_equal(fpage_io_log2(f), log2);
            assert_int_equal(f, port * 65536UL + log2 * 1024 + 32);
        }
    }
    /* What lies above the port says nothing, nor do the rights. */
    assert_int_equal(fpage_io_port(fpage_io_make(0x3f8, 3) | 7), 0x3f8);
    assert_int_equal(fpage_io_port(~(word_t)0), 0xffff);
    assert_int_equal(fpage_io_log2(~(word_t)0), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks), cmocka_unit_test(test_any_word),
        cmocka_unit_test(test_made),  cmocka_unit_test(test_special_words),
        cmocka_unit_test(test_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
