// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: shell/frame.c
// CFLAGS: -Ishell
/* The control line's framing: requests byte by byte, answers and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "frame.h"

static struct frame frame;
static struct answer answer;
static char written[1024];
static size_t room;

/* The state after the last byte; all before it must leave the line open. */
static enum frame_state feed(const char *text)
{
    for (; text[1]; text++)
        assert_int_equal(frame_take(&frame, (uint8_t)*text), FRAME_PART);
    return frame_take(&frame, (uint8_t)*text);
}

static void test_requests(void **state)
{
    assert_int_equal(feed("stop anna\n"), FRAME_LINE);
    assert_string_equal(frame.line, "stop anna");
    assert_int_equal(feed("\n"), FRAME_LINE);
    assert_string_equal(frame.line, "");
    assert_int_equal(feed("ps\r\n"), FRAME_LINE);
    assert_string_equal(frame.line, "ps");
}

static void test_bad_requests(void **state)
{
    assert_int_equal(feed("p\x1bs\n"), FRAME_BAD);
    assert_int_equal(feed("p\ts\n"), FRAME_BAD);
    assert_int_equal(feed("\xff\n"), FRAME_BAD);
    assert_int_equal(frame_take(&frame, 0), FRAME_PART);
    assert_int_equal(feed("ps\n"), FRAME_BAD);
    assert_int_equal(feed("ps\n"), FRAME_LINE);
    assert_string_equal(frame.line, "ps");
}

static void test_long_requests(void **state)
{
    for (size_t length = SHELL_LINE - 2; length < SHELL_LINE + 2; length++) {
        for (size_t i = 0; i < length; i++)
            assert_int_equal(frame_take(&frame, 'x'), FRAME_PART);
        assert_int_equal(feed("\n"), length < SHELL_LINE ? FRAME_LINE : FRAME_LONG);
    }
    assert_int_equal(feed("ps\n"), FRAME_LINE);
    assert_string_equal(frame.line, "ps");
}

static void test_random_bytes(void **state)
{
    for (unsigned i = 0; i < 200000; i++)
        assert_in_range(frame_take(&frame, (uint8_t)random()), FRAME_PART, FRAME_BAD);
    frame_take(&frame, '\n');
}

static bool write_line(const char *text)
{
    if (strlen(written) + strlen(text) + 1 > room && text[0] == ' ')
        return false;
    strcat(strcat(written, text), "\n");
    return true;
}

static void begin(size_t size)
{
    written[0] = '\0';
    room = size;
    answer_begin(&answer, write_line);
}

static void test_answers(void **state)
{
    begin(500);
    answer_end(&answer, false);
    assert_string_equal(written, ".\n");
    begin(500);
    answer_line(&answer, "one");
    answer_line(&answer, "");
    answer_line(&answer, ".");
    answer_end(&answer, false);
    assert_string_equal(written, " one\n \n .\n.\n");
}

static void test_refusals(void **state)
{
    begin(500);
    answer_line(&answer, "one");
    answer_line(&answer, "why");
    answer_end(&answer, true);
    assert_string_equal(written, " one\n! why\n");
    begin(500);
    answer_end(&answer, true);
    assert_string_equal(written, "! refused\n");
}

static void test_too_much(void **state)
{
    char longest[FRAME_ANSWER + 1];

    begin(12);
    for (unsigned i = 0; i < 10; i++)
        answer_line(&answer, "five");
    answer_end(&answer, false);
    assert_string_equal(written, " five\n five\n! there is more than the line can take; "
                                 "ask for less\n");
    memset(longest, 'x', sizeof(longest));
    longest[FRAME_ANSWER] = '\0';
    begin(500);
    answer_line(&answer, longest);
    answer_end(&answer, false);
    assert_int_equal(strlen(written), 1 + FRAME_ANSWER - 1 + 1 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),      cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_long_requests), cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
