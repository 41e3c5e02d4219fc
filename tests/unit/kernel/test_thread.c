/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/threads.c tests/unit/kernel/fake/user.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/core/ipc.c kernel/core/transfer.c
// SOURCES: kernel/core/strings.c kernel/core/thread.c kernel/core/sched.c kernel/core/cpus.c kernel/core/domain.c
// SOURCES: kernel/api/exit.c kernel/api/pagefault.c kernel/api/unmap.c kernel/api/exregs.c kernel/api/thread_control.c
// SOURCES: kernel/api/schedule.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/waiting.c kernel/core/ending.c kernel/core/notify.c kernel/core/abort.c kernel/core/trace.c kernel/core/mapping.c kernel/core/ready.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include -DKERNEL_CHECKS
/* Threads' lives: numbers and versions, creation, and deletion that is interrupted at every look. */
#include "debug/check.h"
#include "ipc_fixture.h"

#define GROUP (PAGE_SIZE / sizeof(struct thread *)) /* threads of a page of the table */

/* ---- freed memory: nobody may write to it ---- */

static struct {
    u8 *p;
    size_t n;
} freed[8];
static unsigned freed_count;

void check_kernel(void)
{
}

void check_poison(void *p, size_t n)
{
    memset(p, 0xdb, n);
    freed[freed_count % ARRAY_SIZE(freed)].p = p;
    freed[freed_count++ % ARRAY_SIZE(freed)].n = n;
}

/* Since `from`; but for the first word, where the allocator keeps its chain. */
static void check_freed(unsigned from)
{
    for (unsigned i = MAX(from, freed_count - MIN(freed_count, 8u)); i < freed_count; i++)
        for (size_t k = sizeof(word_t); k < freed[i % 8].n; k++)
            assert_int_equal(freed[i % 8].p[k], 0xdb);
}

/* ---- numbers ---- */

static void test_ids(void **state)
{
    const word_t numbers[] = {20,         GROUP - 1, GROUP, 2 * GROUP + 5, THREADS - GROUP - 1,
                              THREADS - 1};
    struct thread *th[ARRAY_SIZE(numbers)];

    setup();
    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        assert_null(thread_find_number(numbers[i]));
        th[i] = thread_create(id_make(numbers[i], 5), a, id_make(40, 1));
        assert_non_null(th[i]);
        assert_ptr_equal(thread_find(id_make(numbers[i], 5)), th[i]);
        assert_ptr_equal(thread_find_number(numbers[i]), th[i]);
        assert_int_equal(thread_number(th[i]), numbers[i]);
        assert_null(thread_find(id_make(numbers[i], 6)));
        assert_null(thread_find(id_make(numbers[i], 5 + 64)));
    }
    assert_int_equal(a->thread_count, 3 + ARRAY_SIZE(numbers));
    assert_ptr_equal(thread_next(0), th[0]);
    assert_ptr_equal(thread_next(21), t[1]);
    assert_ptr_equal(thread_next(46), th[1]);
    for (unsigned i = 1; i < ARRAY_SIZE(numbers); i++)
        assert_ptr_equal(thread_next(numbers[i - 1] + 1), i == 1 ? t[1] : th[i]);
    assert_null(thread_next(THREADS));
    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        assert_true(thread_delete(th[i]));
        assert_null(thread_find_number(numbers[i]));
        assert_null(thread_find(id_make(numbers[i], 5)));
    }
}

/* Words that are no thread's id, whatever they look like. */
static void test_no_ids(void **state)
{
    setup();
    assert_null(thread_find(NILTHREAD));
    assert_null(thread_find(ANYTHREAD));
    assert_null(thread_find(ANYLOCAL));
    assert_null(thread_find(id_make(THREADS, 1)));
    assert_null(thread_find(id_make(THREADS + 41, 1))); /* as 1, were it not for the high bits */
    assert_null(thread_find(t[1]->utcb_addr));
    assert_null(thread_find(id_notify()));
    for (word_t n = 0; n < 40; n++)
        assert_null(thread_find(id_make(n, 1)));
}

