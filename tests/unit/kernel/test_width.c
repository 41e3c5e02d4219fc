/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES:
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* What the width of a word decides: ids, fpages, wide arithmetic, the KIP's layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch/wide.h"
#include "core/fpage.h"
#include "core/kip.h"
#include "core/thread.h"
#include "core/utcb.h"

static void test_ids(void **state)
{
    word_t id = id_make(0x12345, 0x2a);

    assert_int_equal(id, WORD_BITS == 64 ? 0x123450000002aULL : 0x48d1402aULL);
    assert_int_equal(id_number(id), 0x12345);
    assert_true(id_is_global(id));
    assert_int_equal(id_number(id_make((1u << THREAD_BITS) - 1, 1)), (1u << THREAD_BITS) - 1);
    assert_false(id_is_global(NILTHREAD));
    assert_false(id_is_global(ANYLOCAL));
    assert_true(id_is_global(ANYTHREAD));
}

static void test_fpages(void **state)
{
    word_t f = fpage_make(0x12345678, 16, RIGHT_RWX);

    assert_int_equal(fpage_base(f), 0x12340000);
    assert_int_equal(fpage_log2(f), 16);
    assert_int_equal(fpage_rights(f), 7);
    assert_true(fpage_is_complete(FPAGE_COMPLETE | RIGHT_R));
    assert_int_equal(fpage_log2(FPAGE_COMPLETE), WORD_BITS);
    assert_int_equal(fpage_base(FPAGE_COMPLETE | RIGHT_RWX), 0);
    assert_int_equal(mask_of(WORD_BITS), ~(word_t)0);
    assert_int_equal(mask_of(WORD_BITS - 1), ~(word_t)0 >> 1);
    assert_int_equal(fpage_base(~(word_t)0x3ff | 63 << 4), WORD_BITS == 64 ? 1ULL << 63 : 0);
    f = fpage_io_make(0x3f8, 3);
    assert_true(fpage_is_io(f));
    assert_int_equal(fpage_io_port(f), 0x3f8);
    assert_int_equal(fpage_io_log2(f), 3);
}

static void test_layouts(void **state)
{
    assert_int_equal(sizeof(struct utcb), WORD_BITS == 64 ? 1024 : 512);
    assert_int_equal(1 << UTCB_LOG2, UTCB_SIZE);
    assert_int_equal(offsetof(struct kip, memdescs) % sizeof(word_t), 0);
    assert_true(sizeof(struct kip) <= (WORD_BITS == 64 ? 4096 : 2048)); /* stubs lie behind */
    assert_int_equal(EXC_WORDS, WORD_BITS == 64 ? 20 : 12);
}

/* The product, bit by bit: *high the upper half. */
static u64 slow_multiply(u64 a, u64 b, u64 *high)
{
    u64 low = 0;

    *high = 0;
    for (int bit = 63; bit >= 0; bit--) {
        *high = *high << 1 | low >> 63;
        low <<= 1;
        if (!(b >> bit & 1))
            continue;
        *high += low + a < low;
        low += a;
    }
    return low;
}

static u64 random64(void)
{
    u64 r = 0;

    for (int i = 0; i < 8; i++)
        r = r << 8 ^ (u64)rand();
    return r >> rand() % 64;
}

static void test_products(void **state)
{
    srand(1);
    for (int i = 0; i < 100000; i++) {
        u64 a = i < 4 ? ~(u64)0 : random64(), b = i < 8 ? ~(u64)0 : random64(), high;
        u64 low = slow_multiply(a, b, &high);

        assert_int_equal(multiply_high(a, b), high);
        assert_int_equal(multiply_part(a, b), high >> 32 ? ~(u64)0 : high << 32 | low >> 32);
    }
}

/* quotient * divisor <= high * 2^64 < (quotient + 1) * divisor */
static void test_quotients(void **state)
{
    srand(2);
    for (int i = 0; i < 10000; i++) {
        u64 divisor = (random64() >> 1) + 2, high = random64() % divisor, upper;
        u64 quotient = divide_high(high, divisor), low = slow_multiply(quotient, divisor, &upper);

        assert_true(upper < high || (upper == high && low == 0));
        upper += low + divisor < low;
        assert_true(upper >= high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),       cmocka_unit_test(test_fpages),
        cmocka_unit_test(test_layouts),   cmocka_unit_test(test_products),
        cmocka_unit_test(test_quotients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
