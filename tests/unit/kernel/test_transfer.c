/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/threads.c tests/unit/kernel/fake/user.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/core/ipc.c kernel/core/transfer.c
// SOURCES: kernel/core/strings.c kernel/core/thread.c kernel/core/sched.c kernel/core/cpus.c kernel/core/domain.c
// SOURCES: kernel/api/exit.c kernel/api/pagefault.c kernel/api/unmap.c kernel/api/exregs.c kernel/api/thread_control.c
// SOURCES: kernel/api/schedule.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/waiting.c kernel/core/ending.c kernel/core/notify.c kernel/core/abort.c kernel/core/trace.c kernel/core/mapping.c kernel/core/ready.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Messages with strings: where the bytes go, and what happens when they do not fit. */
#include "transfer_fixture.h"

static void test_simple(void **state)
{
    setup_transfer();
    give(a, SRC, 4, RIGHT_RWX);
    give(b, DST, 4, RIGHT_RWX);
    fill_bytes(a, SRC + 100, 10000, 1);
    accept(4, DST + 4000, 12000);
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    compose(1, SRC + 100, 10000);
    ipc(1, t[4]->id, NILTHREAD, NEVER);
    run(4);
    assert_int_equal(error_of(1), 0);
    assert_int_equal(from_of(4), t[1]->id);
    assert_int_equal(mr(4)[0], mr(1)[0]);
    for (unsigned i = 1; i < 4; i++)
        assert_int_equal(mr(4)[i], mr(1)[i]); /* the sender's words, as they are */
    assert_bytes(b, DST + 4000, 10000, 1);
    assert_int_equal(*byte_at(b, DST + 14000), 0);
    assert_int_equal(*byte_at(b, DST + 3999), 0);
    /* An empty one. */
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    compose(1, SRC, 0);
    ipc(1, t[4]->id, NILTHREAD, NEVER);
    run(4);
    assert_int_equal(mr(4)[0], mr(1)[0]);
}

/* As with test_simple(), but within a space, and the sender waits first. */
static void test_sender_waits(void **state)
{
    setup_transfer();
    give(a, SRC, 2, RIGHT_RWX);
    fill_bytes(a, SRC, 3000, 2);
    compose(1, SRC, 3000);
    ipc(1, t[2]->id, NILTHREAD, NEVER);
    accept(2, SRC + 4000, 3000);
    ipc(2, NILTHREAD, ANYLOCAL, NEVER);
    run(1);
    assert_int_equal(error_of(1) | error_of(2), 0);
    assert_int_equal(from_of(2), t[1]->utcb_addr);
    assert_bytes(a, SRC + 4000, 3000, 2);
}

/* The end of a buffer, of the list of them, of the user area: offset bytes have come. */
static void expect_overflow(word_t offset)
{
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    ipc(1, t[4]->id, t[4]->id, NEVER);
    run(4);
    run(1);
    assert_int_equal(error_of(1), failed(IPC_OVERFLOW, false, offset));
    assert_int_equal(error_of(4), failed(IPC_OVERFLOW, true, offset));
    assert_int_equal(t[1]->state, THREAD_READY); /* no receive phase after that */
}

static void test_overflow(void **state)
{
    setup_transfer();
    give(a, SRC, 4, RIGHT_RWX);
    give(b, DST, 4, RIGHT_RWX);
    fill_bytes(a, SRC, 9000, 3);
    accept(4, DST, 8999);
    compose(1, SRC, 9000);
    expect_overflow(8999);
    assert_bytes(b, DST, 8999, 3);
    assert_int_equal(mr(4)[0], mr(1)[0]);
    compose(1, SRC, 9000);
    set_br(4, 0, FPAGE_COMPLETE); /* no strings */
    expect_overflow(0);
    compose(1, SRC, 9000);
    accept(4, DST, 9000);
    set_br(4, 1, 8); /* no string buffer */
    expect_overflow(0);
    compose(1, SRC, 9000);
    accept(4, USER_END - 100, 9000);
    give(b, USER_END - PAGE_SIZE, 1, RIGHT_RWX);
    expect_overflow(100);
    compose(1, SRC, 9000);
    accept(4, USER_END + 4096, 9000);
    expect_overflow(0);
    compose(1, USER_END - 8, 9000);
    give(a, USER_END - PAGE_SIZE, 1, RIGHT_RWX);
    accept(4, DST, 9000);
    expect_overflow(8);
    compose(1, ~(word_t)0, 9000);
    accept(4, DST, 9000);
    expect_overflow(0);
    compose(1, SRC, 9000);
    mr(1)[0] = 1 << 6 | 1; /* its address does not belong to the message */
    accept(4, DST, 9000);
    expect_overflow(0);
}

