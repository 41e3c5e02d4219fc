/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/threads.c tests/unit/kernel/fake/user.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/core/ipc.c kernel/core/transfer.c
// SOURCES: kernel/core/strings.c kernel/core/thread.c kernel/core/sched.c kernel/core/cpus.c kernel/core/domain.c
// SOURCES: kernel/api/exit.c kernel/api/pagefault.c kernel/api/unmap.c kernel/api/exregs.c kernel/api/thread_control.c
// SOURCES: kernel/api/schedule.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/waiting.c kernel/core/ending.c kernel/core/notify.c kernel/core/abort.c kernel/core/trace.c kernel/core/mapping.c kernel/core/ready.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* IPC and the scheduler on the host: rendezvous, waiting, errors, donation, deletion. */
#include "ipc_fixture.h"

/* ---- tests ---- */

static void test_call_and_reply(void **state)
{
    (void)state;
    setup();
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    assert_int_equal(t[4]->state, THREAD_RECEIVING);
    mr(1)[0] = 0x1230000 | 2;
    mr(1)[1] = 11;
    mr(1)[2] = 12;
    ipc(1, t[4]->id, t[4]->id, NEVER);
    assert_ptr_equal(this_cpu()->current, t[4]); /* the server runs at once, on the client's time */
    assert_ptr_equal(this_cpu()->slice_owner, t[1]);
    assert_int_equal(mr(4)[0], 0x1230002);
    assert_int_equal(mr(4)[2], 12);
    assert_int_equal(from_of(4), t[1]->id);
    mr(4)[0] = 1;
    mr(4)[1] = 99;
    ipc(4, t[1]->id, ANYTHREAD, SEND_ZERO);
    assert_ptr_equal(sched_choose(), t[1]);
    assert_int_equal(mr(1)[1], 99);
    assert_int_equal(t[4]->state, THREAD_RECEIVING);
}

static void test_local_ids(void **state)
{
    (void)state;
    setup();
    ipc(2, NILTHREAD, ANYLOCAL, NEVER);
    mr(4)[0] = 0;
    ipc(4, t[2]->id, NILTHREAD, SEND_ZERO); /* another space: not accepted */
    assert_int_equal(mr(4)[0], TAG_ERROR);
    assert_int_equal(t[4]->utcb->error, IPC_TIMEOUT << 1);
    mr(1)[0] = 0;
    ipc(1, t[2]->id, NILTHREAD, SEND_ZERO);
    assert_int_equal(mr(1)[0], 0);
    assert_int_equal(from_of(2), t[1]->utcb_addr);
}

static void test_senders_are_served_in_order(void **state)
{
    (void)state;
    setup();
    for (unsigned i = 1; i < 4; i++) {
        mr(i)[0] = 1;
        mr(i)[1] = i;
        ipc(i, t[5]->id, NILTHREAD, NEVER);
        assert_int_equal(t[i]->state, THREAD_SENDING);
    }
    for (unsigned i = 1; i < 4; i++) {
        ipc(5, NILTHREAD, ANYTHREAD, NEVER);
        assert_int_equal(mr(5)[1], i);
        assert_int_equal(t[i]->state, THREAD_READY);
        assert_int_equal(mr(i)[0], 1); /* the sender's tag is unchanged */
    }
    ipc(5, NILTHREAD, t[2]->id, ZERO);
    assert_int_equal(t[5]->utcb->error, IPC_TIMEOUT << 1 | 1);
}

static void test_bad_partners(void **state)
{
    (void)state;
    setup();
    ipc(1, id_make(60, 1), NILTHREAD, NEVER);
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1);
    ipc(1, id_make(42, 2), NILTHREAD, NEVER); /* an old version */
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1);
    ipc(1, NILTHREAD, id_make(60, 1), NEVER);
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1 | 1);
    mr(1)[0] = 63 | 1 << 6; /* too many words */
    ipc(5, NILTHREAD, ANYTHREAD, NEVER);
    ipc(1, t[5]->id, NILTHREAD, NEVER);
    assert_int_equal(t[1]->utcb->error, IPC_OVERFLOW << 1);
    assert_int_equal(t[5]->utcb->error, IPC_OVERFLOW << 1 | 1);
}

static void test_timeouts(void **state)
{
    (void)state;
    setup();
    ipc(1, NILTHREAD, ANYTHREAD, 1 << 10 | 500); /* 1000 us */
    fake_now += 999;
    sched_timer();
    assert_int_equal(t[1]->state, THREAD_RECEIVING);
    fake_now++;
    sched_timer();
    assert_int_equal(t[1]->state, THREAD_READY);
    assert_int_equal(t[1]->utcb->error, IPC_TIMEOUT << 1 | 1);
    ipc(1, NILTHREAD, t[1]->id, 1 << 10 | 500); /* sleep */
    mr(2)[0] = 0;
    ipc(2, t[1]->id, NILTHREAD, SEND_ZERO);
    assert_int_equal(mr(2)[0], TAG_ERROR);
}

