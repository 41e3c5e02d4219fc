/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/lock.c
// CFLAGS: -Ivmm -Iidl/include -Ibuild/idl -Ilib/l4/include -pthread
/* The lock with real threads, and notifications made of a mutex and condition variables. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host.h"
#include "lock.h"

enum { THREADS = 8, ROUNDS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t notified[THREADS];
static uint64_t bits[THREADS];
static _Thread_local unsigned self;
static struct lock lock;
static unsigned inside, most_inside, rounds;

unsigned host_self(void)
{
    return self;
}

void host_notify(unsigned n, uint64_t add)
{
    pthread_mutex_lock(&mutex);
    bits[n] |= add;
    pthread_cond_signal(&notified[n]);
    pthread_mutex_unlock(&mutex);
}

uint64_t host_wait(void)
{
    pthread_mutex_lock(&mutex);
    while (!bits[self])
        pthread_cond_wait(&notified[self], &mutex);
    uint64_t taken = bits[self];
    bits[self] = 0;
    pthread_mutex_unlock(&mutex);
    return taken;
}

static void *contender(void *arg)
{
    self = (unsigned)(uintptr_t)arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        lock_take(&lock);
        unsigned now = __atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED);
        most_inside = now > most_inside ? now : most_inside;
        rounds++;
        for (volatile unsigned spin = 0; spin < i % 256; spin++)
            ;
        __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
        lock_drop(&lock);
    }
    return NULL;
}

static int setup(void **state)
{
    lock = (struct lock){.shared = true};
    self = inside = most_inside = rounds = 0;
    for (unsigned n = 0; n < THREADS; n++) {
        pthread_cond_init(&notified[n], NULL);
        bits[n] = 0;
    }
    return 0;
}

static void one_at_a_time_and_nobody_is_forgotten(void **state)
{
    pthread_t threads[THREADS];
    for (uintptr_t n = 0; n < THREADS; n++)
        pthread_create(&threads[n], NULL, contender, (void *)n);
    for (unsigned n = 0; n < THREADS; n++)
        pthread_join(threads[n], NULL);
    assert_int_equal(rounds, THREADS * ROUNDS);
    assert_int_equal(most_inside, 1);
    assert_int_equal(lock.held, 0);
    assert_int_equal(lock.waiting, 0);
}

static void *hold_once(void *arg)
{
    self = 1;
    lock_take(&lock);
    lock_drop(&lock);
    return NULL;
}

/* What came for the thread's guest while it waited is still there for its next run. */
static void other_notifications_are_kept(void **state)
{
    pthread_t thread;
    lock_take(&lock);
    pthread_create(&thread, NULL, hold_once, NULL);
    while (!__atomic_load_n(&lock.waiting, __ATOMIC_SEQ_CST))
        ;
    host_notify(1, MZ_NOTIFY_INPUT);
    lock_drop(&lock);
    pthread_join(thread, NULL);
    assert_int_equal(bits[1] & ~HOST_NOTIFY_LOCK, MZ_NOTIFY_INPUT);
}

static void waiters_take_turns(void **state)
{
    lock.waiting = 1u << 1 | 1u << 5;
    self = 3;
    lock_wake(&lock);
    assert_int_equal(bits[5], HOST_NOTIFY_LOCK);
    assert_int_equal(bits[1], 0);
    self = 5;
    lock_wake(&lock);
    assert_int_equal(bits[1], HOST_NOTIFY_LOCK);
}

static void a_lock_that_is_not_shared_is_nothing(void **state)
{
    lock.shared = false;
    lock_take(&lock);
    lock_take(&lock);
    lock_drop(&lock);
    assert_int_equal(lock.held, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_at_a_time_and_nobody_is_forgotten),
        TEST(other_notifications_are_kept),
        TEST(waiters_take_turns),
        TEST(a_lock_that_is_not_shared_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