/* Two strings: the second has the second buffer, whatever is left of the first. */
static void test_two_strings(void **state)
{
    setup_transfer();
    give(a, SRC, 2, RIGHT_RWX);
    give(b, DST, 2, RIGHT_RWX);
    fill_bytes(a, SRC, 300, 4);
    fill_bytes(a, SRC + 1000, 200, 5);
    accept(4, DST, 500);
    set_br(4, 1, string_item(500, 1, false, true));
    set_br(4, 3, string_item(200, 1, false, false));
    set_br(4, 4, DST + 600);
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    mr(1)[0] = 4 << 6;
    mr(1)[1] = string_item(300, 1, false, true);
    mr(1)[2] = SRC;
    mr(1)[3] = string_item(200, 1, false, false);
    mr(1)[4] = SRC + 1000;
    ipc(1, t[4]->id, NILTHREAD, NEVER);
    run(4);
    assert_int_equal(error_of(4), 0);
    assert_bytes(b, DST, 300, 4);
    assert_int_equal(*byte_at(b, DST + 300), 0);
    assert_bytes(b, DST + 600, 200, 5);
    /* Only one buffer: the first string has come. */
    set_br(4, 1, string_item(500, 1, false, false));
    expect_overflow(300);
}

/* Strings and pages take turns; what comes before the failure has come. */
static void test_with_pages(void **state)
{
    setup_transfer();
    give(a, SRC, 2, RIGHT_RWX);
    give(b, DST, 1, RIGHT_RWX);
    fill_bytes(a, SRC, 100, 6);
    accept(4, DST, 50);
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    mr(1)[0] = 6 << 6;
    mr(1)[1] = 0x900000 | 8;
    mr(1)[2] = fpage_make(SRC, 12, RIGHT_R);
    mr(1)[3] = string_item(100, 1, false, false);
    mr(1)[4] = SRC;
    mr(1)[5] = 0xa00000 | 8;
    mr(1)[6] = fpage_make(SRC, 12, RIGHT_R);
    ipc(1, t[4]->id, NILTHREAD, NEVER);
    run(4);
    assert_int_equal(error_of(4), failed(IPC_OVERFLOW, true, 50));
    assert_bytes(b, 0x900000, 100, 6); /* it shows the same page */
    assert_null(pt_lookup(b, 0xa00000).pte);
}

/* ---- any pieces into any pieces ---- */

#define AREA (6 * PAGE_SIZE)

/* Items with up to n bytes in all, scattered in an area; returns the register behind. */
static unsigned scatter(word_t *reg, unsigned last, word_t area, unsigned n, word_t *where)
{
    unsigned r = 1, bytes = 0;

    while (bytes < n) {
        unsigned subs = 1 + (unsigned)rand() % 4,
                 length = (unsigned)rand() % (n - bytes) / subs + 1;

        if (r + 1 + subs > last - 2)
            break;
        reg[r++] = string_item(length, subs, true, false);
        for (unsigned i = 0; i < subs; i++) {
            reg[r] = area + (word_t)rand() % (AREA - length);
            for (unsigned k = 0; k < length; k++)
                where[bytes++] = reg[r] + k;
            r++;
        }
    }
    reg[r++] = string_item(0, 1, false, false); /* the last one does not continue */
    reg[r++] = area;
    where[bytes] = 0;
    return r;
}

static void test_scatter_and_gather(void **state)
{
    static word_t from[AREA * 3], to[AREA * 3], buffers[BR_COUNT];
    static u8 expected[AREA];

    setup_transfer();
    give(a, SRC, 6, RIGHT_RWX);
    give(b, DST, 6, RIGHT_RWX);
    fill_bytes(a, SRC, AREA, 8);
    srand(11);
    for (unsigned i = 0; i < 400; i++) {
        unsigned end, n = (unsigned)rand() % 9000 + 1, sent = 0, room = 0;

        end = scatter(mr(1), 63, SRC, n, from);
        mr(1)[0] = (end - 1) << 6;
        end = scatter(buffers, BR_COUNT - 1, DST, (unsigned)rand() % 9000 + 1, to);
        set_br(4, 0, 1);
        for (unsigned r = 1; r < end; r++)
            set_br(4, r, buffers[r]);
        while (from[sent])
            sent++;
        while (to[room])
            room++;
        for (unsigned k = 0; k < AREA; k++)
            expected[k] = *byte_at(b, DST + k);
        for (unsigned k = 0; k < MIN(sent, room); k++)
            expected[to[k] - DST] = *byte_at(a, from[k]);
        fake_interrupt_in = fake_interrupt_again = (unsigned)rand() % 4;
        ipc(4, NILTHREAD, ANYTHREAD, NEVER);
        ipc(1, t[4]->id, NILTHREAD, NEVER);
        run(4);
        fake_interrupt_in = 0;
        assert_int_equal(error_of(4), sent > room ? failed(IPC_OVERFLOW, true, room) : 0);
        for (unsigned k = 0; k < AREA; k++)
            assert_int_equal(*byte_at(b, DST + k), expected[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple),     cmocka_unit_test(test_sender_waits),
        cmocka_unit_test(test_overflow),   cmocka_unit_test(test_two_strings),
        cmocka_unit_test(test_with_pages), cmocka_unit_test(test_scatter_and_gather),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
