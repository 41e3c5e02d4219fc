// SOURCES: tests/unit/idl/wire.c tests/idl/server.c build/idltest/errors.c
// CFLAGS: -Itests/unit/idl/include -Itests/idl -Ibuild/idltest -Iidl/include -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that are none of an interface: an error by name, and the server's functions never know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <marzipan/every.h>
#include <marzipan/every_server.h>
#include "wire.h"

#define NO_ANSWER (~(mz_word_t)0)

static struct wire wire;
static struct mz_message m;

/* Begins a request in m. */
static void request(mz_word_t label, mz_word_t words, mz_word_t typed)
{
    wire_open(&wire, wire_every);
    memset(&m, 0, sizeof(m));
    m.word[0] = MZ_TAG(label, words, typed);
}

static void *buffer(unsigned n)
{
    return wire.accept.buffers[n].at;
}

/* What the server says to m; its functions must not have been called. */
static mz_word_t refusal(void)
{
    mz_word_t tag;

    server_calls = 0;
    tag = wire_serve(&wire, &m);
    assert_int_equal(server_calls, 0);
    return tag == NO_ANSWER ? tag : MZ_TAG_LABEL(tag);
}

#define refused(error) assert_int_equal(refusal(), error)

static void accepted(void)
{
    server_calls = 0;
    assert_int_equal(MZ_TAG_LABEL(wire_serve(&wire, &m)), MZ_OK);
    assert_int_equal(server_calls, 1);
}

static void test_number_of_words(void **state)
{
    for (mz_word_t words = 0; words <= 63; words++)
        for (mz_word_t typed = 0; words + typed <= 63; typed++) {
            request(MZ_LABEL_PLAIN_ADD, words, typed);
            if (words == 2 && typed == 0)
                accepted();
            else
                refused(MZ_ERR_BAD_MESSAGE);
        }
}

/* Word by word of scalars(): the largest value and the one behind it. */
static void test_ranges(void **state)
{
    static const mz_word_t largest[] = {0xff, 0xff, 0xffff, 0xffff};
    const mz_word_t words = 7 + 2 * MZ_LONG;

    for (unsigned i = 0; i < 4; i++) {
        request(MZ_LABEL_EVERY_SCALARS, words, 0);
        m.word[1 + i] = largest[i];
        accepted();
        request(MZ_LABEL_EVERY_SCALARS, words, 0);
        m.word[1 + i] = largest[i] + 1;
        refused(MZ_ERR_BAD_VALUE);
        m.word[1 + i] = ~(mz_word_t)0;
        refused(MZ_ERR_BAD_VALUE);
    }
    request(MZ_LABEL_EVERY_SCALARS, words, 0);
    m.word[words] = 2; /* a boolean */
    refused(MZ_ERR_BAD_VALUE);
}

/* A number of 32 bits is the lower half of its word, if that has 64. */
static void test_halves(void **state)
{
    mz_word_t answer[2];

    request(MZ_LABEL_PLAIN_ADD, 2, 0);
    m.word[1] = (mz_word_t)UINT64_C(0xfffffffe00000005);
    m.word[2] = (mz_word_t)UINT64_C(0x1234567800000006);
    accepted();
    memcpy(answer, wire.bytes, sizeof(answer));
    assert_int_equal(answer[1], 11);
}

static void test_enumerators(void **state)
{
    request(MZ_LABEL_EVERY_NEXT, 1, 0);
    m.word[1] = 2;
    accepted();
    request(MZ_LABEL_EVERY_NEXT, 1, 0);
    m.word[1] = 3;
    refused(MZ_ERR_BAD_VALUE);
    m.word[1] = ~(mz_word_t)0;
    refused(MZ_ERR_BAD_VALUE);
}

static void test_ids(void **state)
{
    const mz_word_t ids[] = {0, ~(mz_word_t)0, ~(mz_word_t)0x3f, 0xb0000200, 0x40};

    for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        request(MZ_LABEL_EVERY_WHO, 1, 0);
        m.word[1] = ids[i];
        refused(MZ_ERR_BAD_VALUE);
    }
}

static void greet(mz_word_t words, mz_word_t count, const char *text)
{
    request(MZ_LABEL_EVERY_GREET, words, 0);
    m.word[1] = count;
    memcpy(m.word + 2, text, strlen(text));
}

static void test_short_texts(void **state)
{
    mz_word_t full = 1 + (20 + sizeof(mz_word_t) - 1) / sizeof(mz_word_t);

    greet(full, 20, "twenty characters...");
    accepted();
    greet(full, 21, "twenty characters...");
    refused(MZ_ERR_BAD_VALUE);
    greet(full, ~(mz_word_t)0, "");
    refused(MZ_ERR_BAD_VALUE);
    greet(full - 1, 20, "twenty characters...");
    refused(MZ_ERR_BAD_MESSAGE);
    greet(full + 1, 20, "twenty characters...");
    refused(MZ_ERR_BAD_MESSAGE);
    greet(1, 1, "");
    refused(MZ_ERR_BAD_MESSAGE);
    greet(0, 0, "");
    refused(MZ_ERR_BAD_MESSAGE);
    greet(2, 3, "a");
    refused(MZ_ERR_BAD_VALUE); /* two NULs behind it */
    greet(1, 0, "");
    accepted();
}

