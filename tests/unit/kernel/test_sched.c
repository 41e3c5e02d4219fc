/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/threads.c tests/unit/kernel/fake/user.c
// SOURCES: kernel/core/kmem.c kernel/core/slab.c kernel/core/timeout.c kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c
// SOURCES: kernel/core/ioport.c kernel/core/attribute.c kernel/core/space.c kernel/core/ipc.c kernel/core/transfer.c
// SOURCES: kernel/core/strings.c kernel/core/thread.c kernel/core/sched.c kernel/core/cpus.c kernel/core/domain.c
// SOURCES: kernel/api/exit.c kernel/api/pagefault.c kernel/api/unmap.c kernel/api/exregs.c kernel/api/thread_control.c
// SOURCES: kernel/api/schedule.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/waiting.c kernel/core/ending.c kernel/core/notify.c kernel/core/abort.c kernel/core/trace.c kernel/core/mapping.c kernel/core/ready.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* Who runs next, against queues that are plain arrays; quanta, and the alarm that ends them. */
#include "ipc_fixture.h"

#define THREADS_MAX 24

/* ---- queues ---- */

/* For each priority who is ready, in order. */
static struct {
    struct thread *member[THREADS_MAX];
    unsigned count;
} queue[256];

static struct thread *pool[THREADS_MAX];
static struct thread *current; /* NULL: nobody */

static void model_put(struct thread *th, bool at_head)
{
    struct thread **q = queue[th->priority].member;
    unsigned n = queue[th->priority].count++;

    for (; at_head && n > 0; n--)
        q[n] = q[n - 1];
    q[n] = th;
}

static bool model_take(struct thread *th)
{
    struct thread **q = queue[th->priority].member;

    for (unsigned i = 0; i < queue[th->priority].count; i++) {
        if (q[i] != th)
            continue;
        for (queue[th->priority].count--; i < queue[th->priority].count; i++)
            q[i] = q[i + 1];
        return true;
    }
    return false;
}

static int model_highest(void)
{
    int p = 255;

    while (p >= 0 && !queue[p].count)
        p--;
    return p;
}

/* `gone`: who runs does not want to, or cannot. */
static void model_choose(bool gone)
{
    int p = model_highest();

    if (current && !gone && p <= current->priority)
        return;
    if (current && !gone)
        model_put(current, true);
    p = model_highest();
    current = p < 0 ? NULL : queue[p].member[0];
    if (current)
        model_take(current);
}

/* Whoever's quantum it was waits for his turn, too. */
static void model_yield(void)
{
    struct thread *owner = this_cpu()->slice_owner;

    if (owner != current && model_take(owner))
        model_put(owner, false);
    model_put(current, false);
    current = NULL;
}

static void check_queues(void)
{
    struct cpu *cpu = this_cpu();

    assert_ptr_equal(cpu->current, current ? current : cpu->idle);
    assert_int_equal(cpu->highest, MAX(model_highest(), 0));
    assert_int_equal(cpu->gate, cpu->highest);
    for (unsigned p = 0; p < 256; p++) {
        const struct list *l = &cpu->ready.queue[p];

        assert_int_equal(cpu->ready.bitmap[p / WORD_BITS] >> p % WORD_BITS & 1, queue[p].count > 0);
        for (unsigned i = 0; i < queue[p].count; i++) {
            l = l->next;
            assert_ptr_equal(l, &queue[p].member[i]->link);
            assert_true(queue[p].member[i]->queued);
        }
        assert_ptr_equal(l->next, &cpu->ready.queue[p]);
    }
}

static void random_step(struct thread *th)
{
    bool ready = thread_runnable(th), is_current = th == current;
    u8 p = (u8)(rand() % 4 ? rand() % 4 * 70 : rand() % 256);

    switch (rand() % 6) {
    case 0: /* wakes */
        if (th->state == THREAD_READY)
            break;
        sched_wake(th);
        if (!thread_is_halted(th))
            model_put(th, false);
        break;
    case 1: /* blocks */
        if (th->state != THREAD_READY)
            break;
        th->state = THREAD_SLEEPING;
        sched_block(th);
        model_take(th);
        break;
    case 2: { /* another priority: behind those who have it */
        bool queued = model_take(th);

        sched_set_priority(th, p);
        if (queued)
            model_put(th, false);
        break;
    }
    case 3: /* halts, or goes on */
        sched_halt(th, ready);
        if (ready)
            model_take(th);
        else if (thread_runnable(th) && !is_current)
            model_put(th, false);
        break;
    case 4:
        if (!current)
            break;
        model_yield();
        sched_yield();
        break;
    default:
        if (!current || is_current)
            break;
        if (ready && !(th->flags & TF_SPENT)) {
            model_take(th);
            model_put(current, true);
            current = th;
        } else {
            model_yield();
        }
        sched_switch_to(th);
        break;
    }
    model_choose(current && !thread_runnable(current));
    sched_choose();
    check_queues();
}

