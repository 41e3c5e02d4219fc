/* SPDX-License-Identifier: BSD-2-Clause */
/* Schedule: its fields, one by one; what it says of threads; who may call it. */
#include "x2.h"

#define KEEP L4_SCHED_UNCHANGED

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

static void receive_me(void)
{
    L4_Receive(me);
}

CHECK_SPREAD(fields, "4.7", "each field alone changes nothing else")
{
    L4_ThreadId_t t = spawn(receive_me);
    L4_Word_t old;
    L4_Time_t slice, quantum;

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_Schedule(t, KEEP, KEEP, 77, KEEP, &old), L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_Schedule(t, KEEP, KEEP, KEEP, 50 << 16 | 1000, &old), L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_Schedule(t, KEEP, 0, KEEP, KEEP, &old), L4_SCHEDRESULT_WAITING);
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    EXPECT_EQUAL(quantum.raw, 0);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    EXPECT(L4_IpcSucceeded(tell(t, 0)));
    return PASS;
}

CHECK(error_code, "4.7", "a call that succeeds says so")
{
    EXPECT_EQUAL(state_of(new_id()), L4_SCHEDRESULT_ERROR);
    EXPECT(L4_ErrorCode() != L4_ErrOk);
    EXPECT(state_of(me) != L4_SCHEDRESULT_ERROR);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrOk);
    return PASS;
}

CHECK(old_version, "4.7", "another version of a thread's id")
{
    L4_ThreadId_t t = spawn(receive_me);

    EXPECT_EQUAL(state_of(L4_GlobalId(L4_ThreadNo(t), L4_Version(t) + 1)), L4_SCHEDRESULT_ERROR);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}

CHECK(by_local_id, "4.7", "a thread by its local id")
{
    L4_ThreadId_t t = spawn(receive_me);

    AWAIT(state_of(L4_LocalIdOf(t)) == L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(state_of(L4_MyLocalId()), L4_SCHEDRESULT_RUNNING);
    return PASS;
}

/* ---- states ---- */

CHECK(inactive_state, "4.7", "an inactive thread, and one that waits for its start")
{
    L4_ThreadId_t t = new_id();

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_INACTIVE);
    EXPECT(L4_ThreadControl(t, me, me, me, new_utcb()));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    kill(t);
    return PASS;
}

CHECK_SPREAD(faulting_state, "4.7", "a thread with a page fault: first it sends, then it waits")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(order(t, do_read, 0x60000000, 0));
    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    EXPECT(read_fault(t, &f));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    return PASS;
}

CHECK_SPREAD(halted_states, "4.7", "halted: inactive when it could run, else what it waits for")
{
    L4_ThreadId_t runs = spawn(count_0), waits = spawn(receive_me);

    AWAIT(state_of(waits) == L4_SCHEDRESULT_WAITING);
    L4_Stop(runs);
    L4_Stop(waits);
    EXPECT_EQUAL(state_of(runs), L4_SCHEDRESULT_INACTIVE);
    EXPECT_EQUAL(state_of(waits), L4_SCHEDRESULT_WAITING);
    EXPECT(L4_IpcSucceeded(tell(waits, 0)));
    EXPECT_EQUAL(state_of(waits), L4_SCHEDRESULT_INACTIVE);
    return PASS;
}

CHECK_SPREAD(sampled_before, "4.7", "the state is that from before the change")
{
    L4_ThreadId_t t = spawn(receive_me);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_Set_Priority(t, 10), L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_Set_ProcessorNo(t, 0), L4_SCHEDRESULT_WAITING);
    return PASS;
}

/* ---- priorities ---- */

CHECK(default_priority, "4.4", "new threads have priority 100")
{
    L4_ThreadId_t t = spawn(count_0);

    spawn(count_1);
    EXPECT(L4_Set_Priority(t, 101));
    settle();
    shared[1] = 0;
    settle();
    EXPECT_EQUAL(shared[1], 0);
    EXPECT(L4_Set_Priority(t, 99));
    settle();
    shared[0] = 0;
    settle();
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(shared[1] > 0);
    return PASS;
}

CHECK(lowest_priority, "4.7", "priority 0 runs when nobody else does")
{
    L4_ThreadId_t t = spawn(count_0);

    EXPECT(L4_Set_Priority(t, 0));
    AWAIT(shared[0] > 0);
    return PASS;
}

static void restore_me(void)
{
    shared[0] = 1;
    L4_Set_Priority(me, 255);
    for (;;)
        L4_Sleep(L4_Never);
}

CHECK(own_priority, "4.7", "whoever lowers his own priority makes way at once")
{
    spawn(restore_me);
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(L4_Set_Priority(me, 50));
    EXPECT_EQUAL(shared[0], 1);
    return PASS;
}

CHECK(slices_share, "4.7", "time is shared as the slices are long")
{
    L4_ThreadId_t a = spawn(count_0), b = spawn(count_1);

    EXPECT(L4_Set_Timeslice(a, L4_TimePeriod(16000), L4_Never));
    EXPECT(L4_Set_Timeslice(b, L4_TimePeriod(4000), L4_Never));
    EXPECT(counts_share(400000, 2 * 4, 8 * 4));
    return PASS;
}

/* ---- the time control ---- */