/* A string item for shout(), of so many bytes. */
static void shout(mz_word_t first, const char *text, size_t size)
{
    request(MZ_LABEL_EVERY_SHOUT, 0, 2);
    m.word[1] = first;
    memcpy(buffer(0), text, size);
}

static void test_long_texts(void **state)
{
    shout(mz_string_word(3), "ab", 3);
    accepted();
    shout(mz_string_word(3), "abc", 3);
    refused(MZ_ERR_BAD_VALUE);
    shout(mz_string_word(3), "a\0", 3);
    refused(MZ_ERR_BAD_VALUE);
    shout(mz_string_word(0), "", 0);
    refused(MZ_ERR_BAD_VALUE);
    shout(mz_string_word(5002), "", 1);
    memset(buffer(0), 'a', 5001);
    refused(MZ_ERR_BAD_VALUE); /* one more than the bound */
    shout(mz_string_word(WIRE_STRING_SIZE + 1), "", 1);
    refused(MZ_ERR_BAD_MESSAGE);
    shout(~(mz_word_t)0 << 10, "", 1);
    refused(MZ_ERR_BAD_MESSAGE);
    for (mz_word_t bits = 1; bits < 1 << 10; bits++) { /* several pieces, a page, hints */
        shout(mz_string_word(3) | bits, "ab", 3);
        refused(MZ_ERR_BAD_MESSAGE);
    }
    shout(mz_string_word(3), "ab", 3);
    wire.accept.count = 0;
    refused(MZ_ERR_BAD_MESSAGE);
}

static void test_arrays(void **state)
{
    uint8_t *flags;

    request(MZ_LABEL_EVERY_COUNT, 0, 4);
    flags = buffer(1);
    m.word[1] = mz_string_word(2000);
    m.word[3] = mz_string_word(200);
    memset(flags, 0, 200);
    accepted();
    m.word[1] = mz_string_word(1999); /* half a number */
    refused(MZ_ERR_BAD_MESSAGE);
    m.word[1] = mz_string_word(2002);
    refused(MZ_ERR_BAD_VALUE);
    m.word[1] = mz_string_word(2);
    flags[199] = 2;
    refused(MZ_ERR_BAD_VALUE);
    flags[199] = 1;
    m.word[3] = mz_string_word(201);
    refused(MZ_ERR_BAD_VALUE);
}

/* A record as a server gets it, with one thing wrong. */
static void test_records(void **state)
{
    struct mz_every_record good = {"title", MZ_EVERY_RED, false, 0, L4_GlobalId(1, 1)}, *there;
    mz_word_t *at;

    for (unsigned fault = 0; fault < 6; fault++) {
        request(MZ_LABEL_EVERY_SORT, 0, 2);
        at = mz_put_bytes(m.word + 1, "x", 1);
        *at++ = MZ_EVERY_BLUE;
        *at++ = 1;
        at = mz_put64(at, 0);
        *at++ = L4_GlobalId(1, 1).raw;
        m.word[0] |= (mz_word_t)(at - m.word - 1);
        *at = mz_string_word(sizeof(good));
        there = buffer(0);
        *there = good;
        if (fault == 0) {
            accepted();
            continue;
        }
        if (fault == 1)
            *at = mz_string_word(sizeof(good) - 1);
        if (fault == 2)
            memset(there->title, 'a', sizeof(there->title));
        if (fault == 3)
            there->hue = 3;
        if (fault == 4)
            memset(&there->flag, 2, 1);
        if (fault == 5)
            there->who = L4_nilthread;
        refused(fault == 1 ? MZ_ERR_BAD_MESSAGE : MZ_ERR_BAD_VALUE);
    }
}

static void test_pages(void **state)
{
    const L4_Word_t good = L4_FpageAddRights(L4_FpageLog2(0x1000, 12), 7).raw;

    request(MZ_LABEL_EVERY_GIVE, 1, 2);
    m.word[2] = mz_map_word(0x1000);
    m.word[3] = good;
    accepted();
    for (mz_word_t bits = 0; bits < 1 << 10; bits++)
        if (bits != L4_ITEM_MAP << 1) { /* a string, a grant */
            m.word[0] = MZ_TAG(MZ_LABEL_EVERY_GIVE, 1, 2);
            m.word[2] = bits;
            refused(MZ_ERR_BAD_MESSAGE);
        }
    m.word[2] = mz_map_word(0);
    m.word[3] = L4_Nilpage.raw;
    refused(MZ_ERR_BAD_VALUE);
    m.word[3] = L4_FpageLog2(0x1000, 11).raw;
    refused(MZ_ERR_BAD_VALUE);
}

