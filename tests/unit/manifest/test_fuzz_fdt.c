// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/fdt.c lib/manifest/fdtwrite.c
// CFLAGS: -Ilib/manifest/include -Itests/unit/manifest
/* Whatever the bytes are, the reader stays within them and comes to an end. */
#include <fuzz.h>
#include <manifest/fdt.h>
#include <manifest/fdtwrite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define ROUNDS 60000

static uint8_t *make_tree(size_t *size)
{
    struct fdt_writer w;

    fdtw_init(&w);
    fdtw_string(&w, "compatible", "marzipan,system-1");
    for (unsigned i = 0; i < 3; i++) {
        fdtw_begin(&w, "vm@0");
        fdtw_string(&w, "name", "web");
        fdtw_u64(&w, "memory", 1 << 20);
        fdtw_u32(&w, "vcpus", i);
        fdtw_begin(&w, "deeper");
        fdtw_flag(&w, "flag");
        fdtw_end(&w);
        fdtw_end(&w);
    }
    return fdtw_finish(&w, size);
}

/* Ask everything of every node; the sum keeps the answers from being thrown away. */
static unsigned walk(const struct fdt *fdt, int node, unsigned depth, unsigned *budget)
{
    unsigned sum = 0;
    size_t len;
    uint32_t u32;
    uint64_t u64;

    if (depth > 40)
        return 0;
    for (int n = fdt_first_child(fdt, node); n != FDT_NONE; n = fdt_next_sibling(fdt, n)) {
        const char *s = fdt_string(fdt, n, "name");
        const uint8_t *p = fdt_prop(fdt, n, "memory", &len);

        assert_true((*budget)-- > 0);
        sum += (unsigned)strlen(fdt_name(fdt, n)) + (s != NULL ? (unsigned)strlen(s) : 0);
        for (size_t i = 0; p != NULL && i < len; i++)
            sum += p[i];
        sum += fdt_u32(fdt, n, "vcpus", &u32) ? u32 : 0;
        sum += fdt_u64(fdt, n, "memory", &u64) ? (unsigned)u64 : 0;
        sum += walk(fdt, n, depth + 1, budget);
        sum += (unsigned)fdt_child(fdt, n, "deeper");
    }
    return sum;
}

static void try_blob(const uint8_t *data, size_t size, unsigned *opened)
{
    uint8_t *exact = malloc(size + (size == 0)); /* a byte too far is seen */
    unsigned budget = 10000;
    struct fdt fdt;
    int handle = (int)fuzz_below(1u << 31);

    memcpy(exact, data, size);
    if (fdt_open(&fdt, exact, size) == 0)
        (*opened)++;
    walk(&fdt, FDT_ROOT, 0, &budget);
    walk(&fdt, handle % (int)(size + 8), 0, &budget);
    free(exact);
}

static void test_mutated_trees(void **state)
{
    size_t size;
    uint8_t *tree = make_tree(&size), *copy = malloc(size);
    unsigned opened = 0, round;

    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        fuzz_seed(round);
        memcpy(copy, tree, size);
        try_blob(copy, fuzz_mutate(copy, size), &opened);
    }
    print_message("# %u rounds, %u trees opened\n", round, opened);
    assert_true(opened > 0 && opened < round);
    free(copy);
    free(tree);
}

/* Random tokens behind a right header reach more of the structure's checks. */
static void test_random_structures(void **state)
{
    static const uint8_t tokens[] = {1, 2, 3, 4, 9, 0, 0, 1, 2, 3};
    size_t size;
    uint8_t *tree = make_tree(&size);
    unsigned opened = 0, round;

    for (round = 0; fuzz_goes_on(round, ROUNDS); round++) {
        fuzz_seed(round);
        for (size_t at = 60; at + 4 <= size - 40; at += 4) {
            memset(tree + at, 0, 3);
            tree[at + 3] = tokens[fuzz_below(sizeof tokens)];
        }
        try_blob(tree, size, &opened);
    }
    print_message("# %u rounds, %u trees opened\n", round, opened);
    free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutated_trees),
        cmocka_unit_test(test_random_structures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
