// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: tools/tracetext.c tools/tracewords.c tools/tracethreads.c tools/traceslices.c tools/tracejson.c tools/traceevent.c tools/tracenames.c lib/manifest/arena.c
// CFLAGS: -Itools -Ilib/manifest/include -Ilib/l4/include -Iidl/include -Itests/unit/manifest
/* Whatever a log has in it, it becomes a trace or a fault with its line; what becomes a trace can be
 * written. */
#include <fuzz.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <trace.h>
#include <cmocka.h>

#define ROUNDS 6000

/* Thread 300 calls 302, which runs a guest; 302 answers and the processor rests. */
static const char log_text[] = "[anna] hello\r\n"
                               "~trace version 1 khz 1000000 cpus 2 interrupts 24\r\n"
                               "~trace thread 0 kernel idle\r\n"
                               "~trace thread 302 b\"ert vcpu0\r\n"
                               "~trace thread 300 anna vcpu0\r\n"
                               "~trace thread 301 anna vm\r\n"
                               "~trace cpu 0 1000 lost 5\r\n"
                               "~trace 1 0 12c ffffffff 0\r\n"
                               "~trace 3 10 12c 12e 80\r\n"
                               "~trace 1 10 12e 12c 0\r\n"
                               "[    1.000] something else\r\n"
                               "~trace 2 10 12e b 400000\r\n"
                               "~trace 7 20 12e 1 fff0\r\n"
                               "~trace 0 1 12e 6f6c6c6568 7\r\n"
                               "~trace 3 10 12e 12c 80\r\n"
                               "~trace 1 10 12c 12e 0\r\n"
                               "~trace 4 8 12c 1000 400000\r\n"
                               "~trace 5 8 12c 6 400000\r\n"
                               "~trace 6 8 12c 4 0\r\n"
                               "~trace 1 10 0 12c 0\r\n"
                               "~trace cpu 1 1000 lost 0\r\n"
                               "~trace 1 0 0 ffffffff 0\r\n"
                               "~trace end 13\r\n"
                               "[    1.001] power off\r\n";

/* The parser sees exactly these bytes: the sanitizer sees what is beyond. */
static bool parse(struct trace *trace, const char *text, size_t size, struct trace_fault *fault)
{
    char *exact = malloc(size + (size == 0));
    bool ok;

    memcpy(exact, text, size);
    ok = trace_parse(trace, exact, size, fault);
    free(exact);
    return ok;
}

static bool try_text(const char *text, size_t size, FILE *out)
{
    struct trace trace;
    struct trace_fault fault;
    bool ok = parse(&trace, text, size, &fault);

    if (ok)
        trace_write_json(&trace, out);
    else
        assert_true(fault.cause != NULL && fault.remedy != NULL && fault.line > 0);
    trace_free(&trace);
    return ok;
}

static void test_trace(void **state)
{
    struct trace trace;
    struct trace_fault fault;
    struct trace_slices s;

    assert_true(parse(&trace, log_text, sizeof log_text - 1, &fault));
    assert_int_equal(trace.dumps, 1);
    assert_false(trace.cut_off);
    assert_int_equal(trace.lost, 5);
    assert_int_equal(trace.event_count, 13);
    assert_int_equal(trace.section_count, 2);
    assert_string_equal(trace_find(&trace, 301)->name, "vm");
    assert_int_equal(trace_find(&trace, 300)->process, trace_find(&trace, 301)->process);
    assert_int_not_equal(trace_find(&trace, 300)->process, trace_find(&trace, 302)->process);
    assert_null(trace_find(&trace, 303));
    trace_slices(&trace, &s);
    assert_int_equal(s.runs, 3);
    assert_int_equal(s.count, 4);
    assert_true(s.slices[0].thread == 300 && s.slices[0].start == 0x1000 &&
                s.slices[0].end == 0x1020);
    assert_true(s.slices[1].thread == 300 && s.slices[1].start == 0x1071);
    assert_true(s.slices[3].guest && s.slices[3].thread == 302 && s.slices[3].start == 0x1030 &&
                s.slices[3].end == 0x1050);
    trace_free(&trace);
}

static void test_runs(void **state)
{
    struct trace trace;
    struct trace_fault fault;
    struct trace_slices s;
    const struct trace_slice *before;

    assert_true(parse(&trace, log_text, sizeof log_text - 1, &fault));
    trace_slices(&trace, &s);
    assert_ptr_equal(trace_run_at(&s, 300, 0x1000, &before), &s.slices[0]);
    assert_null(before);
    assert_ptr_equal(trace_run_at(&s, 300, 0x1020, &before), &s.slices[1]);
    assert_ptr_equal(before, &s.slices[0]);
    assert_null(trace_run_at(&s, 302, 0x9999, &before));
    assert_ptr_equal(before, &s.slices[2]);
    assert_null(trace_run_at(&s, 301, 0, &before));
    assert_null(before);
    trace_free(&trace);
}