/* Each proper beginning of a request, and one with more words, is none. */
static void test_truncated(void **state)
{
    mz_word_t *at;

    request(MZ_LABEL_EVERY_TURN, 0, 0);
    m.word[1] = 3;
    for (mz_word_t words = 0; words <= 63; words++) {
        m.word[0] = MZ_TAG(MZ_LABEL_EVERY_TURN, words, 0);
        if (words == 7)
            accepted();
        else
            refused(MZ_ERR_BAD_MESSAGE);
    }
    for (mz_word_t words = 0; words <= 59; words++) {
        request(MZ_LABEL_EVERY_ALL, words, 4);
        at = mz_put_bytes(m.word + 1, "title", 5);
        at = mz_put_bytes(at, "bytes", 5);
        at++;
        m.word[1 + words] = mz_string_word(1);
        m.word[3 + words] = mz_map_word(0);
        m.word[4 + words] = L4_FpageLog2(0, 12).raw;
        *(char *)buffer(0) = '\0';
        if (words == (mz_word_t)(at - m.word - 1))
            accepted();
        else
            assert_true(refusal() != MZ_OK);
    }
}

static void test_silent(void **state)
{
    request(MZ_LABEL_EVERY_NOTE, 1, 0);
    refused(NO_ANSWER);
    request(MZ_LABEL_EVERY_NOTE, 2, 0);
    m.word[2] = 21;
    refused(NO_ANSWER);
    request(MZ_LABEL_EVERY_NUDGE, 1, 0);
    refused(NO_ANSWER);
    request(MZ_LABEL_EVERY_NUDGE, 0, 2);
    refused(NO_ANSWER);
}

static void test_labels(void **state)
{
    request(MZ_LABEL(62, 1, 21), 0, 0);
    refused(MZ_ERR_NO_OPERATION);
    request(MZ_LABEL(62, 1, 62), 9, 4);
    refused(MZ_ERR_NO_OPERATION);
    request(MZ_LABEL(61, 2, 2), 0, 0); /* of the inherited one */
    refused(MZ_ERR_NO_OPERATION);
    for (unsigned major = 0; major < 8; major++) {
        request(MZ_LABEL(62, major, 1), 1, 0);
        if (major != 1)
            refused(MZ_ERR_VERSION);
        request(MZ_LABEL(62, major, MZ_OPERATION_VERSION), 0, 0);
        assert_int_equal(refusal(), MZ_OK);
        assert_int_equal(mz_tag(&m), MZ_TAG(MZ_LABEL(62, major, MZ_OPERATION_VERSION), 0, 0));
        request(MZ_LABEL(62, major, MZ_OPERATION_VERSION), 1, 0);
        refused(MZ_ERR_BAD_MESSAGE);
    }
    for (mz_word_t interface = 0; interface < 128; interface++)
        if (interface != 61 && interface != 62) {
            request(MZ_LABEL(interface, 1, 1), 1, 0);
            refused(MZ_ERR_NO_INTERFACE);
        }
    request(~(mz_word_t)0 >> 16, 0, 0); /* the kernel's */
    refused(MZ_ERR_NO_INTERFACE);
}

/* ---- answers that are none ---- */

static mz_word_t bad_tag, bad_word;

static void spoil(struct mz_message *answer)
{
    answer->word[0] = bad_tag;
    answer->word[1] = bad_word;
}

static mz_partner_t spoilt(mz_word_t tag, mz_word_t word)
{
    wire_open(&wire, wire_every);
    wire.tampered = true;
    wire.tamper = spoil;
    bad_tag = tag;
    bad_word = word;
    return &wire;
}

static void test_answers(void **state)
{
    enum mz_every_color c;
    uint32_t sum, n;
    uint8_t back[32];
    char text[41];

    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(0, 1, 0), 4), 1, 2, &sum), MZ_OK);
    assert_int_equal(sum, 4);
    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(0, 2, 0), 4), 1, 2, &sum), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(0, 0, 0), 4), 1, 2, &sum), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(3, 1, 0), 4), 1, 2, &sum), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(3, 0, 0), 4), 1, 2, &sum), MZ_ERR_BAD_ARG);
    assert_int_equal(mz_plain_add(spoilt(MZ_TAG(0x7003, 0, 0), 4), 1, 2, &sum), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_every_next(spoilt(MZ_TAG(0, 1, 0), 3), MZ_EVERY_RED, &c), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_every_reverse(spoilt(MZ_TAG(0, 1, 0), 1), back, 1, back, &n),
                     MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_every_reverse(spoilt(MZ_TAG(0, 1, 0), 33), back, 1, back, &n),
                     MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_every_greet(spoilt(MZ_TAG(0, 1, 0), 41), "a", text), MZ_ERR_BAD_REPLY);
    assert_int_equal(mz_every_greet(spoilt(MZ_TAG(0, 1, 0), 0), "a", text), MZ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_of_words),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_enumerators),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_short_texts),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_silent),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
