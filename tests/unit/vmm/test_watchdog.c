/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/devices/watchdog.c vmm/board/bus.c vmm/lock.c tests/unit/vmm/fake_host.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* The watchdog by its registers: start, feeding, stop, the bite, and who looks late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "devices/watchdog.h"

#define MS      UINT64_C(1000) /* ticks */
#define LONGEST 8000u

static struct io_bus *bus;
static struct watchdog dog;
static uint64_t time;
static unsigned bites, changes;
static jmp_buf bitten;

static uint64_t now(void *context)
{
    return time;
}

static void changed(void *context)
{
    changes++;
}

static void bite(void *context)
{
    bites++;
    dog.due = UINT64_MAX;
    longjmp(bitten, 1);
}

static const struct watchdog_ops ops = {now, changed, bite};

static int setup(void **state)
{
    time = 123456;
    bites = changes = 0;
    bus = calloc(1, sizeof(*bus));
    static struct lock lock;
    io_bus_init(bus, &lock);
    watchdog_init(&dog, &ops, NULL, LONGEST, MS);
    return watchdog_attach(&dog, bus) ? 0 : -1;
}

static int teardown(void **state)
{
    free(bus);
    return 0;
}

static uint32_t in(unsigned reg)
{
    const struct io_device *d = io_bus_find(bus, (uint16_t)(WATCHDOG_PORT + reg));
    return d->read(d->device, (uint16_t)(WATCHDOG_PORT + reg), 4);
}

static void out(unsigned reg, uint32_t value)
{
    const struct io_device *d = io_bus_find(bus, (uint16_t)(WATCHDOG_PORT + reg));
    d->write(d->device, (uint16_t)(WATCHDOG_PORT + reg), 4, value);
}

/* So much time passes, and it is looked at whenever that is due, but not after a bite. */
static void pass(uint64_t ms)
{
    uint64_t end = time + ms * MS;
    if (setjmp(bitten))
        return;
    while (dog.due <= end) {
        time = dog.due;
        watchdog_look(&dog);
    }
    time = end;
}

static void it_sleeps_until_it_is_started(void **state)
{
    assert_int_equal(in(WATCHDOG_CONTROL), 0);
    assert_int_equal(in(WATCHDOG_TIMEOUT), LONGEST);
    assert_int_equal(in(WATCHDOG_LEFT), 0);
    out(WATCHDOG_FEED, 1);
    pass(2 * LONGEST);
    assert_int_equal(dog.due, UINT64_MAX);
    assert_int_equal(bites, 0);
}

static void it_bites_who_does_not_feed_it(void **state)
{
    out(WATCHDOG_CONTROL, WATCHDOG_RUNS);
    assert_int_equal(in(WATCHDOG_CONTROL), WATCHDOG_RUNS);
    assert_int_equal(in(WATCHDOG_LEFT), LONGEST);
    assert_int_equal(changes, 1);
    pass(LONGEST - 1);
    assert_int_equal(in(WATCHDOG_LEFT), 1);
    assert_int_equal(bites, 0);
    pass(1);
    assert_int_equal(bites, 1);
}

static void feeding_gives_the_full_time(void **state)
{
    out(WATCHDOG_CONTROL, WATCHDOG_RUNS);
    for (unsigned i = 0; i < 10; i++) {
        pass(LONGEST - 1);
        out(WATCHDOG_FEED, 1);
        assert_int_equal(in(WATCHDOG_FEED), 0);
        assert_int_equal(in(WATCHDOG_LEFT), LONGEST);
    }
    assert_int_equal(bites, 0);
    pass(LONGEST);
    assert_int_equal(bites, 1);
}

static void it_can_be_stopped(void **state)
{
    out(WATCHDOG_CONTROL, WATCHDOG_RUNS);
    out(WATCHDOG_CONTROL, 0);
    assert_int_equal(in(WATCHDOG_CONTROL), 0);
    assert_int_equal(changes, 2);
    pass(LONGEST);
    assert_int_equal(bites, 0);
}

static void a_shorter_time_holds_from_the_next_feeding_on(void **state)
{
    out(WATCHDOG_CONTROL, WATCHDOG_RUNS);
    out(WATCHDOG_TIMEOUT, 500);
    assert_int_equal(in(WATCHDOG_LEFT), LONGEST);
    out(WATCHDOG_FEED, 1);
    assert_int_equal(in(WATCHDOG_LEFT), 500);
    pass(500);
    assert_int_equal(bites, 1);
}

static void no_time_is_longer_than_the_longest(void **state)
{
    static const uint32_t times[] = {LONGEST + 1, UINT32_MAX, 0};
    for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        out(WATCHDOG_TIMEOUT, 1);
        assert_int_equal(in(WATCHDOG_TIMEOUT), 1);
        out(WATCHDOG_TIMEOUT, times[i]);
        assert_int_equal(in(WATCHDOG_TIMEOUT), LONGEST);
    }
}

/* However long it is, a pause costs no more than one step. */
static void who_was_paused_is_not_bitten(void **state)
{
    static const uint64_t pauses[] = {LONGEST / 2, LONGEST, 100 * LONGEST};
    for (unsigned i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        out(WATCHDOG_CONTROL, WATCHDOG_RUNS);
        pass(LONGEST / 2);
        time += pauses[i] * MS;
        watchdog_look(&dog);
        assert_in_range(in(WATCHDOG_LEFT), LONGEST / 4, LONGEST / 2);
        out(WATCHDOG_FEED, 1);
        assert_int_equal(in(WATCHDOG_LEFT), LONGEST);
    }
    assert_int_equal(bites, 0);
    pass(LONGEST);
    assert_int_equal(bites, 1);
}

static void other_accesses_do_nothing(void **state)
{
    const struct io_device *d = io_bus_find(bus, WATCHDOG_PORT);
    assert_ptr_equal(io_bus_find(bus, WATCHDOG_PORT + WATCHDOG_PORTS - 1)->device, &dog);
    assert_ptr_not_equal(io_bus_find(bus, WATCHDOG_PORT + WATCHDOG_PORTS)->device, &dog);
    d->write(d->device, WATCHDOG_PORT + WATCHDOG_CONTROL, 1, WATCHDOG_RUNS);
    d->write(d->device, WATCHDOG_PORT + WATCHDOG_CONTROL + 1, 4, WATCHDOG_RUNS);
    out(WATCHDOG_LEFT, 1);
    assert_int_equal(in(WATCHDOG_CONTROL), 0);
    assert_int_equal(in(WATCHDOG_CONTROL + 1), UINT32_MAX);
    assert_int_equal(d->read(d->device, WATCHDOG_PORT + WATCHDOG_CONTROL, 2), UINT32_MAX);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_sleeps_until_it_is_started),
        TEST(it_bites_who_does_not_feed_it),
        TEST(feeding_gives_the_full_time),
        TEST(it_can_be_stopped),
        TEST(a_shorter_time_holds_from_the_next_feeding_on),
        TEST(no_time_is_longer_than_the_longest),
        TEST(who_was_paused_is_not_bitten),
        TEST(other_accesses_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
