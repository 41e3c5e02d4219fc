/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/timeout.c
// CFLAGS: -Itests/unit/kernel/fake -Ikernel/include -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/* The heap of timeouts against a list that is kept in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "core/timeout.h"
#include "fake.h"

#define N 500

static struct timeout *t; /* in the pool: the heap's pointers reach nothing else */

static void setup(void)
{
    fake_init(4 << 20);
    t = kmem_pages(&accounts[0], 4);
    assert_true(N * sizeof(*t) <= PAGE_SIZE << 4);
    for (unsigned n = 0; n < FAKE_CPUS; n++)
        cpus[n]->alarm = TIME_NEVER;
}

/* The times that are armed on a processor, in order. */
struct model {
    u64 times[N];
    unsigned count;
};

static void model_add(struct model *m, u64 when)
{
    unsigned i = m->count++;

    for (; i > 0 && m->times[i - 1] > when; i--)
        m->times[i] = m->times[i - 1];
    m->times[i] = when;
}

static void model_remove(struct model *m, u64 when)
{
    unsigned i = 0;

    while (m->times[i] != when)
        i++;
    for (m->count--; i < m->count; i++)
        m->times[i] = m->times[i + 1];
}

/* Members of the heap below first and its siblings; each is where its links say. */
static unsigned check_heap(const struct timeout *first, const struct timeout *parent)
{
    const struct timeout *prev = parent;
    unsigned n = 0;

    for (const struct timeout *c = first; c; prev = c, c = kptr_deref(c->next)) {
        assert_true(c->armed);
        assert_ptr_equal(kptr_deref(c->prev), prev);
        assert_true(!parent || c->when >= parent->when);
        n += 1 + check_heap(kptr_deref(c->child), c);
    }
    return n;
}

static void check(const struct model *m, const struct cpu *cpu)
{
    assert_int_equal(check_heap(cpu->timeouts, NULL), m->count);
    if (m->count)
        assert_int_equal(cpu->timeouts->when, m->times[0]);
    else
        assert_null(cpu->timeouts);
}

/* Take what comes first, as the scheduler does when the alarm rings. */
static void expire_first(struct model *m, struct cpu *cpu)
{
    struct timeout *first = cpu->timeouts;

    if (!first)
        return;
    assert_int_equal(first->when, m->times[0]);
    model_remove(m, first->when);
    timeout_cancel(cpu, first);
    assert_false(first->armed);
    assert_true(!first->child && !first->next && !first->prev);
}

static void test_at_random(void **state)
{
    static struct model models[FAKE_CPUS];
    static unsigned char home[N];

    setup();
    memset(models, 0, sizeof(models));
    srand(5);
    for (unsigned i = 0; i < 60000; i++) {
        unsigned n = (unsigned)rand() % N,
                 where = t[n].armed ? home[n] : (unsigned)rand() % FAKE_CPUS;
        struct model *m = &models[where];
        u64 when = (u64)(rand() % 1000) << rand() % 40;

        switch (rand() % 8) {
        default:
            if (t[n].armed)
                model_remove(m, t[n].when);
            timeout_set(cpus[where], &t[n], when);
            model_add(m, when);
            home[n] = (unsigned char)where;
            break;
        case 0:
        case 1:
            if (t[n].armed)
                model_remove(m, t[n].when);
            timeout_cancel(cpus[where], &t[n]);
            break;
        case 2:
            expire_first(m, cpus[where]);
            break;
        case 3:
            if (t[n].armed)
                model_remove(m, t[n].when);
            timeout_set(cpus[where], &t[n], TIME_NEVER);
            assert_false(t[n].armed);
            break;
        }
        if (i % 8 == 0)
            for (unsigned c = 0; c < FAKE_CPUS; c++)
                check(&models[c], cpus[c]);
    }
}

/* However they came in, they go in order. */
static void test_order(void **state)
{
    u64 last = 0;

    setup();
    for (unsigned i = 0; i < N; i++)
        timeout_set(cpus[0], &t[i], i % 3 ? (u64)i * i % 1009 : 2000 - i);
    for (unsigned i = 0; i < N; i++) {
        struct timeout *first = cpus[0]->timeouts;

        assert_true(first->when >= last);
        last = first->when;
        timeout_cancel(cpus[0], first);
    }
    assert_null(cpus[0]->timeouts);
}

/* Only what comes before the alarm lets it be set anew. */
static void test_alarm(void **state)
{
    setup();
    cpus[0]->todo = 0;
    timeout_set(cpus[0], &t[0], 100);
    assert_int_equal(cpus[0]->todo, TODO_ALARM);
    cpus[0]->todo = 0;
    cpus[0]->alarm = 100;
    timeout_set(cpus[0], &t[1], 100);
    timeout_set(cpus[0], &t[2], 200);
    timeout_cancel(cpus[0], &t[0]);
    assert_int_equal(cpus[0]->todo, 0);
    timeout_set(cpus[0], &t[2], 99);
    assert_int_equal(cpus[0]->todo, TODO_ALARM);
    timeout_set(cpus[1], &t[3], 5); /* another processor's business */
    assert_int_equal(cpus[0]->timeouts->when, 99);
    assert_int_equal(cpus[1]->todo, TODO_ALARM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_at_random),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