static void test_deletion_wakes_partners(void **state)
{
    (void)state;
    setup();
    ipc(1, t[5]->id, NILTHREAD, NEVER);
    ipc(2, NILTHREAD, t[5]->id, NEVER);
    ipc(3, t[5]->id, t[5]->id, NEVER);
    run(4);
    delete (5);
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1);
    assert_int_equal(t[2]->utcb->error, IPC_NO_PARTNER << 1 | 1);
    for (unsigned i = 1; i < 4; i++)
        assert_int_equal(t[i]->state, THREAD_READY);
}

static void test_long_chain_of_waiting_callers(void **state)
{
    /* Callers queue at each other; one receive starts all their receive phases, each in its turn. */
    (void)state;
    setup();
    for (unsigned i = 4; i > 1; i--) {
        mr(i)[0] = 0;
        ipc(i, t[i - 1]->id, ANYTHREAD, NEVER); /* 4 -> 3 -> 2 -> 1 */
        assert_int_equal(t[i]->state, THREAD_SENDING);
    }
    ipc(1, NILTHREAD, ANYTHREAD, NEVER);
    run(2);
    run(3);
    assert_int_equal(t[1]->state, THREAD_READY);
    assert_int_equal(t[2]->state, THREAD_READY); /* got 3's message */
    assert_int_equal(t[3]->state, THREAD_READY); /* got 4's message */
    assert_int_equal(t[4]->state, THREAD_RECEIVING);
}

static void test_propagation(void **state)
{
    (void)state;
    setup();
    ipc(5, NILTHREAD, ANYTHREAD, NEVER);
    ipc(2, NILTHREAD, t[1]->id, NEVER); /* 2 waits for 1, who passes its request on to 5 */
    mr(1)[0] = TAG_PROPAGATED;
    t[1]->utcb->sender = t[2]->id;
    ipc(1, t[5]->id, NILTHREAD, NEVER);
    assert_int_equal(from_of(5), t[2]->id);
    assert_int_equal(mr(5)[0], TAG_PROPAGATED);
    assert_int_equal(t[5]->utcb->sender, t[1]->id);
    mr(5)[0] = 0;
    ipc(5, t[2]->id, NILTHREAD, SEND_ZERO);
    assert_int_equal(t[2]->state, THREAD_READY);
    /* Somebody else's name is not to be had: the message goes out as the sender's own. */
    ipc(3, NILTHREAD, ANYTHREAD, NEVER);
    mr(4)[0] = TAG_PROPAGATED;
    t[4]->utcb->sender = t[1]->id;
    ipc(4, t[3]->id, NILTHREAD, NEVER);
    assert_int_equal(from_of(3), t[4]->id);
    assert_int_equal(mr(3)[0], 0);
}

static void test_map_items(void **state)
{
    struct pt_leaf l;

    (void)state;
    setup();
    sigma0_space = b;
    b->sigma0 = true;
    t[2]->utcb->br_reversed[BR_COUNT - 1] = 0; /* no window */
    ipc(2, NILTHREAD, ANYTHREAD, NEVER);
    mr(4)[0] = 2 << 6;
    mr(4)[1] = 0x5000 | 8;
    mr(4)[2] = fpage_make(0x7000, 12, RIGHT_R);
    ipc(4, t[2]->id, NILTHREAD, NEVER);
    assert_int_equal(t[2]->utcb->error, IPC_OVERFLOW << 1 | 1);
    t[2]->utcb->br_reversed[BR_COUNT - 1] = FPAGE_COMPLETE;
    ipc(2, NILTHREAD, ANYTHREAD, NEVER);
    mr(4)[0] = 2 << 6;
    ipc(4, t[2]->id, NILTHREAD, NEVER);
    l = pt_lookup(a, 0x5000);
    assert_non_null(l.pte);
    assert_int_equal(pt_address(&l).v, 0x7000);
    /* Neither KIP nor UTCBs can be mapped over. */
    mr(4)[0] = 2 << 6;
    mr(4)[1] = UTCBS | 8;
    ipc(2, NILTHREAD, ANYTHREAD, NEVER);
    ipc(4, t[2]->id, NILTHREAD, NEVER);
    l = pt_lookup(a, UTCBS);
    assert_true(!l.pte || pt_pinned(&l));
    b->sigma0 = false;
}

