/* SPDX-License-Identifier: BSD-2-Clause */
/* Total quanta, and the message to the scheduler when one is used up. */
#include "x2.h"

#define QUANTUM L4_TimePeriod(8192)

static void count_for_ever(void)
{
    for (;;)
        shared[0]++;
}

static L4_Word_t set_quantum(L4_ThreadId_t t, L4_Time_t quantum)
{
    L4_Time_t keep = {.raw = 0xffff};

    return L4_Set_Timeslice(t, keep, quantum);
}

static enum result is_preemption(L4_MsgTag_t tag)
{
    L4_Word_t clock = (L4_Word_t)L4_SystemClock().raw;

    EXPECT_EQUAL(plain(tag), L4_MakeTag(L4_LABEL_PREEMPTION, 2, 0).raw);
    EXPECT(clock - L4_MR(1) < 5000000);
    if (L4_WORD_BITS == 64)
        EXPECT_EQUAL(L4_MR(2), 0);
    return PASS;
}

/* A thread that only computes; its scheduler is the checking thread. */
static L4_ThreadId_t limited(void)
{
    L4_ThreadId_t t = spawn(count_for_ever);

    return set_quantum(t, QUANTUM) ? t : L4_nilthread;
}

CHECK_ALMOND_SPREAD(used_up, "6.3", "a quantum that is used up: a message, and the thread stands")
{
    L4_ThreadId_t t = limited();
    L4_Word_t count;

    EXPECT_PASS(is_preemption(hear(t)));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    count = shared[0];
    EXPECT(count > 0);
    L4_Sleep(A_WHILE);
    EXPECT_EQUAL(shared[0], count);
    return PASS;
}

CHECK_ALMOND_SPREAD(reply_goes_on, "6.3", "a reply lets it go on, with the quantum anew")
{
    L4_ThreadId_t t = limited();

    for (int i = 0; i < 3; i++) {
        L4_Word_t count;

        EXPECT_PASS(is_preemption(hear(t)));
        count = shared[0];
        L4_Set_MsgTag(L4_Niltag);
        EXPECT(L4_IpcSucceeded(L4_Reply(t)));
        EXPECT_PASS(is_preemption(hear(t)));
        EXPECT(shared[0] > count);
        L4_Set_MsgTag(L4_Niltag);
        EXPECT(L4_IpcSucceeded(L4_Reply(t)));
    }
    return PASS;
}

CHECK_ALMOND_SPREAD(schedule_goes_on, "6.3", "Schedule with a new quantum lets it go on, too")
{
    L4_ThreadId_t t = limited();
    L4_Word_t count;

    EXPECT_PASS(is_preemption(hear(t)));
    count = shared[0];
    EXPECT(set_quantum(t, L4_Never));
    AWAIT(shared[0] > count);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_RUNNING);
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, A_WHILE))); /* that was the last message */
    return PASS;
}

CHECK_ALMOND_SPREAD(undelivered, "6.3", "Schedule helps before the message is taken")
{
    L4_ThreadId_t t = limited();
    L4_Word_t count;

    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    count = shared[0];
    EXPECT(set_quantum(t, L4_Never));
    AWAIT(shared[0] > count);
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_ZeroTime)));
    return PASS;
}

CHECK_ALMOND_SPREAD(time_left, "4.7", "the old time control tells how much is left")
{
    L4_ThreadId_t t = spawn(count_for_ever);
    L4_Time_t slice, quantum;
    L4_Word_t left;

    L4_Stop(t);
    EXPECT(set_quantum(t, L4_TimePeriod(500000)));
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    left = (L4_Word_t)quantum.period.m << quantum.period.e;
    EXPECT(left > 400000 && left <= 500000);
    L4_Start(t);
    L4_Sleep(L4_TimePeriod(100000));
    L4_Stop(t);
    EXPECT(L4_Timeslice(t, &slice, &quantum));
    EXPECT(((L4_Word_t)quantum.period.m << quantum.period.e) < left);
    return PASS;
}

static void compute_and_sleep(void)
{
    for (;;) {
        shared[0]++;
        L4_Sleep(L4_TimePeriod(2000));
    }
}

CHECK_ALMOND_SPREAD(sleeping_is_free, "4.7", "time in which it waits is not counted")
{
    L4_ThreadId_t t = spawn(compute_and_sleep);

    EXPECT(set_quantum(t, L4_TimePeriod(100000)));
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_TimePeriod(300000))));
    EXPECT(shared[0] > 10);
    return PASS;
}

/* A server's work is paid by its client. */
static void serve(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        for (volatile int i = 0; i < 100000; i++)
            ;
        shared[0]++;
        L4_Set_MsgTag(L4_Niltag);
        L4_ReplyWait(from, &from);
    }
}

static void call_for_ever(void)
{
    for (;;) {
        L4_Set_MsgTag(L4_Niltag);
        L4_Call((L4_ThreadId_t){.raw = shared[1]});
    }
}

CHECK_ALMOND(server_time, "5.11", "a client's quantum pays for its server")
{
    L4_ThreadId_t server = spawn(serve), t;

    shared[1] = server.raw;
    t = spawn(call_for_ever);
    EXPECT(set_quantum(t, L4_TimePeriod(20000)));
    EXPECT_PASS(is_preemption(hear(t)));
    EXPECT(shared[0] > 0);
    return PASS;
}

CHECK_ALMOND_SPREAD(aborted_preemption, "4.3",
                    "ExchangeRegisters ends the message, not the need for it")
{
    L4_ThreadId_t t = limited();
    struct l4_exregs r = {.control = L4_EXREGS_ABORT_RECV | L4_EXREGS_ABORT_SEND};

    EXPECT_PASS(is_preemption(hear(t)));
    L4_Exregs(t, &r);
    EXPECT_PASS(is_preemption(hear(t))); /* it has got another quantum */
    return PASS;
}

CHECK_ALMOND_SPREAD(other_scheduler, "6.3", "the message goes to the scheduler, whoever that is")
{
    L4_ThreadId_t boss = spawn(agent), t = spawn(count_for_ever);
    L4_Word_t count;

    EXPECT(L4_ThreadControl(t, me, boss, L4_nilthread, (void *)~0ul));
    EXPECT(L4_Set_Priority(boss, 110));
    EXPECT(set_quantum(t, QUANTUM));
    AWAIT(state_of(t) ==
          L4_SCHEDRESULT_WAITING); /* the agent has taken it for a strange question */
    count = shared[0];
    settle();
    EXPECT_EQUAL(shared[0], count);
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_ZeroTime)));
    return PASS;
}
