/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/threads.c tests/unit/kernel/fake/user.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/core/ipc.c kernel/core/transfer.c
// SOURCES: kernel/core/strings.c kernel/core/thread.c kernel/core/sched.c kernel/core/cpus.c kernel/core/domain.c
// SOURCES: kernel/api/exit.c kernel/api/pagefault.c kernel/api/unmap.c kernel/api/exregs.c kernel/api/thread_control.c
// SOURCES: kernel/api/schedule.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/waiting.c kernel/core/ending.c kernel/core/notify.c kernel/core/abort.c kernel/core/trace.c kernel/core/mapping.c kernel/core/ready.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* The total quantum and its message to the scheduler; preemption that a thread delays. */
#include "ipc_fixture.h"

#define PREEMPTION_LABEL ((word_t)-3 << 4)

/* 1 runs, 2 is ready, 4 is both's scheduler and waits, with a higher priority; the others wait. */
static void begin(void)
{
    setup();
    for (unsigned i = 3; i < 6; i++) {
        run(i);
        fake_ipc(t[i], NILTHREAD, ANYTHREAD, NEVER);
    }
    t[1]->scheduler = t[2]->scheduler = t[4]->id;
    run(1);
    sched_set_priority(t[4], 200);
    sched_set_slice(t[1], 10000);
    sched_set_slice(t[2], 10000);
}

/* ---- total quantum ---- */

/* 25 ms, as a Time: then the scheduler hears of it, and his answer is another 25 ms. */
static void test_total_quantum(void **state)
{
    const u16 ms25 = 6 << 10 | 391; /* 391 * 64 us */
    u64 used = 0;

    begin();
    sched_set_quantum(t[1], ms25);
    for (unsigned turn = 0; turn < 3; turn++) {
        struct thread *now = fake_run();

        while (now != t[4]) {
            if (now == t[1])
                used += 1000;
            assert_true(used <= (turn + 1) * 26000);
            now = pass(1000);
        }
        assert_true(used >= (turn + 1) * 25024);
        assert_int_equal(from_of(4), t[1]->id);
        assert_int_equal(TAG_LABEL(mr(4)[0]), PREEMPTION_LABEL & (~(word_t)0 >> 16));
        assert_int_equal(TAG_U(mr(4)[0]), 2);
        assert_int_equal(mr(4)[1], fake_now); /* when it was */
        assert_int_equal(t[1]->state, THREAD_RECEIVING);
        assert_int_equal(t[1]->quantum_left, 0);
        mr(4)[0] = 0;
        fake_ipc(t[4], t[1]->id, ANYTHREAD, SEND_ZERO);
        assert_int_equal(t[1]->quantum_left, 391 * 64);
    }
}

