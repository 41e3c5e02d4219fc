// SOURCES: tests/unit/idl/wire.c tests/idl/server.c build/idltest/errors.c
// CFLAGS: -Itests/unit/idl/include -Itests/idl -Ibuild/idltest -Iidl/include -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A million random messages to a server: each is served, or refused by an error of a dispatcher,
 * and only what is there is read.  SEED=n repeats the run that has printed this seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include <marzipan/every_server.h>
#include "wire.h"

#define MESSAGES   1000000u
#define OPERATIONS 21 /* of every */
#define STRINGS    3
#define NO_ANSWER  (~(mz_word_t)0)

enum { SORT = 12, GIVE = 13, ALL = 16 };

static uint64_t random_state;
static uint32_t string_size[STRINGS];
static struct wire wire;

static uint32_t below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

static mz_word_t random_word(void)
{
    static const uint64_t edges[] = {
        0,           1,    2,     3,      20,      21,         32,
        33,          0xff, 0x100, 0xffff, 0x10000, UINT32_MAX, UINT64_C(1) << 32,
        ~UINT64_C(0)};

    switch (below(4)) {
    case 0:
        return (mz_word_t)edges[below(sizeof(edges) / sizeof(edges[0]))];
    case 1:
        return below(64);
    case 2:
        return 1 + below(200);
    }
    return (mz_word_t)((uint64_t)below(UINT32_MAX) << 32 | below(UINT32_MAX));
}

/* Mostly a string or a page as it should be, sometimes one with a fault, sometimes nonsense. */
static void random_item(mz_word_t item[2])
{
    static const uint32_t sizes[] = {
        0,    1,    2,   6, sizeof(struct mz_every_record), 2 * sizeof(struct mz_every_record),
        5000, 8192, 8193};
    uint32_t kind = below(20);

    item[0] = mz_string_word(sizes[below(sizeof(sizes) / sizeof(sizes[0]))]);
    item[1] = random_word();
    if (kind > 13) {
        item[0] = mz_map_word(random_word());
        item[1] = L4_FpageLog2(random_word(), (int)below(64)).raw | below(8);
    }
    if (kind == 13)
        item[0] ^= (mz_word_t)1 << below(10);
    if (kind == 12)
        item[0] = random_word();
    if (kind == 11)
        item[0] = mz_string_word(below(9000));
}

static void random_strings(void)
{
    for (unsigned n = 0; n < STRINGS; n++) {
        uint8_t *at = wire.accept.buffers[n].at;
        bool text = below(2);
        string_size[n] = 1 + below(64);
        for (uint32_t i = 0; i + 1 < string_size[n]; i++)
            at[i] = text ? 'a' : (uint8_t)below(below(2) ? 3 : 256);
        at[string_size[n] - 1] = 0;
    }
}

/* Number n of an operation's items, which are strings, or a page at last. */
static void likely_item(mz_word_t item[2], uint32_t operation, unsigned n)
{
    if (below(4) == 0)
        return random_item(item);
    item[0] = mz_string_word(string_size[n]);
    if (operation == GIVE || (operation == ALL && n == 1)) {
        item[0] = mz_map_word(random_word());
        item[1] = L4_FpageLog2(random_word(), 12 + (int)below(10)).raw | below(8);
    } else if (operation == SORT) {
        item[0] = mz_string_word(below(3) * sizeof(struct mz_every_record));
    }
}

/* A label of one of the interfaces, with as many words as there often are. */
static void random_message(struct mz_message *m)
{
    mz_word_t label =
        below(8) ? MZ_LABEL(62, 1, below(24)) : MZ_LABEL(below(3) + 60, below(4), below(66));
    uint32_t typed = below(3) ? 2 * below(3) : below(12), words = below(below(3) ? 12 : 52);

    for (uint32_t i = 1; i <= words; i++)
        m->word[i] = random_word();
    for (uint32_t i = 0; i < typed; i += 2)
        random_item(m->word + 1 + words + i);
    m->word[0] = MZ_TAG(below(50) ? label : random_word() & 0xffff, words, typed);
}

/* Words and words of items that requests of every have, in the order of its operations; most: up
 * to so many words, of which the first is a small number. */
static const struct {
    unsigned words, most, typed;
} shapes[OPERATIONS] = {
    {7 + 2 * MZ_LONG, 0, 0},
    {1, 0, 0},
    {7 + 2 * MZ_LONG, 0, 0},
    {0, 4, 0},
    {0, 0, 2},
    {0, 0, 2},
    {0, 5, 0},
    {0, 0, 2},
    {0, 0, 2},
    {0, 9, 0},
    {0, 0, 4},
    {0, 7, 0},
    {0, 9, 2},
    {1, 0, 2},
    {1, 0, 0},
    {1, 0, 0},
    {0, 9, 4},
    {0, 4, 0},
    {0, 0, 0},
    {1, 0, 0},
    {1, 0, 0},
};

/* As it should be, mostly: few random ones would come through. */
static void likely_message(struct mz_message *m)
{
    uint32_t operation = below(OPERATIONS);
    uint32_t words = shapes[operation].words, typed = shapes[operation].typed;

    if (shapes[operation].most)
        words = 1 + below(shapes[operation].most);
    if (below(16) == 0)
        words = below(16);
    for (uint32_t i = 1; i <= words; i++)
        m->word[i] = below(20) ? below(3) : random_word();
    if (words > 1 && shapes[operation].most && below(2)) { /* a text, or the like */
        m->word[1] = below((uint32_t)(words * sizeof(mz_word_t)));
        memset(m->word + 2, 'a', (words - 1) * sizeof(mz_word_t));
    }
    for (uint32_t i = 0; i < typed; i += 2)
        likely_item(m->word + 1 + words + i, operation, i / 2);
    m->word[0] = MZ_TAG(MZ_LABEL(62, 1, operation), words, typed);
}

static bool of_dispatcher(mz_word_t error)
{
    return error == MZ_ERR_BAD_MESSAGE || error == MZ_ERR_BAD_VALUE || error == MZ_ERR_VERSION ||
           error == MZ_ERR_NO_OPERATION || error == MZ_ERR_NO_INTERFACE;
}

static void test_messages(void **state)
{
    const char *chosen = getenv("SEED");
    unsigned long long seed = chosen ? strtoull(chosen, NULL, 0) : (unsigned long long)time(NULL);
    static struct mz_message m;
    unsigned served[OPERATIONS] = {0}, refused = 0;

    printf("# seed %llu\n", seed);
    fflush(stdout);
    random_state = UINT64_C(0x9e3779b97f4a7c15) * (seed + 1);
    wire_open(&wire, wire_every);
    for (unsigned n = 0; n < MESSAGES; n++) {
        mz_word_t tag, operation;

        random_strings();
        if (below(2))
            random_message(&m);
        else
            likely_message(&m);
        server_calls = 0;
        tag = wire_serve(&wire, &m);
        operation = MZ_TAG_LABEL(mz_tag(&m)) & MZ_OPERATION_MASK;
        if (server_calls)
            served[operation < OPERATIONS ? operation : 0]++;
        if (server_calls || tag == NO_ANSWER)
            continue;
        refused++;
        /* a version is told without a call */
        assert_true(of_dispatcher(MZ_TAG_LABEL(tag)) || tag == MZ_TAG(0, 2, 0));
    }
    printf("# %u refused, served of each operation:", refused);
    for (unsigned i = 0; i < OPERATIONS; i++)
        printf(" %u", served[i]);
    printf("\n");
    for (unsigned i = 0; i < OPERATIONS; i++)
        assert_true(served[i] > 0);
    assert_true(refused > MESSAGES / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
