// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/arena.c lib/manifest/budget.c lib/manifest/bzimage.c lib/manifest/check.c lib/manifest/cpio.c lib/manifest/decode.c lib/manifest/elf.c lib/manifest/image.c lib/manifest/images.c lib/manifest/least.c lib/manifest/list.c lib/manifest/names.c lib/manifest/nearest.c lib/manifest/nested.c lib/manifest/fit.c lib/manifest/order.c lib/manifest/parse.c lib/manifest/relations.c lib/manifest/report.c lib/manifest/schema.c lib/manifest/schemamachine.c lib/manifest/section.c lib/manifest/service.c lib/manifest/share.c lib/manifest/source.c lib/manifest/units.c lib/manifest/compile.c lib/manifest/fdtwrite.c lib/manifest/fdt.c lib/manifest/flows.c tools/flows.c tools/flowsjson.c tools/graphdot.c lib/manifest/spans.c lib/manifest/devices.c
// CFLAGS: -Ilib/manifest/include -Iidl/include -Itests/unit/manifest
// LIBS: -lyaml
/* Whatever the text is, reading it ends in a system or in errors, and the errors can
 * be printed; what is read without errors can be compiled, and its
 * flows be printed and drawn.  The same for images. */
#include <fuzz.h>
#include <manifest/compile.h>
#include <manifest/fdt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../../tools/flows.h"
#include "../../../tools/graph.h"

#define ROUNDS 6000

static const char text[] =
    "console: { history: 32K, focus: db }\n"
    "machine: { memory: 1G, type: pc }\n"
    "defaults:\n"
    "  kernel: &k linux\n"
    "  memory: 128M\n"
    "  restart: { policy: always, limit: 3, window: 2min }\n"
    "vms:\n"
    "  web: {}\n"
    "  db:\n"
    "    initrd: none\n"
    "    cmdline: >-\n"
    "      console=ttyS0\n"
    "      \"quiet\"\n"
    "    kernel: *k\n"
    "    quotas: { kernel-memory: 2M, threads: 4 }\n"
    "    may-poweroff: true\n"
    "    publishes: [/db/*, /q]\n"
    "    after: [clock, /time]\n"
    "    cpus: [0, 2-3]\n"
    "    cap: 90%\n"
    "    watchdog: 10s\n"
    "    stop-timeout: 1min\n"
    "    log: warn\n"
    "    reservation: { budget: 1500us, period: 4ms }\n"
    "programs:\n"
    "  clock: { image: './program', cmdline: \"\\x41 24\", publishes: /time }\n"
    "  user: { image: './program', uses: [/db/1, /time], after: db }\n"
    "monitors:\n"
    "  in: { system: inner.yaml, memory: 20M, domains: 3, cpus: 0-2, after: clock, priority: 9 }\n"
    "  too: { system: inner.yaml, memory: 20M, quotas: { kernel-memory: 9M, threads: 40 } }\n";

/* What the monitors of that run. */
static const char inner_text[] =
    "programs: { p: { image: './program', priority: 9, cpus: 1 } }\n"
    "monitors: { deep: { system: ./deep.yaml, memory: 8M, priority: 5 } }\n";
static const char deep_text[] = "programs: { p: { image: './program', priority: 5 } }\n";

/* Pieces that YAML or the schema gives a meaning. */
static const char *const pieces[] = {
    "vms:",     "  web: {}", "\n",      "\n  ",  ": ",        "- ",       "[",         "]",
    "{",        "}",         "&a ",     "*a",    "<<: ",      "!!int ",   "|\n",       ">-\n",
    "\"",       "'",         "#",       "---\n", "128M",      "memory: ", "\t",        "%YAML",
    "restart",  "\xc3",      "é",       "\\x0",  ", ",        "? ",       "1.5G ",     "kernel: x",
    "limit:",   "\r",        "0",       "null",  "~",         "\x01",     "",          "...\n",
    "[a, b]",   "after: ",   "uses: ",  "/a/*",  "/",         "cpus: ",   "0-1",       "cap: ",
    "5%",       "none",      "budget:", "us",    "monitors:", "system: ", "fuzz.yaml", "inner.yaml",
    "domains: "};

static const struct image image = {.module = "image"};

