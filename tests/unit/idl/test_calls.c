// SOURCES: tests/unit/idl/wire.c tests/idl/server.c build/idltest/errors.c
// CFLAGS: -Itests/unit/idl/include -Itests/idl -Ibuild/idltest -Iidl/include -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* Each kind of value from a client to a server and back, through bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <marzipan/every.h>
#include <marzipan/every_server.h>
#include <marzipan/lonely.h>
#include "wire.h"

static struct wire wire;
static char text[8192], loud[8192];

static mz_partner_t open_wire(void)
{
    wire_open(&wire, wire_every);
    return &wire;
}

static void test_scalars(void **state)
{
    mz_partner_t w = open_wire();
    uint8_t a;
    char b;
    int16_t c;
    uint16_t d;
    int32_t e;
    uint32_t f;
    int64_t g;
    uint64_t h;
    bool i;

    assert_int_equal(mz_every_scalars(w, 255, (char)-1, INT16_MIN, 65535, INT32_MIN, UINT32_MAX,
                                      INT64_MIN, UINT64_MAX, true, &a, &b, &c, &d, &e, &f, &g, &h,
                                      &i),
                     MZ_OK);
    assert_true(a == 255 && b == (char)-1 && c == INT16_MIN && d == 65535 && e == INT32_MIN &&
                f == UINT32_MAX && g == INT64_MIN && h == UINT64_MAX && i);
    assert_int_equal(mz_every_scalars(w, 0, 'x', 0x1234, 1, -1, 2, -3, UINT64_C(0x123456789abcdef0),
                                      false, &a, &b, &c, &d, &e, &f, &g, &h, &i),
                     MZ_OK);
    assert_true(a == 0 && b == 'x' && c == 0x1234 && d == 1 && e == -1 && f == 2 && g == -3 &&
                h == UINT64_C(0x123456789abcdef0) && !i);
}

static void test_enum(void **state)
{
    mz_partner_t w = open_wire();
    enum mz_every_color c = MZ_EVERY_RED;

    assert_int_equal(mz_every_next(w, c, &c), MZ_OK);
    assert_int_equal(c, MZ_EVERY_GREEN);
    assert_int_equal(mz_every_next(w, MZ_EVERY_BLUE, &c), MZ_OK);
    assert_int_equal(c, MZ_EVERY_RED);
}

static void test_structs(void **state)
{
    struct mz_every_mixture one = {7, {-1, 2}, MZ_EVERY_BLUE, UINT64_C(1) << 40, true}, back;
    struct mz_place where = {10, -20};
    uint64_t wide = 5;

    assert_int_equal(mz_every_mix(open_wire(), &one, &where, &wide, &back), MZ_OK);
    assert_true(back.small == 7 && back.where.x == 10 && back.where.y == -20 &&
                back.hue == MZ_EVERY_BLUE && back.wide == 5 && !back.flag);
    assert_true(where.x == -1 && where.y == 2 && wide == UINT64_C(1) << 40);
}

static void test_short_text(void **state)
{
    mz_partner_t w = open_wire();
    char greeting[41];

    assert_int_equal(mz_every_greet(w, "", greeting), MZ_OK);
    assert_true(strcmp(greeting, "good day, ") == 0);
    assert_int_equal(mz_every_greet(w, "somebody", greeting), MZ_OK);
    assert_true(strcmp(greeting, "good day, somebody") == 0);
    assert_int_equal(mz_every_greet(w, "twenty characters...", greeting), MZ_OK);
    assert_true(strcmp(greeting, "good day, twenty characters...") == 0);
    server_calls = 0;
    assert_int_equal(mz_every_greet(w, "twenty-one characters", greeting), MZ_ERR_TOO_LONG);
    assert_int_equal(server_calls, 0);
}

static void test_long_text(void **state)
{
    mz_partner_t w = open_wire();
    uint32_t length;

    memset(text, 'a', 5000);
    text[5000] = '\0';
    assert_int_equal(mz_every_shout(w, text, loud, sizeof(loud)), MZ_OK);
    assert_true(strlen(loud) == 5000 && loud[0] == 'A' && loud[4999] == 'A');
    assert_int_equal(mz_every_shout(w, "", loud, sizeof(loud)), MZ_OK);
    assert_true(strcmp(loud, "") == 0);
    assert_int_equal(mz_every_shout(w, "fits", loud, 5), MZ_OK);
    assert_int_equal(mz_every_shout(w, "does not", loud, 5), MZ_ERR_TOO_LONG);
    strcpy(text + 5000, "b");
    assert_int_equal(mz_every_shout(w, text, loud, sizeof(loud)), MZ_ERR_TOO_LONG);
    assert_int_equal(mz_every_length(w, text, &length), MZ_OK);
    assert_int_equal(length, 5001);
}