CHECK_ALMOND(default_time, "4.4", "a new thread's time slice is 10 ms, its quantum infinite")
{
    L4_ThreadId_t t = new_id();
    L4_Time_t slice, quantum;
    L4_Word_t us;

    EXPECT(L4_ThreadControl(t, me, me, me, new_utcb()));
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    kill(t);
    us = (L4_Word_t)slice.period.m << slice.period.e;
    EXPECT(us > 9900 && us <= 10000);
    EXPECT_EQUAL(quantum.raw, 0);
    return PASS;
}

CHECK_ALMOND(halves, "4.7", "half a time control of ones leaves that half as it is")
{
    L4_ThreadId_t t = spawn(receive_me);
    L4_Time_t slice, quantum, keep = {.raw = 0xffff};

    EXPECT(L4_Set_Timeslice(t, L4_TimePeriod(5000), keep));
    EXPECT(L4_Set_Timeslice(t, keep, L4_TimePeriod(700000)));
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    EXPECT(((L4_Word_t)slice.period.m << slice.period.e) <= 5000);
    EXPECT(((L4_Word_t)slice.period.m << slice.period.e) > 4900);
    EXPECT(((L4_Word_t)quantum.period.m << quantum.period.e) > 690000);
    return PASS;
}

CHECK_ALMOND(points_refused, "4.7", "points in time are no lengths")
{
    L4_ThreadId_t t = spawn(receive_me);
    L4_Time_t point = {.raw = 0x8001};

    EXPECT_EQUAL(L4_Set_Timeslice(t, point, L4_Never), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    EXPECT_EQUAL(L4_Set_Timeslice(t, L4_Never, point), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    return PASS;
}

CHECK_ALMOND(no_such_processor, "4.7", "a processor that does not exist")
{
    L4_ThreadId_t t = spawn(receive_me);

    EXPECT_EQUAL(L4_Set_ProcessorNo(t, processor_count()), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    return PASS;
}

/* ---- who may ---- */

static L4_Word_t do_set_priority(L4_Word_t t, L4_Word_t priority)
{
    return L4_Set_Priority((L4_ThreadId_t){.raw = t}, priority);
}

static L4_Word_t do_set_delay(L4_Word_t t, L4_Word_t priority)
{
    return L4_Set_PreemptionDelay((L4_ThreadId_t){.raw = t}, priority, 0);
}

CHECK_ALMOND_SPREAD(schedulers_space, "4.7", "any thread of the scheduler's space may")
{
    L4_ThreadId_t boss = spawn_remote(agent), neighbour = spawn_beside(boss, 1, agent);
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(L4_ThreadControl(t, t, boss, L4_nilthread, (void *)~0ul));
    EXPECT(ask(neighbour, do_set_priority, t.raw, 20, &r));
    EXPECT(r != L4_SCHEDRESULT_ERROR);
    return PASS;
}

CHECK_SPREAD(scheduler_changes, "4.4", "a new scheduler may, the old one may not any more")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(agent), t = spawn(receive_me);
    L4_Word_t r;

    EXPECT(L4_ThreadControl(t, me, a, L4_nilthread, (void *)~0ul));
    EXPECT(ask(a, do_set_priority, t.raw, 20, &r));
    EXPECT(r != L4_SCHEDRESULT_ERROR);
    EXPECT(L4_ThreadControl(t, me, b, L4_nilthread, (void *)~0ul));
    EXPECT(ask(a, do_set_priority, t.raw, 20, &r));
    EXPECT_EQUAL(r, L4_SCHEDRESULT_ERROR);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT(ask(b, do_set_priority, t.raw, 20, &r));
    EXPECT(r != L4_SCHEDRESULT_ERROR);
    return PASS;
}

CHECK_ALMOND_SPREAD(bounded_sensitivity, "4.7", "no sensitive priority above the own priority")
{
    L4_ThreadId_t boss = spawn_remote(agent), t = spawn(receive_me);
    L4_Word_t r;

    EXPECT(L4_ThreadControl(t, me, boss, L4_nilthread, (void *)~0ul));
    EXPECT(L4_Set_Priority(boss, 80));
    EXPECT(ask(boss, do_set_delay, t.raw, 80, &r));
    EXPECT(r != L4_SCHEDRESULT_ERROR);
    EXPECT(ask(boss, do_set_delay, t.raw, 81, &r));
    EXPECT_EQUAL(r, L4_SCHEDRESULT_ERROR);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    return PASS;
}

/* ---- ThreadSwitch ---- */

static void count_yields(void)
{
    for (;;) {
        shared[2]++;
        L4_Yield();
    }
}

CHECK(switch_local, "4.6", "switching to a local id")
{
    L4_ThreadId_t t = spawn(count_yields);

    for (int i = 0; i < 10; i++)
        L4_ThreadSwitch(L4_LocalIdOf(t));
    EXPECT(shared[2] > 0);
    return PASS;
}

CHECK(switch_waiting, "4.6", "switching to a thread that waits, or is halted, is yielding")
{
    L4_ThreadId_t t = spawn(receive_me), halted = spawn(count_0);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    L4_Stop(halted);
    shared[0] = 0;
    for (int i = 0; i < 10; i++) {
        L4_ThreadSwitch(t);
        L4_ThreadSwitch(halted);
    }
    EXPECT_EQUAL(shared[0], 0);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    return PASS;
}