static void test_queues_at_random(void **state)
{
    struct space *s;

    setup();
    for (unsigned i = 1; i < 6; i++)
        delete (i);
    while (fake_run())
        ;
    s = make_space(UTCBS, 0x10000);
    memset(queue, 0, sizeof(queue));
    current = NULL;
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        pool[i] = thread_create(id_make(100 + i, 1), s, id_make(40, 1));
        sched_set_slice(pool[i], TIME_NEVER);
    }
    srand(10);
    for (unsigned i = 0; i < 20000; i++)
        random_step(pool[rand() % THREADS_MAX]);
    for (unsigned i = 0; i < THREADS_MAX; i++)
        while (!thread_delete(pool[i]))
            ;
}

/* ---- quanta ---- */

/* Only these are ready. */
static void only(unsigned x, unsigned y, unsigned z)
{
    setup();
    for (unsigned i = 1; i < 6; i++) {
        if (i == x || i == y || i == z)
            continue;
        run(i);
        fake_ipc(t[i], NILTHREAD, ANYTHREAD, NEVER);
    }
    run(x);
    sched_set_slice(t[x], 10000);
}

static void test_round_robin(void **state)
{
    only(1, 2, 3);
    assert_int_equal(this_cpu()->slice_end, fake_now + 10000);
    assert_int_equal(fake_timer, fake_now + 10000);
    for (unsigned turn = 0; turn < 3; turn++) {
        for (unsigned i = 1; i < 4; i++) {
            assert_ptr_equal(pass(0), t[i]);
            assert_ptr_equal(pass(9999), t[i]);
            assert_ptr_equal(pass(1), t[i % 3 + 1]);
        }
    }
    for (unsigned i = 1; i < 4; i++) {
        sched_settle(t[i]);
        assert_int_equal(t[i]->cpu_time, 30000);
    }
}

/* Alone, one gets quantum after quantum; and who has an unlimited one keeps the processor. */
static void test_long_quanta(void **state)
{
    only(1, 1, 1);
    for (unsigned i = 0; i < 5; i++)
        assert_ptr_equal(pass(10000), t[1]);
    only(1, 2, 2);
    sched_set_slice(t[1], TIME_NEVER);
    assert_ptr_equal(pass(1000000), t[1]);
    assert_int_equal(this_cpu()->slice_end, TIME_NEVER);
    sched_set_slice(t[1], 500);
    assert_ptr_equal(pass(499), t[1]);
    assert_ptr_equal(pass(1), t[2]);
}

/* Who is preempted goes on with what is left of his quantum, before others of his priority. */
static void test_preempted(void **state)
{
    only(1, 2, 2);
    sched_set_priority(t[3], 200);
    assert_ptr_equal(pass(4000), t[1]);
    ipc_notify(t[3], 1);
    assert_ptr_equal(fake_run(), t[3]);
    fake_ipc(t[3], NILTHREAD, ANYTHREAD, NEVER);
    assert_ptr_equal(fake_run(), t[1]);
    assert_int_equal(t[1]->slice_left, 6000);
    assert_ptr_equal(pass(5999), t[1]);
    assert_ptr_equal(pass(1), t[2]);
}

/* Nobody runs: no time is charged to anybody, and no alarm rings for a quantum. */
static void test_idle(void **state)
{
    u64 before;

    only(1, 1, 1);
    assert_null((ipc(1, NILTHREAD, ANYTHREAD, NEVER), fake_run()));
    assert_ptr_equal(this_cpu()->current, this_cpu()->idle);
    before = t[1]->cpu_time;
    assert_null(pass(123456));
    ipc_notify(t[1], 1);
    assert_ptr_equal(fake_run(), t[1]);
    sched_settle(t[1]);
    assert_int_equal(t[1]->cpu_time, before);
}

/* The domain's books say what its threads' do. */
static void test_domain_time(void **state)
{
    u64 before, sum = 0;

    only(1, 2, 3);
    before = accounts[1].cpu_time;
    for (unsigned i = 1; i < 6; i++)
        sum -= t[i]->cpu_time;
    for (unsigned i = 0; i < 100; i++)
        pass((u64)(rand() % 3000));
    for (unsigned i = 1; i < 6; i++) {
        sched_settle(t[i]);
        sum += t[i]->cpu_time;
    }
    assert_true(sum > 0);
    assert_int_equal(accounts[1].cpu_time - before, sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queues_at_random),
        cmocka_unit_test(test_round_robin),
        cmocka_unit_test(test_long_quanta),
        cmocka_unit_test(test_preempted),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_domain_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