/* Schedule with a new total quantum is an answer, too. */
static void test_schedule_answers(void **state)
{
    word_t old;

    begin();
    a->privileged = b->privileged = true;
    ipc(2, NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    sched_set_quantum(t[1], 1000);
    sched_set_slice(t[1], TIME_NEVER);
    assert_ptr_equal(pass(999), t[1]);
    assert_ptr_equal(pass(1), t[4]);
    assert_int_equal(api_schedule(t[4], t[1]->id, 0xffffUL << 16 | 500, ~(word_t)0, ~(word_t)0,
                                  ~(word_t)0, &old),
                     6); /* it waits */
    assert_int_equal(old & 0xffff, L4_TIME_ZERO);
    assert_int_equal(t[1]->kipc, KIPC_NONE);
    fake_ipc(t[4], NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    sched_settle(t[1]);
    assert_int_equal(t[1]->quantum_left, 500);
    assert_ptr_equal(pass(500), t[4]);
}

/* No scheduler, no time. */
static void test_no_scheduler(void **state)
{
    begin();
    t[1]->scheduler = id_make(99, 1);
    sched_set_quantum(t[1], 1000);
    sched_set_slice(t[1], TIME_NEVER);
    assert_ptr_equal(pass(1000), t[2]);
    fake_ipc(t[2], NILTHREAD, ANYTHREAD, NEVER);
    assert_null(fake_run());
    assert_int_equal(t[1]->state, THREAD_STOPPED);
    /* An unlimited one never ends. */
    begin();
    sched_set_quantum(t[1], 0);
    sched_set_slice(t[1], TIME_NEVER);
    assert_ptr_equal(pass((u64)1 << 40), t[1]);
}

/* Who runs on a quantum that was given to him does not use his own. */
static void test_donated(void **state)
{
    begin();
    sched_set_quantum(t[1], 1000);
    sched_set_slice(t[4], TIME_NEVER);
    sched_set_quantum(t[4], 600);
    fake_ipc(t[1], t[4]->id, t[4]->id, NEVER);
    assert_ptr_equal(fake_run(), t[4]);
    assert_ptr_equal(pass(700), t[4]);
    assert_int_equal(t[4]->quantum_left, 600);
    mr(4)[0] = 0;
    fake_ipc(t[4], t[1]->id, ANYTHREAD, SEND_ZERO);
    run(1);
    sched_settle(t[1]);
    assert_int_equal(t[1]->quantum_left, 300);
}

/* Two that hand each other the processor shortly before their quanta end get no more than their
 * turns: a third one of the same priority has a third of the time. */
static void test_handing_over(void **state)
{
    u64 time[4] = {0};

    begin();
    sched_set_slice(t[3], 10000);
    ipc_notify(t[3], 1);
    for (unsigned step = 0; step < 3000; step++) {
        struct thread *now = fake_run();
        unsigned n = now == t[1] ? 1 : now == t[2] ? 2 : 3;

        if (n < 3 && step % 10 == 8)
            sched_switch_to(t[3 - n]);
        now = fake_run();
        time[now == t[1] ? 1 : now == t[2] ? 2 : 3] += 1000;
        pass(1000);
    }
    assert_true(time[3] >= 1000000);
}

/* Who runs on a quantum that was handed over gives that up, not its own. */
static void test_giving_up(void **state)
{
    begin();
    ipc_notify(t[3], 1);
    sched_switch_to(t[2]);
    assert_ptr_equal(fake_run(), t[2]);
    sched_yield();
    assert_ptr_equal(fake_run(), t[3]);
    sched_switch_to(t[1]); /* which waits for its turn */
    assert_ptr_equal(fake_run(), t[1]);
    assert_int_equal(t[1]->flags & TF_SPENT, 0);
    assert_ptr_equal(pass(9999), t[1]);
    assert_ptr_equal(pass(1), t[2]);
}

/* ---- delayed preemption ---- */

/* 1 may delay those up to priority 150 by 300 us, and wants to; 2 has such a one and waits. */
static void begin_delay(u8 priority)
{
    begin();
    run(2);
    fake_ipc(t[2], NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    sched_set_slice(t[1], TIME_NEVER);
    t[1]->max_delay = 300;
    t[1]->sensitive_prio = 150;
    t[1]->utcb->flags = UTCB_DELAY;
    sched_set_priority(t[2], priority);
    ipc_notify(t[2], 1);
}

static void test_delay(void **state)
{
    begin_delay(150);
    assert_ptr_equal(fake_run(), t[1]);
    assert_true(t[1]->utcb->flags & UTCB_PENDING);
    assert_ptr_equal(pass(299), t[1]);
    assert_ptr_equal(pass(1), t[2]); /* it was too long */
    assert_int_equal(t[1]->state, THREAD_READY);
    /* Not twice for one preemption, but at the next one again. */
    fake_ipc(t[2], NILTHREAD, ANYTHREAD, NEVER);
    assert_ptr_equal(fake_run(), t[1]);
    ipc_notify(t[2], 1);
    assert_ptr_equal(fake_run(), t[1]);
    /* It gives way in time. */
    pass(100);
    sched_yield();
    assert_ptr_equal(fake_run(), t[2]);
    assert_false(t[1]->utcb->flags & UTCB_PENDING);
}

static void test_no_delay(void **state)
{
    begin_delay(151); /* too important */
    assert_ptr_equal(fake_run(), t[2]);
    assert_false(t[1]->utcb->flags & UTCB_PENDING);
    begin_delay(150);
    t[1]->utcb->flags = 0; /* it does not want to */
    assert_ptr_equal(fake_run(), t[2]);
    begin_delay(150);
    t[1]->max_delay = 0; /* it may not */
    assert_ptr_equal(fake_run(), t[2]);
    begin_delay(150);
    assert_ptr_equal(fake_run(), t[1]);
    ipc_notify(t[4], 1); /* one more, whom it cannot delay */
    assert_ptr_equal(fake_run(), t[4]);
}

/* The end of its quantum, too. */
static void test_delayed_end_of_quantum(void **state)
{
    begin();
    sched_set_slice(t[1], 1000);
    t[1]->max_delay = 300;
    t[1]->utcb->flags = UTCB_DELAY;
    assert_ptr_equal(pass(1000), t[1]);
    assert_true(t[1]->utcb->flags & UTCB_PENDING);
    assert_ptr_equal(pass(299), t[1]);
    assert_ptr_equal(pass(1), t[2]);
}

/* Its exception handler hears that it was too long, if it wants that. */
static void test_signal(void **state)
{
    begin_delay(150);
    t[1]->utcb->flags |= UTCB_SIGNAL;
    t[1]->utcb->exception_handler = t[3]->id;
    assert_ptr_equal(fake_run(), t[1]);
    assert_ptr_equal(pass(300), t[2]);
    fake_ipc(t[2], NILTHREAD, ANYTHREAD, NEVER);
    assert_ptr_equal(fake_run(), t[3]); /* as soon as 1 runs again */
    assert_int_equal(from_of(3), t[1]->utcb_addr);
    assert_int_equal(TAG_LABEL(mr(3)[0]), PREEMPTION_LABEL & (~(word_t)0 >> 16));
    mr(3)[0] = 0;
    fake_ipc(t[3], t[1]->id, ANYTHREAD, SEND_ZERO);
    assert_ptr_equal(fake_run(), t[1]);
    assert_int_equal(t[1]->kipc, KIPC_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_total_quantum),
        cmocka_unit_test(test_schedule_answers),
        cmocka_unit_test(test_no_scheduler),
        cmocka_unit_test(test_donated),
        cmocka_unit_test(test_handing_over),
        cmocka_unit_test(test_giving_up),
        cmocka_unit_test(test_delay),
        cmocka_unit_test(test_no_delay),
        cmocka_unit_test(test_delayed_end_of_quantum),
        cmocka_unit_test(test_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