static void test_bytes(void **state)
{
    mz_partner_t w = open_wire();
    uint8_t there[33], back[33];
    uint32_t n;

    for (uint32_t i = 0; i < 33; i++)
        there[i] = (uint8_t)(i * 9);
    for (uint32_t length = 0; length <= 32; length++) {
        assert_int_equal(mz_every_reverse(w, there, length, back, &n), MZ_OK);
        assert_int_equal(n, length);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(back[i], there[n - 1 - i]);
    }
    assert_int_equal(mz_every_reverse(w, there, 33, back, &n), MZ_ERR_TOO_LONG);
}

static void test_many_bytes(void **state)
{
    static uint8_t there[8193], back[8193];
    mz_partner_t w = open_wire();
    uint64_t sum;
    uint32_t n;

    there[0] = 1;
    there[8191] = 2;
    assert_int_equal(mz_every_reverse_many(w, there, 8192, back, sizeof(back), &n, &sum), MZ_OK);
    assert_true(n == 8192 && sum == 3 && back[0] == 2 && back[8191] == 1);
    assert_int_equal(mz_every_reverse_many(w, there, 8193, back, sizeof(back), &n, &sum),
                     MZ_ERR_TOO_LONG);
    assert_int_equal(mz_every_reverse_many(w, there, 10, back, 9, &n, &sum), MZ_ERR_TOO_LONG);
    assert_int_equal(mz_every_reverse_many(w, there, 0, back, 0, &n, &sum), MZ_OK);
    assert_true(n == 0 && sum == 0);
    assert_int_equal(mz_every_mirror(w, there + 8191, 2, back, 2, &n), MZ_OK);
    assert_true(n == 2 && back[0] == 2 && back[1] == 0);
    assert_int_equal(mz_every_mirror(w, there, 8193, back, sizeof(back), &n), MZ_ERR_TOO_LONG);
}

static void test_numbers(void **state)
{
    const int32_t numbers[9] = {1, -2, 3, INT32_MIN, 5, 6, 7, 8, 9};
    mz_partner_t w = open_wire();
    uint64_t squares[6];
    uint32_t n;

    assert_int_equal(mz_every_square(w, numbers, 8, 99, squares, &n), MZ_OK);
    assert_int_equal(n, 6);
    assert_true(squares[0] == 1 && squares[1] == 4 && squares[3] == UINT64_C(1) << 62);
    assert_int_equal(mz_every_square(w, numbers, 8, 0, squares, &n), MZ_OK);
    assert_int_equal(n, 0);
    assert_int_equal(mz_every_square(w, numbers, 9, 9, squares, &n), MZ_ERR_TOO_LONG);
}

static void test_many_numbers(void **state)
{
    static uint16_t numbers[MZ_EVERY_MANY + 1], doubled[MZ_EVERY_MANY];
    bool flags[200] = {[7] = true, [199] = true};
    mz_partner_t w = open_wire();
    uint32_t n, set;

    numbers[999] = 21;
    assert_int_equal(
        mz_every_count(w, numbers, MZ_EVERY_MANY, flags, 200, doubled, MZ_EVERY_MANY, &n, &set),
        MZ_OK);
    assert_true(n == 1000 && set == 2 && doubled[999] == 42);
    assert_int_equal(
        mz_every_count(w, numbers, MZ_EVERY_MANY + 1, flags, 200, doubled, MZ_EVERY_MANY, &n, &set),
        MZ_ERR_TOO_LONG);
}

