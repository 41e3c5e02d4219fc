// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/units.c lib/manifest/arena.c lib/manifest/nearest.c
// CFLAGS: -Ilib/manifest/include
/* Sizes, times, numbers, and what was probably meant by a word. */
#include <manifest/nearest.h>
#include <manifest/units.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

static int free_arena(void **state)
{
    arena_free(&arena);
    return 0;
}

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } sizes[] = {
        {"0K", 0},
        {"1K", 1024},
        {"64K", 65536},
        {"128M", 128 * MIB},
        {"8G", 8 * GIB},
        {"007M", 7 * MIB},
        {"17179869183G", UINT64_C(17179869183) << 30},
    };

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct unit_fault fault;
        uint64_t n;

        assert_true(parse_size(&arena, sizes[i].text, &n, &fault));
        assert_true(n == sizes[i].bytes);
    }
}

static void test_what_is_no_size(void **state)
{
    static const struct {
        const char *text, *remedy;
    } sizes[] = {
        {"", "write a number with one of K, M or G, as in 64M"},
        {"M", "write a number with one of K, M or G, as in 64M"},
        {"0x40M", "use one of K, M or G"},
        {"64", "add one of K, M or G, as in 64M"},
        {"64 MiB", "write 64M"},
        {"64KB", "write 64K"},
        {"2gigabytes", "write 2G"},
        {"64Mx", "use one of K, M or G"},
        {"0.5G", "write 512M"},
        {"1.25M", "write 1280K"},
        {"1.5K", "use a smaller unit: K, M or G"},
        {"1.", "use a smaller unit: K, M or G"},
        {"17179869184G", "write a smaller number"},
        {"18446744073709551616K", "write a smaller number"},
    };

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct unit_fault fault = {NULL, NULL};
        uint64_t n;

        assert_false(parse_size(&arena, sizes[i].text, &n, &fault));
        assert_string_equal(fault.remedy, sizes[i].remedy);
        assert_non_null(fault.cause);
    }
}

static void test_times(void **state)
{
    struct unit_fault fault;
    uint64_t n;

    assert_true(parse_time(&arena, "500ms", &n, &fault) && n == 500);
    assert_true(parse_time(&arena, "10s", &n, &fault) && n == 10000);
    assert_true(parse_time(&arena, "2min", &n, &fault) && n == 120000);
    assert_false(parse_time(&arena, "2m", &n, &fault));
    assert_string_equal(fault.remedy, "write 2min");
    assert_false(parse_time(&arena, "1.5s", &n, &fault));
    assert_string_equal(fault.remedy, "write 1500ms");
}

static void test_spans(void **state)
{
    struct unit_fault fault;
    uint64_t n;

    assert_true(parse_span(&arena, "250us", &n, &fault) && n == 250);
    assert_true(parse_span(&arena, "2ms", &n, &fault) && n == 2000);
    assert_true(parse_span(&arena, "1s", &n, &fault) && n == 1000000);
    assert_false(parse_span(&arena, "1.5ms", &n, &fault));
    assert_string_equal(fault.remedy, "write 1500us");
    assert_false(parse_span(&arena, "5µs", &n, &fault));
    assert_string_equal(fault.remedy, "write 5us");
    assert_false(parse_span(&arena, "1min", &n, &fault));
    assert_string_equal(fault.remedy, "use one of us, ms or s");
    assert_string_equal(format_span(&arena, 1500), "1500us");
    assert_string_equal(format_span(&arena, 20000), "20ms");
}

static void test_percentages(void **state)
{
    static const char *const bad[][2] = {
        {"50", "write 50%"},
        {"50 %", "write 50%"},
        {"", "write a whole number and a percent sign, as in 50%"},
        {"%", "write a whole number and a percent sign, as in 50%"},
        {"-1%", "write a whole number and a percent sign, as in 50%"},
        {"0.5%", "write a whole number and a percent sign, as in 50%"},
        {"50%%x", "write a whole number and a percent sign, as in 50%"},
        {"18446744073709551616%", "write a whole number and a percent sign, as in 50%"},
    };
    struct unit_fault fault;
    uint64_t n;

    assert_true(parse_percent(&arena, "0%", &n, &fault) && n == 0);
    assert_true(parse_percent(&arena, "800%", &n, &fault) && n == 800);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(parse_percent(&arena, bad[i][0], &n, &fault));
        assert_string_equal(fault.remedy, bad[i][1]);
    }
    assert_string_equal(format_percent(&arena, 50), "50%");
}

static void test_counts(void **state)
{
    struct unit_fault fault;
    uint64_t n;

    assert_true(parse_count(&arena, "0", &n, &fault) && n == 0);
    assert_true(parse_count(&arena, "18446744073709551615", &n, &fault) && n == UINT64_MAX);
    assert_false(parse_count(&arena, "18446744073709551616", &n, &fault));
    assert_false(parse_count(&arena, "1K", &n, &fault));
    assert_false(parse_count(&arena, "-1", &n, &fault));
    assert_false(parse_count(&arena, "", &n, &fault));
}

static void test_formats_read_back(void **state)
{
    static const uint64_t sizes[] = {KIB, 3 * KIB, MIB, 1536 * MIB, GIB, 5 * GIB, GIB + KIB};
    struct unit_fault fault;
    uint64_t n;

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        assert_true(parse_size(&arena, format_size(&arena, sizes[i]), &n, &fault) && n == sizes[i]);
    assert_string_equal(format_size(&arena, 1536 * MIB), "1536M");
    assert_string_equal(format_time(&arena, 90000), "90s");
    assert_string_equal(format_time(&arena, 120000), "2min");
}

static const char *meant_by(const char *word)
{
    static const char *const words[] = {"kernel", "initrd", "memory", "vcpus", "cpu"};
    struct nearest nearest = nearest_to(word);

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        nearest_try(&nearest, words[i]);
    return nearest.best;
}

static void test_nearest(void **state)
{
    static const char long_word[] = "kernelkernelkernelkernelkernelkernelkernelkernelkernel";

    assert_string_equal(meant_by("memroy"), "memory");
    assert_string_equal(meant_by("kernal"), "kernel");
    assert_string_equal(meant_by("initramd"), "initrd");
    assert_string_equal(meant_by("vcpu"), "vcpus");
    assert_string_equal(meant_by("cpus"), "vcpus");
    assert_null(meant_by("disk"));
    assert_null(meant_by("x"));
    assert_null(meant_by(""));
    assert_null(meant_by(long_word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),   cmocka_unit_test(test_what_is_no_size),
        cmocka_unit_test(test_times),   cmocka_unit_test(test_counts),
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_formats_read_back),
        cmocka_unit_test(test_spans),   cmocka_unit_test(test_percentages),
    };

    return cmocka_run_group_tests(tests, NULL, free_arena);
}
