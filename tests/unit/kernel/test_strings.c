/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: kernel/core/strings.c
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include
/* String items in messages and buffers, against the list of all their bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "strings.h"

#define LAST_BR (BR_COUNT - 1)

static struct utcb u;

static void set_br(unsigned n, word_t w)
{
    u.br_reversed[BR_COUNT - 1 - n] = w;
}

/* An item's first word. */
static word_t item(word_t length, unsigned substrings, bool compound, bool more)
{
    return length << 10 | (word_t)compound << 9 | (substrings - 1) << 4 | more;
}

/* ---- single cases ---- */

static void test_simple(void **state)
{
    struct piece p;

    u = (struct utcb){0};
    u.mr[1] = item(100, 1, false, false);
    u.mr[2] = 0x5000;
    assert_true(string_message_piece(&u, 1, 2, 0, &p));
    assert_true(p.address == 0x5000 && p.length == 100);
    assert_true(string_message_piece(&u, 1, 2, 99, &p));
    assert_true(p.address == 0x5000 + 99 && p.length == 1);
    assert_false(string_message_piece(&u, 1, 2, 100, &p));
    assert_int_equal(p.address, 0); /* its end, not a mistake */
    assert_int_equal(string_message_end(&u, 1, 2), 3);
    assert_int_equal(string_message_end(&u, 1, 1),
                     0); /* the address does not belong to the message */
    assert_false(string_message_piece(&u, 1, 1, 0, &p));
    assert_int_equal(p.address, 1);
}

static void test_compound(void **state)
{
    struct piece p;

    u = (struct utcb){0};
    u.mr[5] = item(10, 2, true, false); /* 10 + 10, then 3 + 3 + 3 */
    u.mr[6] = 0x1000;
    u.mr[7] = 0x2000;
    u.mr[8] = item(3, 3, false, false);
    u.mr[9] = 0x3000;
    u.mr[10] = 0x4000;
    u.mr[11] = 0x5000;
    assert_int_equal(string_message_end(&u, 5, 11), 12);
    assert_true(string_message_piece(&u, 5, 11, 10, &p));
    assert_true(p.address == 0x2000 && p.length == 10);
    assert_true(string_message_piece(&u, 5, 11, 21, &p));
    assert_true(p.address == 0x3001 && p.length == 2);
    assert_true(string_message_piece(&u, 5, 11, 28, &p));
    assert_true(p.address == 0x5002 && p.length == 1);
    assert_false(string_message_piece(&u, 5, 11, 29, &p));
    assert_int_equal(p.address, 0);
    /* It goes on with something else. */
    u.mr[8] |= 8;
    assert_int_equal(string_message_end(&u, 5, 11), 0);
    assert_true(string_message_piece(&u, 5, 11, 19, &p));
    assert_false(string_message_piece(&u, 5, 11, 20, &p));
    assert_int_equal(p.address, 1);
}

/* To the last register, and not beyond. */
static void test_limits(void **state)
{
    struct piece p;

    u = (struct utcb){0};
    u.mr[31] = item(1, 32, false, false);
    for (unsigned i = 32; i < 64; i++)
        u.mr[i] = i * 0x1000;
    assert_int_equal(string_message_end(&u, 31, 63), 64);
    assert_true(string_message_piece(&u, 31, 63, 31, &p));
    assert_int_equal(p.address, 63 * 0x1000);
    u.mr[32] = item(1, 32, false, false);
    assert_int_equal(string_message_end(&u, 32, 63), 0);
    u.mr[63] = item(1, 1, false, false); /* no room for an address */
    assert_int_equal(string_message_end(&u, 63, 63), 0);
    u.mr[62] = item(1, 1, true, false); /* continues behind the message */
    assert_int_equal(string_message_end(&u, 62, 63), 0);
    /* The longest. */
    u.mr[1] = item(~(word_t)0 >> 10, 1, false, false);
    assert_true(string_message_piece(&u, 1, 63, 0, &p));
    assert_int_equal(p.length, ~(word_t)0 >> 10);
    /* And nothing at all. */
    u.mr[1] = item(0, 3, true, false);
    u.mr[5] = item(0, 1, false, false);
    assert_false(string_message_piece(&u, 1, 63, 0, &p));
    assert_int_equal(p.address, 0);
    assert_int_equal(string_message_end(&u, 1, 63), 7);
}

