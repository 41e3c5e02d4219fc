/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeouts of all magnitudes and encodings; the clock. */
#include "x2.h"

#define LATE 500000 /* microseconds by which an emulator on a busy host may be late */

static L4_Word_t now(void)
{
    return (L4_Word_t)L4_SystemClock().raw;
}

/* How long a receive with this timeout lasts. */
static L4_Word_t lasts(L4_Time_t t)
{
    L4_ThreadId_t from;
    L4_Word_t begin = now();

    if (L4_IpcSucceeded(L4_Wait_Timeout(t, &from)) ||
        L4_ErrorCode() != ipc_error(L4_IPC_TIMEOUT, 1))
        return ~0ul;
    return now() - begin;
}

/* m * 2^e microseconds. */
static L4_Time_t period(unsigned m, unsigned e)
{
    return (L4_Time_t){.raw = (L4_Word16_t)(e << 10 | m)};
}

CHECK(short_periods, "1.4", "periods of 1 to 1023 microseconds")
{
    for (unsigned m = 1; m < 1024; m += m < 10 ? 1 : 97) {
        L4_Word_t time = lasts(period(m, 0));

        EXPECT(time >= m);
        EXPECT(time < m + LATE);
    }
    return PASS;
}

CHECK(exponents, "1.4", "one period in many encodings")
{
    for (unsigned e = 0; e <= 12; e++) {
        L4_Word_t us = e < 3 ? 1000 : 8000, time = lasts(period((unsigned)us >> e, e));

        EXPECT(time >= us >> e << e);
        EXPECT(time < us + LATE);
    }
    return PASS;
}

CHECK(zero_lengths, "1.4", "periods of no length end at once")
{
    for (unsigned e = 2; e < 32; e++)
        EXPECT(lasts(period(0, e)) < LATE);
    return PASS;
}

CHECK(half_second, "1.4", "half a second")
{
    L4_Word_t time = lasts(L4_TimePeriod(500000));

    EXPECT(time >= 499000);
    EXPECT(time < 500000 + LATE);
    return PASS;
}

static L4_Time_t long_time;

static void wait_long(void)
{
    L4_ThreadId_t from;

    shared[0] = L4_Wait_Timeout(long_time, &from).raw;
    shared[1] = 1;
}

/* Some that are longer than anybody waits: they must not wrap into short ones. */
CHECK_ALMOND(long_periods, "1.4", "periods of seconds to months do not end early")
{
    static const L4_Word16_t raw[] = {1023 | 14 << 10, 1 | 24 << 10,    1023 | 21 << 10,
                                      1 | 31 << 10,    1023 | 31 << 10, 512 | 22 << 10};
    L4_ThreadId_t t;

    for (unsigned i = 0; i < sizeof(raw) / sizeof(raw[0]); i++) {
        long_time.raw = raw[i];
        t = spawn(wait_long);
        AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
        L4_Sleep(L4_TimePeriod(20000));
        EXPECT_EQUAL(shared[1], 0);
        EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
        kill(t);
    }
    return PASS;
}

/* ---- points in time ---- */

/* Encodes a moment, which must be soon enough for the exponent. */
static L4_Time_t point(L4_Word_t at, unsigned e)
{
    return (L4_Time_t){
        .raw = (L4_Word16_t)(1u << 15 | e << 11 | (at >> (e + 10) & 1) << 10 | (at >> e & 0x3ff))};
}

CHECK_ALMOND(points, "1.4", "points in time, with each exponent")
{
    L4_ThreadId_t from;

    for (unsigned e = 0; e < 16; e++) {
        L4_Word_t step = 1ul << e, end = (now() + 700 + step) & ~(step - 1);

        EXPECT(L4_IpcFailed(L4_Wait_Timeout(point(end, e), &from)));
        EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 1));
        EXPECT(now() >= end);
        EXPECT(now() - end < LATE);
    }
    return PASS;
}

CHECK_ALMOND(point_later, "1.4", "a point behind the next carry")
{
    L4_ThreadId_t from;
    L4_Word_t end;

    while ((now() & 0x1ffff) < 0x1c000) /* exponent 7: the carry is bit 17 */
        L4_Sleep(L4_TimePeriod(1000));
    end = ((now() + 0x8000) & ~0x7ful);
    EXPECT((end & 0x1ffff) < 0x1c000);
    EXPECT(L4_IpcFailed(L4_Wait_Timeout(point(end, 7), &from)));
    EXPECT(now() >= end);
    EXPECT(now() - end < LATE);
    return PASS;
}