static void test_sequences_of_structs(void **state)
{
    const struct mz_place places[3] = {{1, 2}, {-3, 4}, {5, INT32_MAX}};
    struct mz_every_record records[2], back[64], last;
    mz_partner_t w = open_wire();
    struct mz_place turned[3];
    uint32_t n;

    assert_int_equal(mz_every_turn(w, places, 3, turned, &n), MZ_OK);
    assert_true(n == 3 && turned[1].x == 4 && turned[1].y == -3 && turned[2].x == INT32_MAX);
    memset(records, 0, sizeof(records));
    strcpy(records[0].title, "twenty characters...");
    records[0].who = L4_GlobalId(17, 1);
    records[1] = (struct mz_every_record){"b", MZ_EVERY_GREEN, true, -1, L4_GlobalId(18, 2)};
    assert_int_equal(mz_every_sort(w, records, 2, &records[0], back, 64, &n, &last), MZ_OK);
    assert_int_equal(n, 2);
    assert_true(strcmp(back[0].title, "b") == 0 && back[0].flag && back[0].wide == -1);
    assert_true(strcmp(last.title, "twenty characters...") == 0 && L4_ThreadNo(last.who) == 17);
    memset(records[0].title, 'x', sizeof(records[0].title)); /* no NUL */
    assert_int_equal(mz_every_sort(w, records, 1, &records[1], back, 64, &n, &last),
                     MZ_ERR_BAD_VALUE);
    assert_int_equal(mz_every_sort(w, records, 0, &records[0], back, 64, &n, &last),
                     MZ_ERR_TOO_LONG);
}

static void test_pages(void **state)
{
    struct mz_fpage page = {L4_FpageAddRights(L4_FpageLog2(0x123000, 12), 7), 0x5000};
    L4_Fpage_t window = L4_FpageLog2(0x40000000, 16);
    mz_partner_t w = open_wire();
    uint32_t check;

    assert_int_equal(mz_every_give(w, page, 3, &check), MZ_OK);
    assert_int_equal(check, 8);
    assert_int_equal(server_page.raw, page.page.raw);
    assert_int_equal(mz_every_take(w, 77, window, &page, &check), MZ_OK);
    assert_int_equal(check, ~77u);
    assert_int_equal(L4_Address(page.page), 77u << 12);
    assert_int_equal(L4_Rights(page.page), L4_Readable);
    assert_int_equal(mz_every_take(w, 77, L4_Nilpage, &page, &check), MZ_ERR_TOO_LONG);
}

/* Where a page lies after it was mapped: X.2's rule. */
static void test_landing(void **state)
{
    const L4_Fpage_t window = L4_FpageLog2(0x40000000, 16);
    struct mz_fpage p = {L4_FpageAddRights(L4_FpageLog2(0x123000, 12), 6), 0x15000};

    assert_int_equal(mz_landed(window, p).raw, 0x40005000 | 12 << 4 | 6);
    p.page = L4_FpageAddRights(L4_FpageLog2(0x200000, 21), 4);
    assert_int_equal(mz_landed(window, p).raw, 0x40000000 | 16 << 4 | 4);
    p = (struct mz_fpage){L4_FpageLog2(0x123000, 12), 0x7654321};
    assert_int_equal(mz_landed(L4_CompleteAddressSpace, p).raw, 0x7654000 | 12 << 4);
}

static void test_threads(void **state)
{
    mz_partner_t w = open_wire();
    L4_ThreadId_t t;

    assert_int_equal(mz_every_who(w, L4_GlobalId(50, 3), &t), MZ_OK);
    assert_true(L4_ThreadNo(t) == 51 && L4_Version(t) == 3);
    assert_int_equal(mz_every_who(w, L4_nilthread, &t), MZ_ERR_BAD_VALUE);
    assert_int_equal(mz_every_who(w, L4_anythread, &t), MZ_ERR_BAD_VALUE);
    assert_int_equal(mz_every_who(w, L4_anylocalthread, &t), MZ_ERR_BAD_VALUE);
    assert_int_equal(mz_every_who(w, (L4_ThreadId_t){.raw = 0xb0000200}, &t), MZ_ERR_BAD_VALUE);
}

static void test_all(void **state)
{
    struct mz_fpage page = {L4_FpageAddRights(L4_FpageLog2(0x8000, 15), 4), 0}, page_out;
    L4_Fpage_t window = L4_FpageLog2(0x40000000, 16);
    mz_partner_t w = open_wire();
    struct mz_place places[3];
    char title[21];
    uint32_t n;

    memset(text, 'z', 3000);
    text[3000] = '\0';
    assert_int_equal(mz_every_all(w, text, page, "title", (const uint8_t *)"bytes", 5, 200, places,
                                  &n, loud, sizeof(loud), window, &page_out, title),
                     MZ_OK);
    assert_true(n == 2 && places[0].x == 200 && places[0].y == 5 && places[1].y == 3000);
    assert_true(strcmp(loud, text) == 0 && strcmp(title, "title") == 0);
    assert_int_equal(page_out.page.raw, page.page.raw);
}

