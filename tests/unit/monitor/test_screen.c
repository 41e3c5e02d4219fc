// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: monitor/screen.c lib/rt/fifo.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/l4/include -Ilib/manifest/include -idirafter lib/rt/include
/* Backlogs, shared rings, and lines freed of control sequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "screen.h"

static void test_fifo(void **state)
{
    uint8_t buffer[8], out[16];
    struct fifo f;
    uint64_t at = 0;

    fifo_init(&f, buffer, sizeof(buffer));
    fifo_put(&f, "abcde", 5);
    assert_int_equal(fifo_room(&f), 3);
    assert_int_equal(fifo_get(&f, out, 2), 2);
    assert_memory_equal(out, "ab", 2);
    fifo_put(&f, "fghij", 5); /* exactly full */
    assert_int_equal(fifo_room(&f), 0);
    fifo_put(&f, "k", 1); /* forgets c */
    assert_int_equal(fifo_peek(&f, &at, out, sizeof(out)), 8);
    assert_memory_equal(out, "defghijk", 8);
    assert_int_equal(at, f.head);
    assert_int_equal(fifo_peek(&f, &at, out, sizeof(out)), 0);
    fifo_put(&f, "0123456789ABCDEF", 16); /* longer than it all */
    assert_int_equal(fifo_get(&f, out, sizeof(out)), 8);
    assert_memory_equal(out, "89ABCDEF", 8);
    at = UINT64_MAX; /* a wild position reads from the oldest */
    fifo_put(&f, "xy", 2);
    assert_int_equal(fifo_peek(&f, &at, out, sizeof(out)), 2);
}

static void test_ring(void **state)
{
    assert_int_equal(ring_available(10, 10, 16), 0);
    assert_int_equal(ring_available(26, 10, 16), 16);
    assert_int_equal(ring_available(27, 10, 16), -1);
    assert_int_equal(ring_available(9, 10, 16), -1);
    assert_int_equal(ring_available(3, 0xfffffffeu, 16), 5);
}

/* Feed text; what the first complete line holds, or what is there. */
static const char *feed(struct screen *s, const char *text)
{
    static char line[SCREEN_LINE + 1];
    bool complete = false;

    while (*text && !complete)
        complete = screen_add(s, (uint8_t)*text++);
    memcpy(line, s->line, s->length);
    line[s->length] = '\0';
    screen_next_line(s);
    s->escape = ESCAPE_NONE;
    return line;
}

static void test_lines(void **state)
{
    struct screen s = {.length = 0};

    assert_string_equal(feed(&s, "plain\r\nnext"), "plain");
    assert_string_equal(feed(&s, "\033[1;32mgreen\033[0m\n"), "green");
    assert_string_equal(feed(&s, "\033]0;title\007text\033(Bx\n"), "textx");
    assert_string_equal(feed(&s, "\033[6nq\033]open\nlost"), "q");
    assert_string_equal(feed(&s, "\033[\nafter"), "");
    assert_string_equal(feed(&s, "ab\b\bc\001\002\ttab\x7f\n"), "c\ttab");
    assert_string_equal(feed(&s, "\b\bx\n"), "x");
    assert_string_equal(feed(&s, "gr\xc3\xbc\xc3\x9f\n"), "gr\xc3\xbc\xc3\x9f");
}

static void test_long_line(void **state)
{
    struct screen s = {.length = 0};

    for (unsigned i = 1; i < SCREEN_LINE; i++)
        assert_false(screen_add(&s, 'x'));
    assert_true(screen_add(&s, 'x'));
    assert_int_equal(s.length, SCREEN_LINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_long_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