CHECK_ALMOND(point_past, "1.4", "a point that has passed")
{
    L4_ThreadId_t from;
    L4_Word_t begin;

    while ((now() & 0x1ffffful) < 0x80000) /* exponent 11: the carry, bit 21, stays as it is */
        L4_Sleep(L4_TimePeriod(10000));
    begin = now();
    EXPECT(L4_IpcFailed(L4_Wait_Timeout(point(begin - 0x10000, 11), &from)));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 1));
    EXPECT(now() - begin < LATE);
    return PASS;
}

CHECK_ALMOND(point_send, "1.4", "a point in time for a send")
{
    L4_ThreadId_t deaf = new_id();
    L4_Word_t end;

    EXPECT(L4_ThreadControl(deaf, me, me, L4_nilthread, (void *)~0ul));
    end = (now() + 20000) & ~0x3ful;
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(deaf, point(end, 6))));
    kill(deaf);
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 0));
    EXPECT(now() >= end);
    EXPECT(now() - end < LATE);
    return PASS;
}

/* ---- both phases ---- */

static void wait_once(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;)
        L4_Sleep(L4_Never);
}

CHECK(phases_apart, "5.3", "a call's receive timeout begins when the message is sent")
{
    L4_ThreadId_t t = spawn(wait_once);
    L4_Word_t begin;

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    begin = now();
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Call_Timeouts(t, L4_ZeroTime, L4_TimePeriod(30000))));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 1));
    EXPECT(now() - begin >= 29000);
    return PASS;
}

static void count_sleeps(void)
{
    for (int i = 0; i < 10; i++) {
        L4_Sleep(L4_TimePeriod(1000 + 700 * (L4_Word_t)i));
        __atomic_add_fetch(&shared[0], 1, __ATOMIC_SEQ_CST);
    }
}

CHECK_SPREAD(many_timeouts, "1.4", "twenty threads that sleep")
{
    L4_ThreadId_t t[20];

    for (int i = 0; i < 20; i++)
        t[i] = spawn(count_sleeps);
    for (int i = 0; i < 20; i++)
        EXPECT(L4_IpcSucceeded(hear(t[i])));
    EXPECT_EQUAL(shared[0], 200);
    return PASS;
}

/* The n-th of eight knows its number by its place in `shared`, from the 8th word on. */
static volatile L4_Word_t order_of_end[8];

static void sleep_by_number(void)
{
    L4_Word_t n = 0;

    while (!shared[1])
        L4_Sleep(L4_TimePeriod(500));
    while (shared[8 + n] != L4_MyGlobalId().raw)
        n++;
    n = n * 5 % 8;
    L4_Sleep(L4_TimePeriod(10000 + 40000 * n));
    order_of_end[__atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST)] = n;
}

CHECK_SPREAD(timeouts_in_order, "1.4", "eight sleepers wake in the order of their times")
{
    L4_ThreadId_t t[8];

    for (unsigned i = 0; i < 8; i++) {
        t[i] = spawn(sleep_by_number);
        shared[8 + i] = t[i].raw;
    }
    shared[1] = 1;
    for (unsigned i = 0; i < 8; i++)
        EXPECT(L4_IpcSucceeded(hear(t[i])));
    for (unsigned i = 0; i < 8; i++)
        EXPECT_EQUAL(order_of_end[i], i);
    return PASS;
}

/* ---- the clock ---- */

static L4_Word_t do_clock(L4_Word_t a, L4_Word_t b)
{
    return now();
}

CHECK_SPREAD(one_clock, "4.5", "the clock is the same for all threads")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t before, after, r;

    for (int i = 0; i < 20; i++) {
        before = now();
        EXPECT(ask(t, do_clock, 0, 0, &r));
        after = now();
        EXPECT(r - before <= after - before);
    }
    return PASS;
}

CHECK(clock_and_tsc, "4.5", "the clock advances as the processor's frequency says")
{
    L4_Word_t khz = L4_ProcDescInternalFreq(L4_ProcDesc(L4_Kip(), 0)), us;
    L4_Word64_t tsc = __builtin_ia32_rdtsc();
    L4_Word64_t clock = L4_SystemClock().raw;

    L4_Sleep(L4_TimePeriod(200000));
    tsc = __builtin_ia32_rdtsc() - tsc;
    us = (L4_Word_t)(L4_SystemClock().raw - clock);
    EXPECT((L4_Word_t)(tsc >> 10) / (khz >> 10) >= us / 1000 * 9 / 10);
    EXPECT((L4_Word_t)(tsc >> 10) / (khz >> 10) <= us / 1000 * 11 / 10 + 1);
    return PASS;
}