/* Neither an account nor the pool has enough: nothing has happened. */
static void test_no_memory(void **state)
{
    word_t used, limit = (word_t)accounts[1].limit;
    unsigned count;

    setup();
    used = account_used(&accounts[1]);
    count = a->thread_count;
    for (word_t more = 0; more < sizeof(struct thread); more += 8) {
        account_set_limit(&accounts[1], used + more);
        assert_null(thread_create(id_make(300, 1), a, id_make(40, 1)));
        assert_int_equal(account_used(&accounts[1]), used);
        assert_int_equal(a->thread_count, count);
        assert_null(thread_find_number(300));
    }
    account_set_limit(&accounts[1], used + sizeof(struct thread));
    t[0] = thread_create(id_make(300, 1), a, id_make(40, 1));
    assert_non_null(t[0]);
    t[0]->utcb_addr = UTCBS + 0x8000 + UTCB_MR0_BYTES; /* on a page that is not there yet */
    assert_false(thread_activate(t[0], id_make(99, 1)));
    assert_int_equal(t[0]->state, THREAD_INACTIVE);
    account_set_limit(&accounts[1], limit);
    assert_true(thread_activate(t[0], id_make(99, 1)));
    delete (0);
}

/* ---- versions ---- */

static word_t result;

static void rename_5(struct thread *cur)
{
    result = api_thread_control(cur, id_make(45, 7), t[5]->id, NILTHREAD, NILTHREAD, ~(word_t)0);
}

/* Who waits for the old id, or queues, hears that it is no more; however often that is interrupted. */
static void test_new_version(void **state)
{
    word_t old;

    setup();
    a->privileged = true;
    old = t[5]->id;
    ipc(2, NILTHREAD, old, NEVER);
    ipc(3, old, NILTHREAD, NEVER);
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    run(1);
    fake_interrupt_in = fake_interrupt_again = 1;
    fake_call(t[1], rename_5);
    run(1);
    fake_interrupt_in = 0;
    assert_int_equal(result, 1);
    assert_ptr_equal(thread_find(id_make(45, 7)), t[5]);
    assert_int_equal(t[5]->utcb->my_global_id, id_make(45, 7));
    assert_null(thread_find(old));
    assert_int_equal(t[2]->utcb->error, IPC_NO_PARTNER << 1 | 1);
    assert_int_equal(t[3]->utcb->error, IPC_NO_PARTNER << 1);
    assert_int_equal(t[4]->state, THREAD_RECEIVING);
}

/* ---- deletion ---- */

#define MANY 150

static struct thread *many[MANY];

/* Many that wait for 5: half of them to send, half to receive. */
static void make_many(void)
{
    word_t size = 1UL << 18;

    setup();
    delete (2);
    delete (3);
    a->utcb_size = size;
    for (unsigned i = 0; i < MANY; i++) {
        many[i] = make_thread(60 + i, a);
    }
}

static void wait_for_5(struct thread *th)
{
    bool sends = thread_number(th) % 2;

    ipc_start(th, sends ? t[5]->id : NILTHREAD, sends ? NILTHREAD : t[5]->id, 0);
}

static void make_them_wait(void)
{
    for (unsigned i = 0; i < MANY; i++) {
        for (unsigned k = 0; fake_run() != many[i]; k++) {
            assert_true(k < 2 * MANY);
            sched_yield();
        }
        fake_call(many[i], wait_for_5);
        assert_int_equal(many[i]->state, i % 2 ? THREAD_SENDING : THREAD_RECEIVING);
    }
}

static void delete_many(void)
{
    for (unsigned i = 0; i < MANY; i++)
        while (!thread_delete(many[i]))
            ;
}

/* Who begins to wait for the old id while the search for others has stopped. */
static void test_new_version_takes_long(void **state)
{
    make_many();
    a->privileged = true;
    ipc(4, NILTHREAD, ANYTHREAD, NEVER);
    sched_set_priority(t[4], 200);
    make_them_wait();
    run(1);
    fake_interrupt_in = 5; /* behind those that queue */
    fake_call(t[1], rename_5);
    assert_int_equal(t[5]->id, id_make(45, 1));
    ipc_notify(t[4], 1); /* that was the interrupt */
    assert_ptr_equal(fake_run(), t[4]);
    fake_ipc(t[4], NILTHREAD, t[5]->id, NEVER);
    assert_int_equal(t[4]->state, THREAD_RECEIVING);
    assert_ptr_equal(fake_run(), t[4]); /* not for ever */
    assert_int_equal(t[5]->id, id_make(45, 7));
    assert_int_equal(t[4]->utcb->error, IPC_NO_PARTNER << 1 | 1);
    delete_many();
}

