/* SPDX-License-Identifier: BSD-2-Clause */
/* Time: the clock, priorities, time slices, Schedule. */
#include "x2.h"

static void count_0(void)
{
    for (;;)
        shared[0]++;
}

static void count_1(void)
{
    for (;;)
        shared[1]++;
}

static void yield_0(void)
{
    for (;;) {
        shared[0]++;
        L4_Yield();
    }
}

CHECK(clock_runs, "4.5", "the clock runs, and never backwards")
{
    L4_Word_t last = L4_SystemClock().raw, begin = last;

    for (int i = 0; i < 1000; i++) {
        L4_Word_t t = L4_SystemClock().raw;
        EXPECT(t >= last);
        last = t;
    }
    L4_Sleep(L4_TimePeriod(20000));
    EXPECT(L4_SystemClock().raw - begin >= 15000);
    return PASS;
}

CHECK(strict_priority, "4.7", "higher priority first, always")
{
    L4_ThreadId_t low = spawn(count_0), high;

    EXPECT(L4_Set_Priority(low, 50));
    high = spawn(count_1);
    EXPECT(L4_Set_Priority(high, 60));
    settle();
    shared[0] = 0;
    shared[1] = 0;
    settle();
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(shared[1] > 0);
    EXPECT(L4_Set_Priority(low, 70)); /* now the other way round */
    shared[1] = 0;
    settle();
    EXPECT(shared[0] > 0);
    EXPECT_EQUAL(shared[1], 0);
    return PASS;
}

CHECK(round_robin, "4.7", "equals share the time")
{
    spawn(count_0);
    spawn(count_1);
    EXPECT(counts_share(200000, 1, 16));
    return PASS;
}

CHECK_ALMOND(timeslice_infinite, "4.7", "a time slice without end")
{
    L4_ThreadId_t a = spawn(count_0);

    EXPECT(L4_Set_Timeslice(a, L4_Never, L4_Never));
    settle();
    spawn(count_1);
    L4_Sleep(L4_TimePeriod(100000));
    EXPECT(shared[0] > 0);
    EXPECT(shared[1] == 0);
    return PASS;
}

CHECK(yield, "4.6", "yielding")
{
    spawn(yield_0);
    spawn(count_1);
    L4_Sleep(L4_TimePeriod(100000));
    EXPECT(shared[0] > 0);
    EXPECT(shared[1] > shared[0]);
    return PASS;
}

/* The root thread, of priority 255, gives its time away. */
CHECK(donation, "4.6", "switching to a thread of lower priority")
{
    L4_ThreadId_t t = spawn(yield_0);

    EXPECT_EQUAL(shared[0], 0);
    for (int i = 0; i < 10; i++)
        L4_ThreadSwitch(t);
    EXPECT(shared[0] > 0);
    L4_ThreadSwitch(me);
    L4_ThreadSwitch(new_id());
    return PASS;
}

static void receive_me(void)
{
    L4_Receive(me);
}

static void send_me(void)
{
    L4_Set_MsgTag(L4_Niltag);
    L4_Send(me);
}

CHECK_SPREAD(states, "4.7", "states of threads")
{
    L4_ThreadId_t receiver = spawn(receive_me), sender = spawn(send_me), runner = spawn(count_0);

    settle();
    EXPECT_EQUAL(state_of(receiver), L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(state_of(sender), L4_SCHEDRESULT_PENDING_SEND);
    EXPECT_EQUAL(state_of(runner), L4_SCHEDRESULT_RUNNING);
    L4_Stop(runner);
    EXPECT_EQUAL(state_of(runner), L4_SCHEDRESULT_INACTIVE);
    EXPECT_EQUAL(state_of(me), L4_SCHEDRESULT_RUNNING);
    return PASS;
}

CHECK(missing, "4.7", "a thread that does not exist")
{
    EXPECT_EQUAL(state_of(new_id()), L4_SCHEDRESULT_ERROR);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}

static L4_Word_t do_set_priority(L4_Word_t t, L4_Word_t priority)
{
    return L4_Set_Priority((L4_ThreadId_t){.raw = t}, priority);
}

CHECK_SPREAD(not_scheduler, "4.7", "only the scheduler may")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(ask(t, do_set_priority, me.raw, 1, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    return PASS;
}

/* A scheduler outside the root task: up to its own priority. */
CHECK_SPREAD(bounded_priority, "4.7", "not above the own priority")
{
    L4_ThreadId_t boss = spawn_remote(agent), t = spawn_beside(boss, 1, agent);
    L4_Word_t r;

    EXPECT(!L4_IsNilThread(t));
    EXPECT(L4_ThreadControl(t, boss, boss, L4_nilthread, (void *)~0ul));
    EXPECT(L4_Set_Priority(boss, 80));
    EXPECT(ask(boss, do_set_priority, t.raw, 80, &r));
    EXPECT(r != 0);
    EXPECT(ask(boss, do_set_priority, t.raw, 81, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    return PASS;
}

CHECK_ALMOND_SPREAD(timeslice_read, "4.7", "time slice, set and read")
{
    L4_ThreadId_t t = spawn(receive_me);
    L4_Time_t slice, quantum;

    EXPECT(L4_Set_Timeslice(t, L4_TimePeriod(4096), L4_Never));
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    EXPECT(slice.raw != 0);
    EXPECT_EQUAL(quantum.raw, 0);
    return PASS;
}

static void sleep_often(void)
{
    for (int i = 0; i < 20; i++)
        L4_Sleep(L4_TimePeriod(2000));
    shared[1] = L4_SystemClock().raw;
}

/* A thread that wakes up preempts one of lower priority, not after its slice. */
CHECK(wakeup_preempts, "4.7", "a thread that wakes preempts a lower one")
{
    L4_ThreadId_t low = spawn(count_0), high;
    L4_Word_t begin;

    EXPECT(L4_Set_Timeslice(low, L4_Never, L4_Never));
    EXPECT(L4_Set_Priority(low, 50));
    begin = L4_SystemClock().raw;
    high = spawn(sleep_often);
    EXPECT(L4_IpcSucceeded(hear(high)));
    EXPECT(shared[0] > 0);
    EXPECT(shared[1] - begin < 1000000);
    return PASS;
}