static void test_buffers(void **state)
{
    struct piece p;

    u = (struct utcb){0};
    set_br(1, item(16, 1, true, true)); /* a buffer of two items, then another, then the last */
    set_br(2, 0x1000);
    set_br(3, item(8, 2, false, false));
    set_br(4, 0x2000);
    set_br(5, 0x3000);
    set_br(6, item(4, 1, false, true));
    set_br(7, 0x4000);
    set_br(8, item(4, 1, false, false));
    set_br(9, 0x5000);
    assert_int_equal(string_next_buffer(&u, 1), 6); /* its first item says that there is another */
    assert_int_equal(string_next_buffer(&u, 6), 8);
    assert_int_equal(string_next_buffer(&u, 8), 0);
    assert_true(string_buffer_piece(&u, 1, 24, &p));
    assert_true(p.address == 0x3000 && p.length == 8);
    assert_false(string_buffer_piece(&u, 1, 32, &p));
    assert_int_equal(p.address, 0);
    set_br(6, item(4, 1, false, true) | 8); /* not a string */
    assert_false(string_buffer_piece(&u, 6, 0, &p));
    assert_int_equal(p.address, 1);
    assert_int_equal(string_next_buffer(&u, 6), 0);
    /* The last registers. */
    set_br(LAST_BR - 1, item(4, 1, false, true));
    set_br(LAST_BR, 0x6000);
    assert_true(string_buffer_piece(&u, LAST_BR - 1, 3, &p));
    assert_int_equal(p.address, 0x6003);
    assert_int_equal(string_next_buffer(&u, LAST_BR - 1), 0); /* there is no register for another */
    set_br(LAST_BR, item(4, 1, false, false));
    assert_false(string_buffer_piece(&u, LAST_BR, 0, &p));
}

/* ---- at random ---- */

#define BYTES_MAX (64 * 40)

/* A string flattened: each byte's address, and how many follow it in its substring. */
static struct {
    word_t address[BYTES_MAX], left[BYTES_MAX];
    unsigned bytes, end;
    bool whole; /* well-formed to its end */
} flat;

static void flatten(const word_t *reg, unsigned n, unsigned last)
{
    bool more = true;

    flat.bytes = 0;
    flat.whole = false;
    while (more) {
        unsigned substrings, length;

        if (n > last || reg[n] & 8)
            return;
        substrings = (reg[n] >> 4 & 31) + 1;
        length = (unsigned)(reg[n] >> 10);
        more = reg[n] >> 9 & 1;
        n++;
        if (last - n + 1 < substrings)
            return;
        for (unsigned s = 0; s < substrings; s++, n++) {
            for (unsigned b = 0; b < length; b++, flat.bytes++) {
                flat.address[flat.bytes] = reg[n] + b;
                flat.left[flat.bytes] = length - b;
            }
        }
    }
    flat.whole = true;
    flat.end = n;
}

/* Mostly strings, of few bytes. */
static void fill(word_t *reg, unsigned count)
{
    for (unsigned n = 0; n < count;) {
        unsigned substrings = 1 + (unsigned)rand() % (rand() % 3 ? 3 : 32);

        reg[n++] = item((word_t)rand() % 40, substrings, rand() % 3, rand() % 2) |
                   (unsigned)(rand() % 20 ? 0 : 8) | (unsigned)rand() % 4 << 1;
        for (unsigned i = 0; i < substrings && n < count; i++)
            reg[n++] = (word_t)rand() % (40 << 10); /* short, should it be read as an item */
    }
}

static void check(bool got, const struct piece *p, unsigned at)
{
    assert_int_equal(got, at < flat.bytes);
    if (got) {
        assert_int_equal(p->address, flat.address[at]);
        assert_int_equal(p->length, flat.left[at]);
    } else {
        assert_int_equal(p->address, !flat.whole);
    }
}

static void test_at_random(void **state)
{
    static word_t reg[MR_COUNT];
    struct piece p;

    srand(9);
    for (unsigned i = 0; i < 30000; i++) {
        unsigned first = 1 + (unsigned)rand() % 40, last = first + (unsigned)rand() % (63 - first),
                 at;

        fill(reg + first, MR_COUNT - first);
        memcpy(u.mr, reg, sizeof(u.mr));
        flatten(reg, first, last);
        assert_int_equal(string_message_end(&u, first, last), flat.whole ? flat.end : 0);
        for (unsigned k = 0; k < 20; k++) {
            at = (unsigned)rand() % (flat.bytes + 3);
            check(string_message_piece(&u, first, last, at, &p), &p, at);
        }
        /* The same in buffer registers, whose number is fixed. */
        first = 1 + (unsigned)rand() % LAST_BR;
        for (unsigned n = 0; n < BR_COUNT; n++)
            set_br(n, reg[n]);
        flatten(reg, first, LAST_BR);
        assert_int_equal(string_next_buffer(&u, first),
                         reg[first] & 1 && flat.whole && flat.end <= LAST_BR ? flat.end : 0);
        at = (unsigned)rand() % (flat.bytes + 3);
        check(string_buffer_piece(&u, first, at, &p), &p, at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple),    cmocka_unit_test(test_compound),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