/* Two dumps of a run are one trace; a dump of a later run of the machine stands alone. */
static void test_two_dumps(void **state)
{
    static const char head[] = "~trace version 1 khz 1000 cpus 1 interrupts 24\n";
    char text[512];
    struct trace trace;
    struct trace_fault fault;

    for (int again = 0; again < 2; again++) {
        snprintf(text, sizeof text,
                 "%s~trace cpu 0 50 lost 1\n~trace 0 0 1 2 3\n~trace end 1\n"
                 "%s~trace cpu 0 %s lost 1\n~trace 0 0 1 2 3\n~trace 0 1 1 2 3\n~trace end 2\n",
                 head, head, again ? "40" : "60");
        assert_true(parse(&trace, text, strlen(text), &fault));
        assert_int_equal(trace.event_count, again ? 2 : 3);
        assert_int_equal(trace.section_count, again ? 1 : 2);
        assert_int_equal(trace.lost, again ? 1 : 2);
        assert_false(trace.cut_off);
        trace_free(&trace);
    }
}

/* Wherever the log ends, what came before is there. */
static void test_cut_off(void **state)
{
    const char *first = strstr(log_text, "~trace version"), *end = strstr(log_text, "~trace end");
    struct trace trace;
    struct trace_fault fault;

    for (size_t size = 0; size < sizeof log_text; size++) {
        const char *newline = memchr(first, '\n', sizeof log_text - (size_t)(first - log_text));
        bool begun = log_text + size > newline, ended = log_text + size > strchr(end, '\n');

        assert_true(parse(&trace, log_text, size, &fault));
        assert_int_equal(trace.dumps, begun);
        assert_int_equal(trace.cut_off, begun && !ended);
        trace_free(&trace);
    }
}

static void test_faults(void **state)
{
#define HEAD "~trace version 1 khz 1000 cpus 1 interrupts 24\n"
    static const char *const bad[] = {
        "\n~trace version 2 whatever\n",
        "\n~trace version\n",
        "\n~trace version 1 khz 0 cpus 1 interrupts 24\n",
        "\n~trace version 1 khz 1000 cpus 0 interrupts 24\n",
        "\n~trace version 1 khz 1000 cpus 99999 interrupts 24\n",
        HEAD "~trace thread 1 anna\n",
        HEAD "~trace thread x anna vm\n",
        HEAD "~trace cpu 1 0 lost 0\n",
        HEAD "~trace cpu 0 0\n",
        HEAD "~trace 0 0 1 2 3\n",
        HEAD "~trace \n",
        HEAD "~trace end\n",
    };
    static const char *const bad_events[] = {"0 0 1 2",
                                             "0 0 1 2 3 4",
                                             "10 0 1 2 3",
                                             "0 -1 1 2 3",
                                             "0 0 1 2 3g",
                                             "0 0 100000000 2 3",
                                             "0 0 1 2 10000000000000000",
                                             "0 ffffffffffffffff 1 2 3"};
    struct trace trace;
    struct trace_fault fault;
    char text[256];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(parse(&trace, bad[i], strlen(bad[i]), &fault));
        assert_int_equal(fault.line, 2);
        trace_free(&trace);
    }
    for (size_t i = 0; i < sizeof bad_events / sizeof bad_events[0]; i++) {
        snprintf(text, sizeof text, HEAD "~trace cpu 0 1 lost 0\n~trace %s\n", bad_events[i]);
        assert_false(parse(&trace, text, strlen(text), &fault));
        assert_int_equal(fault.line, 3);
        trace_free(&trace);
    }
}

static void test_mutated(void **state)
{
    FILE *out = fopen("/dev/null", "w");
    unsigned good = 0, round;

    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        uint8_t copy[sizeof log_text - 1];

        fuzz_seed(round);
        memcpy(copy, log_text, sizeof copy);
        good += try_text((const char *)copy, fuzz_mutate(copy, sizeof copy), out);
    }
    print_message("# %u rounds, %u without faults\n", round, good);
    assert_true(good > 0 && good < round);
    fclose(out);
}

/* Lines of the right form in any order, with any numbers. */
static void test_random_lines(void **state)
{
    FILE *out = fopen("/dev/null", "w");
    unsigned good = 0, round;

    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        char text[4096] = "~trace version 1 khz 7 cpus 4 interrupts 3\n";
        size_t len = strlen(text);

        fuzz_seed(round);
        for (uint32_t n = fuzz_below(60); n > 0; n--) {
            uint32_t kind = fuzz_below(24), thread = fuzz_below(6);

            if (kind == 0)
                len += (size_t)sprintf(text + len, "~trace version 1 khz 7 cpus 4 interrupts 3\n");
            else if (kind < 4)
                len += (size_t)sprintf(text + len, "~trace cpu %u %x lost 0\n", fuzz_below(4),
                                       fuzz_below(100));
            else if (kind < 8)
                len +=
                    (size_t)sprintf(text + len, "~trace thread %u o%u t\n", thread, fuzz_below(3));
            else
                len += (size_t)sprintf(text + len, "~trace %x %x %x %x %x\n", fuzz_below(9),
                                       fuzz_below(9), thread, fuzz_below(12), fuzz_below(50));
        }
        good += try_text(text, len, out);
    }
    print_message("# %u rounds, %u without faults\n", round, good);
    assert_true(good > 0);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace),        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_two_dumps),    cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_faults),       cmocka_unit_test(test_mutated),
        cmocka_unit_test(test_random_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