static void test_page_fault_protocol(void **state)
{
    (void)state;
    setup();
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    mr(1)[0] = 77;
    t[1]->utcb->pager = t[4]->id;
    api_page_fault(t[1], 0x1234, RIGHT_W, 0x99);
    assert_int_equal(mr(4)[0], (word_t)-0x1e << 16 | 2); /* label -2, write */
    assert_int_equal(mr(4)[1], 0x1234);
    assert_int_equal(mr(4)[2], 0x99);
    mr(4)[0] = 0;
    ipc(4, t[1]->id, ANYTHREAD, SEND_ZERO);
    assert_int_equal(t[1]->state, THREAD_READY);
    assert_int_equal(t[1]->kipc, KIPC_NONE);
    assert_int_equal(mr(1)[0], 77); /* the user's registers are untouched */
}

static void test_notifications(void **state)
{
    (void)state;
    setup();
    ipc_notify(t[1], 5);
    ipc(1, NILTHREAD, t[2]->id, ZERO); /* not for a closed wait */
    assert_int_equal(t[1]->utcb->error, IPC_TIMEOUT << 1 | 1);
    ipc(1, NILTHREAD, ANYTHREAD, NEVER);
    assert_int_equal(from_of(1), id_notify());
    assert_int_equal(mr(1)[1], 5);
    assert_int_equal(t[1]->notify_bits, 0);
    ipc(1, NILTHREAD, id_notify(), NEVER);
    assert_int_equal(t[1]->state, THREAD_RECEIVING);
    ipc_notify(t[1], 8);
    assert_int_equal(t[1]->state, THREAD_READY);
    assert_int_equal(mr(1)[1], 8);
}

static void test_quantum_of_a_caller(void **state)
{
    (void)state;
    setup();
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    t[4]->priority = 200;
    mr(1)[0] = 0;
    ipc(1, t[4]->id, t[4]->id, NEVER);
    assert_ptr_equal(this_cpu()->slice_owner, t[1]);
    fake_now += 20000; /* its quantum ends while the server works */
    sched_timer();
    assert_ptr_equal(sched_choose(), t[4]);
    mr(4)[0] = 0;
    ipc(4, t[1]->id, ANYTHREAD, SEND_ZERO);
    assert_ptr_not_equal(sched_choose(), t[1]); /* so the others come first */
    assert_int_equal(t[1]->state, THREAD_READY);
}

static void test_migration(void **state)
{
    (void)state;
    setup();
    mr(3)[5] = 55;
    ipc(3, NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    assert_true(thread_migrate(t[3], b));
    assert_ptr_equal(t[3]->space, b);
    assert_int_equal(a->thread_count, 2);
    assert_int_equal(b->thread_count, 3);
    assert_int_equal(mr(3)[5], 55);
    assert_int_equal(t[3]->utcb->error, IPC_ABORTED << 1 | 1);
    mr(4)[0] = 0;
    ipc(3, NILTHREAD, ANYLOCAL, NEVER);
    ipc(4, t[3]->id, NILTHREAD, SEND_ZERO); /* now it is local */
    assert_int_equal(from_of(3), t[4]->utcb_addr);
}

static void test_client_cannot_live_on_its_server(void **state)
{
    (void)state;
    setup();
    t[4]->priority = 200;
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    mr(1)[0] = 0;
    ipc(1, t[4]->id, NILTHREAD, NEVER);
    assert_ptr_equal(sched_choose(), t[4]); /* woken, not called: it runs on its own quantum */
    assert_ptr_equal(this_cpu()->slice_owner, t[4]);
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    run(2);
    t[2]->slice_left = 5000;
    mr(2)[0] = 0;
    ipc(2, t[4]->id, t[4]->id, NEVER);
    this_cpu()->slice_owner = t[4]; /* as after an interrupt that the server handled in between */
    mr(4)[0] = 0;
    ipc(4, t[2]->id, ANYTHREAD, SEND_ZERO);
    assert_ptr_equal(sched_choose(), t[2]);
    assert_ptr_equal(this_cpu()->slice_owner, t[2]);
}

/* Who runs on a quantum whose owner disappears goes on with an own one. */
static void test_deletion_of_a_donor(void **state)
{
    (void)state;
    setup();
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    ipc(1, t[4]->id, t[4]->id, NEVER);
    assert_ptr_equal(this_cpu()->slice_owner, t[1]);
    delete (1);
    assert_ptr_equal(sched_choose(), t[4]);
    assert_ptr_equal(this_cpu()->slice_owner, t[4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_and_reply),
        cmocka_unit_test(test_local_ids),
        cmocka_unit_test(test_senders_are_served_in_order),
        cmocka_unit_test(test_bad_partners),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_deletion_wakes_partners),
        cmocka_unit_test(test_long_chain_of_waiting_callers),
        cmocka_unit_test(test_propagation),
        cmocka_unit_test(test_map_items),
        cmocka_unit_test(test_page_fault_protocol),
        cmocka_unit_test(test_notifications),
        cmocka_unit_test(test_quantum_of_a_caller),
        cmocka_unit_test(test_migration),
        cmocka_unit_test(test_client_cannot_live_on_its_server),
        cmocka_unit_test(test_deletion_of_a_donor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
