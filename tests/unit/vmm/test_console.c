/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/console.c tests/unit/vmm/fake_host.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* The rings shared with the monitor, also with one that does not keep to the rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "console.h"
#include "fake_host.h"

static struct mz_console ring;
static struct console console;
static struct uart_backend backend;

static int setup(void **state)
{
    memset(&ring, 0, sizeof(ring));
    ring.out_head = ring.out_tail = 0xfffffff0; /* the counters wrap */
    console_init(&console, &ring, 1000000);
    backend = console_backend(&console);
    fake_flushes = 0;
    return 0;
}

static void output_waits_for_a_flush(void **state)
{
    backend.put(backend.context, 'a');
    assert_int_equal(ring.out_head, 0xfffffff1);
    assert_int_equal(ring.out[0xfffffff0 % MZ_OUT_SIZE], 'a');
    assert_true(console.pending && console.changed);
    assert_true(console.due > host_tsc());
    assert_true(console_take(&console));
    assert_int_equal(console.due, UINT64_MAX);
    assert_false(console_take(&console)); /* nothing new: no call */
    assert_int_equal(fake_flushes, 0);
}

static void half_a_ring_is_due_at_once(void **state)
{
    for (unsigned i = 0; i < MZ_OUT_SIZE / 2; i++)
        backend.put(backend.context, 'x');
    assert_int_not_equal(console.due, 0);
    console.changed = false;
    backend.put(backend.context, 'x');
    assert_int_equal(console.due, 0);
    assert_true(console.changed);
    console.changed = false;
    backend.put(backend.context, 'x'); /* whoever goes on writing is to wait, too */
    assert_true(console.changed);
}

static void a_monitor_that_does_not_drain_loses_bytes_only(void **state)
{
    for (unsigned i = 0; i < 3 * MZ_OUT_SIZE; i++)
        backend.put(backend.context, 'x');
    assert_int_equal(ring.out_head - 0xfffffff0, MZ_OUT_SIZE);
    ring.out_tail = 12345678; /* nonsense */
    backend.put(backend.context, 'y');
}

static void input(void **state)
{
    assert_int_equal(backend.get(backend.context), -1);
    memcpy(ring.in, "ab\377", 3);
    ring.in_head = 3;
    assert_int_equal(backend.get(backend.context), 'a');
    assert_int_equal(backend.get(backend.context), 'b');
    assert_int_equal(backend.get(backend.context), 0xff);
    assert_int_equal(backend.get(backend.context), -1);
    assert_int_equal(ring.in_tail, 3);
    ring.in_head = 3 + MZ_IN_SIZE + 1; /* more than fits */
    assert_int_equal(backend.get(backend.context), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(output_waits_for_a_flush, setup),
        cmocka_unit_test_setup(half_a_ring_is_due_at_once, setup),
        cmocka_unit_test_setup(a_monitor_that_does_not_drain_loses_bytes_only, setup),
        cmocka_unit_test_setup(input, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