static void test_oneway(void **state)
{
    mz_partner_t w = open_wire();

    server_note = server_calls = 0;
    assert_int_equal(mz_every_note(w, 17, "psst"), MZ_OK);
    assert_int_equal(server_note, 17);
    assert_true(strcmp(server_text, "psst") == 0);
    assert_int_equal(mz_every_note_try(w, 18, ""), MZ_OK);
    assert_int_equal(mz_every_nudge(w), MZ_OK);
    assert_int_equal(server_calls, 3);
    assert_int_equal(w->answers, 0);
}

static void answer_now(mz_partner_t client)
{
    mz_every_wait_reply(server_waiting.from, MZ_OK, "there you are", 99);
}

static void refuse_now(mz_partner_t client)
{
    mz_every_wait_reply(server_waiting.from, MZ_ERR_QUOTA, "", 0);
}

static void test_later(void **state)
{
    mz_partner_t w = open_wire();
    char said[21];
    uint32_t n;

    server_waiting.from = NULL;
    assert_int_equal(mz_every_wait(w, 1, said, &n), MZ_ERR_CANCELLED); /* there was no answer */
    assert_true(server_waiting.from == w);
    w->later = answer_now;
    assert_int_equal(mz_every_wait(w, 1, said, &n), MZ_OK);
    assert_true(n == 99 && strcmp(said, "there you are") == 0);
    w->later = refuse_now;
    assert_int_equal(mz_every_wait(w, 1, said, &n), MZ_ERR_QUOTA);
}

static void test_errors(void **state)
{
    mz_partner_t w = open_wire();

    assert_int_equal(mz_every_fail(w, 0), MZ_OK);
    assert_int_equal(mz_every_fail(w, 1), MZ_ERR_EVERY_FIRST);
    assert_int_equal(MZ_ERR_EVERY_FIRST, 62 << 6 | 0);
    assert_int_equal(mz_every_fail(w, 2), MZ_ERR_EVERY_SECOND);
    assert_int_equal(mz_every_fail(w, 3), MZ_ERR_PLAIN_TIRED);
    assert_int_equal(mz_every_fail(w, 4), MZ_ERR_QUOTA);
    assert_true(strcmp(mz_error_name(MZ_ERR_EVERY_SECOND), "The second") == 0);
    assert_true(strcmp(mz_error_name(MZ_ERR_QUOTA), "the caller's quota is exhausted") == 0);
    assert_true(strcmp(mz_error_name(MZ_OK), "success") == 0);
    assert_true(strcmp(mz_error_name(0x7000), "an error without a name") == 0);
    assert_int_equal(MZ_ERR_BAD_MESSAGE, 1);
    assert_int_equal(MZ_ERR_DENIED, 6);
}

static void test_constants(void **state)
{
    assert_int_equal(MZ_EVERY_MANY, 1000);
    assert_true(MZ_EVERY_LEAST == INT64_C(-5000000000));
    assert_true(strcmp(MZ_EVERY_MOTTO, "a \"quoted\" word") == 0);
    assert_int_equal(MZ_EVERY_NAME_MAX, 20);
    assert_int_equal(MZ_BUFFERS_EVERY, 2);
    assert_int_equal(MZ_BUFFER_SIZE_EVERY, MZ_STRING_MAX);
}

static void test_inheritance_and_versions(void **state)
{
    mz_partner_t w = open_wire();
    uint32_t sum, major, minor;

    assert_int_equal(mz_plain_add(w, UINT32_MAX, 2, &sum), MZ_OK); /* of the derived one's server */
    assert_int_equal(sum, 1);
    assert_int_equal(mz_every_version(w, &major, &minor), MZ_OK);
    assert_true(major == 1 && minor == 4);
    assert_int_equal(mz_plain_version(w, &major, &minor), MZ_OK);
    assert_true(major == 2 && minor == 3);
    assert_int_equal(mz_lonely_version(w, &major, &minor), MZ_ERR_NO_INTERFACE);
    assert_int_equal(mz_lonely_nothing(w), MZ_ERR_NO_INTERFACE);
    wire_open(&wire, wire_plain);
    assert_int_equal(mz_plain_add(w, 20, 22, &sum), MZ_OK);
    assert_int_equal(sum, 42);
    assert_int_equal(mz_every_nudge(w), MZ_OK); /* whoever sends only hears nothing */
    assert_int_equal(mz_every_fail(w, 0), MZ_ERR_NO_INTERFACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_enum),
        cmocka_unit_test(test_structs),
        cmocka_unit_test(test_short_text),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_many_bytes),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_many_numbers),
        cmocka_unit_test(test_sequences_of_structs),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_landing),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_oneway),
        cmocka_unit_test(test_later),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_inheritance_and_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
