/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls whose values are words, within a space and to another one. */
#include "idltest.h"

static enum result add(L4_ThreadId_t server)
{
    uint32_t sum = 0;

    EXPECT(!L4_IsNilThread(server));
    server_calls = 0;
    for (uint32_t i = 0; i < 100; i++) {
        EXPECT_EQUAL(mz_plain_add(server, 0xfffffff0, i, &sum), MZ_OK);
        EXPECT_EQUAL(sum, (uint32_t)(0xfffffff0 + i));
    }
    EXPECT_EQUAL(mz_plain_ping(server), MZ_OK);
    EXPECT_EQUAL(server_calls, 101);
    return PASS;
}

CHECK_SPREAD(add_here, "call", "two numbers to a thread of the own space, and their sum")
{
    return add(spawn(serve_plain));
}

CHECK_SPREAD(add_there, "call", "the same to another space")
{
    return add(spawn_remote(serve_plain));
}

CHECK(add_derived, "call", "the same to the server of a derived interface")
{
    return add(spawn_remote(serve_every));
}

CHECK_SPREAD(scalars, "call", "numbers of all sizes, more than registers hold")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    uint8_t a;
    char b;
    int16_t c;
    uint16_t d;
    int32_t e;
    uint32_t f;
    int64_t g;
    uint64_t h;
    bool i;

    EXPECT_EQUAL(mz_every_scalars(server, 255, 'b', -3, 65535, -5, 0xffffffff, INT64_MIN + 7,
                                  UINT64_C(0x0123456789abcdef), true, &a, &b, &c, &d, &e, &f, &g,
                                  &h, &i),
                 MZ_OK);
    EXPECT(a == 255 && b == 'b' && c == -3 && d == 65535 && e == -5 && f == 0xffffffff);
    EXPECT(g == INT64_MIN + 7 && h == UINT64_C(0x0123456789abcdef) && i);
    return PASS;
}

CHECK(structs, "call", "structs and enumerators")
{
    struct mz_every_mixture one = {7, {-1, 2}, MZ_EVERY_BLUE, UINT64_C(1) << 40, true}, back;
    L4_ThreadId_t server = spawn_remote(serve_every);
    struct mz_place where = {10, -20};
    enum mz_every_color color;
    uint64_t wide = 5;

    EXPECT_EQUAL(mz_every_mix(server, &one, &where, &wide, &back), MZ_OK);
    EXPECT(back.small == 7 && back.where.x == 10 && back.hue == MZ_EVERY_BLUE && !back.flag);
    EXPECT(where.x == -1 && where.y == 2 && wide == UINT64_C(1) << 40);
    EXPECT_EQUAL(mz_every_next(server, MZ_EVERY_RED, &color), MZ_OK);
    EXPECT_EQUAL(color, MZ_EVERY_GREEN);
    return PASS;
}

CHECK_SPREAD(inline_values, "call", "short texts and sequences among the words")
{
    const int32_t numbers[3] = {3, -4, 100000};
    L4_ThreadId_t server = spawn_remote(serve_every);
    uint8_t bytes[32];
    uint64_t squares[6];
    char greeting[41];
    uint32_t n;

    EXPECT_EQUAL(mz_every_greet(server, "almond", greeting), MZ_OK);
    EXPECT(strcmp(greeting, "good day, almond") == 0);
    for (uint32_t length = 0; length <= 32; length++) {
        for (uint32_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)(i + 1);
        EXPECT_EQUAL(mz_every_reverse(server, bytes, length, bytes, &n), MZ_OK);
        EXPECT_EQUAL(n, length);
        for (uint32_t i = 0; i < length; i++)
            EXPECT_EQUAL(bytes[i], length - i);
    }
    EXPECT_EQUAL(mz_every_square(server, numbers, 3, 9, squares, &n), MZ_OK);
    EXPECT(n == 3 && squares[1] == 16 && squares[2] == UINT64_C(10000000000));
    return PASS;
}

static enum result greet(L4_ThreadId_t server)
{
    char greeting[41];

    EXPECT_EQUAL(mz_every_greet(server, "own loop", greeting), MZ_OK);
    EXPECT(strcmp(greeting, "good day, own loop") == 0);
    EXPECT_EQUAL(mz_every_nudge(server), MZ_OK);
    EXPECT_EQUAL(mz_every_fail(server, 1), MZ_ERR_EVERY_FIRST);
    return PASS;
}

CHECK_SPREAD(own_loop, "call", "a server that receives and sends by itself")
{
    L4_ThreadId_t server = spawn_remote(serve_own);

    EXPECT_PASS(add(server));
    return greet(server);
}

CHECK(threads, "call", "ids of threads")
{
    L4_ThreadId_t server = spawn_remote(serve_every), t;

    EXPECT_EQUAL(mz_every_who(server, me, &t), MZ_OK);
    EXPECT_EQUAL(L4_ThreadNo(t), L4_ThreadNo(me) + 1);
    EXPECT_EQUAL(mz_every_who(server, L4_MyLocalId(), &t), MZ_ERR_BAD_VALUE);
    return PASS;
}

CHECK(errors, "call", "errors by name")
{
    L4_ThreadId_t server = spawn_remote(serve_every);

    EXPECT_EQUAL(mz_every_fail(server, 0), MZ_OK);
    EXPECT_EQUAL(mz_every_fail(server, 2), MZ_ERR_EVERY_SECOND);
    EXPECT_EQUAL(mz_every_fail(server, 3), MZ_ERR_PLAIN_TIRED);
    EXPECT_EQUAL(mz_every_fail(server, 9), MZ_ERR_QUOTA);
    EXPECT(strcmp(mz_error_name(MZ_ERR_EVERY_SECOND), "The second") == 0);
    return PASS;
}

CHECK(versions, "call", "versions of what is served, also for callers of other ones")
{
    L4_ThreadId_t server = spawn_remote(serve_every), other = spawn_remote(serve_plain);
    uint32_t major, minor;

    EXPECT_EQUAL(mz_every_version(server, &major, &minor), MZ_OK);
    EXPECT(major == 1 && minor == 4);
    EXPECT_EQUAL(mz_plain_version(other, &major, &minor), MZ_OK);
    EXPECT(major == 2 && minor == 3);
    EXPECT_EQUAL(mz_every_version(other, &major, &minor), MZ_ERR_NO_INTERFACE);
    return PASS;
}

CHECK_SPREAD(oneway, "call", "messages without an answer")
{
    L4_ThreadId_t server = spawn_remote(serve_every);

    server_note = 0;
    EXPECT_EQUAL(mz_every_note(server, 42, "psst"), MZ_OK);
    EXPECT_EQUAL(mz_every_fail(server, 0),
                 MZ_OK); /* when that has been answered, this was served */
    EXPECT_EQUAL(server_note, 42);
    EXPECT(strcmp(server_text, "psst") == 0);
    EXPECT_EQUAL(mz_every_nudge(server), MZ_OK);
    return PASS;
}

CHECK_SPREAD(later, "call", "an answer that comes later")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    uint32_t number = 0;
    char text[21];

    EXPECT_EQUAL(mz_every_wait(server, 1, text, &number), MZ_OK);
    EXPECT(number == 4711 && strcmp(text, "at last") == 0);
    return PASS;
}
