// CFLAGS: -I. -fno-builtin
/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and filling for every small size, offset and overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define memcpy  rt_memcpy
#define memmove rt_memmove
#define memset  rt_memset
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
#include "lib/rt/amd64/copy.c"
#undef memcpy
#undef memmove
#undef memset

static void fill(unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(i * 7 + 1);
}

static void test_move(void **state)
{
    unsigned char ours[96], theirs[96];

    for (size_t to = 0; to < 32; to++)
        for (size_t from = 0; from < 32; from++)
            for (size_t n = 0; n < 60; n++) {
                fill(ours, sizeof(ours));
                fill(theirs, sizeof(theirs));
                assert_ptr_equal(rt_memmove(ours + to, ours + from, n), ours + to);
                memmove(theirs + to, theirs + from, n);
                assert_memory_equal(ours, theirs, sizeof(ours));
            }
}

static void test_copy_and_set(void **state)
{
    unsigned char from[64], ours[64], theirs[64];

    fill(from, sizeof(from));
    for (size_t at = 0; at < 16; at++)
        for (size_t n = 0; n < 40; n++) {
            memset(ours, 0xaa, sizeof(ours));
            memset(theirs, 0xaa, sizeof(theirs));
            assert_ptr_equal(rt_memcpy(ours + at, from + 3, n), ours + at);
            memcpy(theirs + at, from + 3, n);
            assert_memory_equal(ours, theirs, sizeof(ours));
            assert_ptr_equal(rt_memset(ours + at, 0x1ff, n), ours + at);
            memset(theirs + at, 0xff, n);
            assert_memory_equal(ours, theirs, sizeof(ours));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_move),
        cmocka_unit_test(test_copy_and_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