static void test_deletion_is_interrupted(void **state)
{
    unsigned calls = 1;
    word_t id;

    make_many();
    make_them_wait();
    id = t[5]->id;
    fake_interrupt_in = fake_interrupt_again = 1;
    for (; !thread_delete(t[5]); calls++) {
        assert_null(thread_find(id)); /* from the beginning on */
        assert_ptr_equal(thread_find_number(45), t[5]);
        assert_int_equal(thread_number(t[5]), 45);
        assert_true(calls < 100);
    }
    fake_interrupt_in = 0;
    t[5] = NULL;
    assert_true(calls > 4);
    assert_null(thread_find_number(45));
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(many[i]->state, THREAD_READY);
        assert_int_equal(many[i]->utcb->error, IPC_NO_PARTNER << 1 | (i % 2 ? 0 : 1));
    }
    delete_many();
}

/* Between two attempts others run; whoever tries to reach it finds nobody. */
static void test_others_run_meanwhile(void **state)
{
    make_many();
    make_them_wait();
    fake_interrupt_in = 1;
    fake_interrupt_again = 0;
    assert_false(thread_delete(t[5]));
    ipc(1, id_make(45, 1), NILTHREAD, NEVER);
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1);
    ipc(1, NILTHREAD, id_make(45, 1), NEVER);
    assert_int_equal(t[1]->utcb->error, IPC_NO_PARTNER << 1 | 1);
    assert_true(thread_delete(t[5]));
    t[5] = NULL;
    delete_many();
}

/* With the last thread goes the space, with all that it has. */
static void test_last_thread(void **state)
{
    word_t before;
    unsigned from, calls = 0;

    setup();
    before = account_used(&accounts[1]);
    a = make_space(UTCBS, 0x10000);
    b->sigma0 = true;
    t[0] = make_thread(55, a);
    for (unsigned i = 0; i < 50; i++)
        assert_int_equal(map_fpage(b, fpage_make(0x5000, 12, RIGHT_R), a, FPAGE_COMPLETE,
                                   0x400000UL * i, false, &(word_t){0}),
                         MAP_DONE);
    b->sigma0 = false;
    from = freed_count;
    fake_interrupt_in = fake_interrupt_again = 1;
    while (!thread_delete(t[0]))
        assert_true(calls++ < 10000);
    fake_interrupt_in = 0;
    assert_true(calls > 0);
    check_freed(from);
    assert_int_equal(account_used(&accounts[1]), before);
    t[0] = NULL;
    a = t[1]->space;
}

static void delete_5(struct thread *cur)
{
    result = api_thread_control(cur, id_make(45, 1), NILTHREAD, NILTHREAD, NILTHREAD, 0);
}

static void create_5(struct thread *cur)
{
    result = api_thread_control(cur, id_make(45, 3), id_make(41, 1), id_make(41, 1), NILTHREAD,
                                ~(word_t)0);
}

/* The system call starts over when it was interrupted, and who creates goes on with it. */
/* Whose registers were set once takes the long way once, and is fit for the fast paths again. */
static void test_set_registers(void **state)
{
    struct exregs r = {.control = 1 << 4, .ip = 0x1234}; /* i */

    setup();
    run(1);
    assert_true(api_exchange_registers(t[1], t[2]->id, &r) != 0);
    assert_int_equal(frame_ip(&t[2]->frame), 0x1234);
    assert_true(t[2]->flags != 0);
    run(2);
    assert_int_equal(t[2]->flags, 0);
}

static void test_by_system_call(void **state)
{
    setup();
    a->privileged = true;
    delete (4); /* 5 is the last one in its space, so that it takes a while */
    run(1);
    fake_interrupt_in = fake_interrupt_again = 1;
    fake_call(t[1], delete_5);
    fake_interrupt_in = 0;
    t[5] = thread_find_number(45);
    assert_true(t[5] && !t[5]->id);
    assert_int_equal(t[1]->cont, CONT_CALL);
    t[1]->cont = CONT_NONE; /* it was not to be; another one comes */
    fake_call(t[1], create_5);
    assert_ptr_equal(fake_run(), t[1]);
    assert_int_equal(result, 1);
    t[5] = thread_find(id_make(45, 3));
    assert_non_null(t[5]);
    assert_ptr_equal(t[5]->space, a);
    assert_int_equal(t[5]->state, THREAD_INACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_no_ids),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_new_version),
        cmocka_unit_test(test_new_version_takes_long),
        cmocka_unit_test(test_deletion_is_interrupted),
        cmocka_unit_test(test_others_run_meanwhile),
        cmocka_unit_test(test_last_thread),
        cmocka_unit_test(test_set_registers),
        cmocka_unit_test(test_by_system_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