static void pretend_images(struct system *system)
{
    for (struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        vm->kernel_image = vm->initrd_image = &image;
    for (struct program *p = system->programs; p != NULL; p = p->next)
        p->program_image = &image;
    for (struct monitor *m = system->monitors; m != NULL; m = m->next)
        pretend_images(m->inner);
}

static void compile(struct system *system)
{
    struct fdt fdt;
    size_t size;
    void *blob;

    pretend_images(system);
    blob = system_compile(system, 0, &size);
    assert_int_equal(fdt_open(&fdt, blob, size), 0);
    free(blob);
}

static void print(struct system *system, FILE *out)
{
    struct flows flows;

    flows_find(system, &flows);
    flows_print(&flows, out);
    flows_print_json(&flows, out);
    graph_print(&flows, out);
}

static bool try_text(const char *data, size_t size, FILE *out)
{
    static const struct system_options options = {.no_files = true};
    char *exact = malloc(size + (size == 0));
    struct system system;
    bool ok;

    memcpy(exact, data, size);
    system_parse(&system, "fuzz.yaml", exact, size, &options);
    report_print(&system.report, out);
    ok = system.report.errors == 0;
    if (ok) {
        compile(&system);
        print(&system, out);
    }
    system_free(&system);
    free(exact);
    return ok;
}

static void test_mutated_descriptions(void **state)
{
    FILE *out = fopen("/dev/null", "w");
    unsigned good = 0, round;

    assert_true(try_text(text, sizeof text - 1, out));
    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        uint8_t copy[sizeof text - 1];

        fuzz_seed(round);
        memcpy(copy, text, sizeof copy);
        good += try_text((const char *)copy, fuzz_mutate(copy, sizeof copy), out);
    }
    print_message("# %u rounds, %u without errors\n", round, good);
    assert_true(good > 0 && good < round);
    fclose(out);
}

static void test_random_pieces(void **state)
{
    FILE *out = fopen("/dev/null", "w");
    unsigned good = 0, round;

    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        char words[1024];
        size_t len = 0;

        fuzz_seed(round);
        for (uint32_t n = fuzz_below(60); n > 0; n--) {
            const char *piece = pieces[fuzz_below(sizeof pieces / sizeof pieces[0])];

            memcpy(words + len, piece, strlen(piece));
            len += strlen(piece);
        }
        good += try_text(words, len, out);
    }
    print_message("# %u rounds, %u without errors\n", round, good);
    fclose(out);
}

static void test_deep_nesting(void **state)
{
    FILE *out = fopen("/dev/null", "w");
    char *deep = malloc(200000);

    for (unsigned i = 0; i < 100000; i++)
        memcpy(deep + 2 * i, "[{", 2);
    assert_false(try_text(deep, 200000, out));
    for (unsigned i = 0; i < 100000; i++)
        memcpy(deep + 2 * i, "- ", 2);
    assert_false(try_text(deep, 200000, out));
    free(deep);
    fclose(out);
}

/* An ELF header, a bzImage header and a cpio header in one buffer, mutated. */
static void test_mutated_images(void **state)
{
    static const char cpio[] = "070701000000000000000000000000000000000000000000000000000000010000"
                               "0000000000000000000000000000000000000000000500000000init";
    unsigned usable = 0, round;

    for (round = 0; fuzz_goes_on(round, 10 * ROUNDS); round++) {
        uint8_t data[1536] = {0}, *exact;
        struct arena arena = {NULL};
        struct image_verdict verdict;
        size_t size;

        fuzz_seed(round);
        memcpy(data,
               "\x7f"
               "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0\1\0\0\0",
               24);
        data[32] = 64; /* e_phoff */
        data[54] = 56; /* e_phentsize */
        data[56] = 2;  /* e_phnum */
        data[64] = 4;  /* PT_NOTE at 0x400 */
        data[73] = 4;
        data[96] = 20;
        memcpy(data + 0x400, "\4\0\0\0\4\0\0\0\x12\0\0\0Xen\0\0\0\x10\0", 20);
        if (round % 3 == 1) {
            memcpy(data + 0x1fe, "\x55\xaa\xeb\x6aHdrS\x0f\2", 10);
            data[0] = data[0x1f1] = data[0x211] = 1;
        } else if (round % 3 == 2) {
            memcpy(data, cpio, sizeof cpio);
        }
        size = fuzz_mutate(data, sizeof data);
        exact = malloc(size + (size == 0));
        memcpy(exact, data, size);
        for (int use = IMAGE_KERNEL; use <= IMAGE_PROGRAM; use++) {
            image_judge(&arena, use, exact, size, &verdict);
            usable += verdict.cause == NULL;
            assert_true(verdict.cause == NULL || verdict.remedy != NULL);
        }
        elf_is_whole(exact, size);
        free(exact);
        arena_free(&arena);
    }
    print_message("# %u rounds, %u usable\n", round, usable);
    assert_true(usable > 0);
}

static void write_text(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

/* Paths in the texts are of this folder, where a circle can be made, too. */
static int enter_folder(void **state)
{
    static char folder[] = "/tmp/fuzz-yaml-XXXXXX";

    *state = folder;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    write_text("inner.yaml", inner_text);
    write_text("deep.yaml", deep_text);
    write_text("fuzz.yaml", text);
    return 0;
}

static int remove_folder(void **state)
{
    unlink("inner.yaml");
    unlink("deep.yaml");
    unlink("fuzz.yaml");
    return rmdir(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutated_descriptions),
        cmocka_unit_test(test_random_pieces),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_mutated_images),
    };

    return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
