/* SPDX-License-Identifier: BSD-2-Clause */
/* Delayed preemption: a thread asks not to be interrupted just now. */
#include "x2.h"

#define LOW       100
#define SENSITIVE 120
#define START     20000 /* microseconds until the other one becomes ready */
#define DELAY     60000 /* the field has 16 bits                          */

/* What the threads tell each other of. */
enum {
    COUNT,   /* how often the low thread went round            */
    RAN,     /* after how many microseconds the high one ran   */
    PENDING, /* the low one has seen that it should give way   */
    AFTER,   /* what its flags were when it had                */
    FLAGS,   /* what the low one begins with                   */
    HANDLER  /* its exception handler                          */
};

static L4_Word_t pending(void)
{
    return L4_Tcr(L4_TCR_FLAGS) & L4_FLAG_PENDING;
}

/* Runs on, whatever its flags say. */
static void stubborn(void)
{
    L4_Set_Tcr(L4_TCR_FLAGS, shared[FLAGS]);
    L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = shared[HANDLER]});
    for (;;) {
        shared[COUNT]++;
        if (pending())
            shared[PENDING] = 1;
    }
}

/* Gives way when it is asked to. */
static void polite(void)
{
    L4_Set_Tcr(L4_TCR_FLAGS, shared[FLAGS]);
    L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = shared[HANDLER]});
    for (;;) {
        shared[COUNT]++;
        if (!pending())
            continue;
        shared[PENDING] = 1;
        L4_Yield();
        shared[AFTER] = 1 + pending();
    }
}

/* Becomes ready while the low one runs. */
static void high(void)
{
    L4_Word_t begin;

    L4_Receive(me);
    begin = (L4_Word_t)L4_SystemClock().raw;
    L4_Sleep(L4_TimePeriod(START));
    shared[RAN] = (L4_Word_t)L4_SystemClock().raw - begin;
    for (;;)
        L4_Sleep(L4_Never);
}

/* One that computes, with these flags, and another, of this priority, that wakes up then. */
static L4_ThreadId_t contest(void (*fn)(void), L4_Word_t flags, L4_Word_t priority, L4_Word_t delay)
{
    L4_ThreadId_t low, other;

    shared[FLAGS] = flags;
    low = spawn(fn);
    other = spawn(high);
    if (!L4_Set_Priority(other, priority) || !L4_Set_Timeslice(low, L4_Never, L4_Never) ||
        !L4_Set_PreemptionDelay(low, SENSITIVE, delay))
        return L4_nilthread;
    settle();
    tell(other, 0);
    L4_Sleep(L4_TimePeriod(START + 100000)); /* undisturbed: we would preempt the low one, too */
    return low;
}

/* Had the high one to wait, and the low one been told so? */
static enum result waited(bool expected)
{
    AWAIT(shared[RAN]);
    EXPECT_EQUAL(shared[PENDING], expected);
    if (expected)
        EXPECT(shared[RAN] >= START + DELAY - 1000);
    return PASS;
}

CHECK_ALMOND(delayed, "4.7", "a thread up to the sensitive priority has to wait")
{
    EXPECT(!L4_IsNilThread(contest(stubborn, L4_FLAG_DELAY, LOW + 10, DELAY)));
    return waited(true); /* but not for ever */
}

CHECK_ALMOND(not_wanted, "4.7", "without the flag d nobody waits")
{
    EXPECT(!L4_IsNilThread(contest(stubborn, 0, LOW + 10, DELAY)));
    return waited(false);
}

CHECK_ALMOND(not_allowed, "4.7", "without a maximal delay nobody waits")
{
    EXPECT(!L4_IsNilThread(contest(stubborn, L4_FLAG_DELAY, LOW + 10, 0)));
    return waited(false);
}

CHECK_ALMOND(not_sensitive, "4.7", "a thread above the sensitive priority does not wait")
{
    EXPECT(!L4_IsNilThread(contest(stubborn, L4_FLAG_DELAY, SENSITIVE + 1, DELAY)));
    return waited(false);
}

CHECK_ALMOND(gives_way, "4.7", "a yield ends the delay, and the flag I")
{
    EXPECT(!L4_IsNilThread(contest(polite, L4_FLAG_DELAY, LOW + 10, 65535)));
    AWAIT(shared[RAN]);
    EXPECT_EQUAL(shared[PENDING], 1);
    AWAIT(shared[AFTER]);
    EXPECT_EQUAL(shared[AFTER], 1); /* not pending */
    return PASS;
}

/* The end of a time slice, too, waits. */
static void count_other(void)
{
    for (;;)
        shared[RAN]++;
}

CHECK_ALMOND(slice_end, "4.7", "the end of a time slice is delayed")
{
    L4_ThreadId_t low, other;

    shared[FLAGS] = L4_FLAG_DELAY;
    low = spawn(stubborn);
    other = spawn(count_other);
    EXPECT(L4_Set_Timeslice(low, L4_TimePeriod(4000), L4_Never));
    EXPECT(L4_Set_PreemptionDelay(low, LOW, 20000));
    AWAIT(shared[PENDING]);
    AWAIT(shared[RAN]); /* and the other one gets its share all the same */
    EXPECT(L4_Set_Priority(other, LOW));
    return PASS;
}

/* ---- the message to the exception handler ---- */

static L4_ThreadId_t signalled(void (*fn)(void), L4_ThreadId_t handler)
{
    shared[HANDLER] = handler.raw;
    return contest(fn, L4_FLAG_DELAY | L4_FLAG_SIGNAL, LOW + 10, DELAY);
}

CHECK_ALMOND(signal, "6.3", "whoever uses its delay up is reported, if it wants that")
{
    L4_ThreadId_t low = signalled(stubborn, me);
    L4_MsgTag_t tag = hear(low);
    L4_Word_t count;

    EXPECT_EQUAL(plain(tag), L4_MakeTag(L4_LABEL_PREEMPTION, 2, 0).raw);
    EXPECT((L4_Word_t)L4_SystemClock().raw - L4_MR(1) < 5000000);
    EXPECT_PASS(waited(true));
    count = shared[COUNT];
    L4_Sleep(A_WHILE);
    EXPECT_EQUAL(shared[COUNT], count); /* it waits for the answer */
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcSucceeded(L4_Reply(low)));
    AWAIT(shared[COUNT] > count);
    return PASS;
}

CHECK_ALMOND(polite_signal, "6.3", "whoever gives way in time is not reported")
{
    L4_ThreadId_t low = signalled(polite, me);

    AWAIT(shared[RAN]);
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(low, L4_TimePeriod(2 * DELAY))));
    return PASS;
}

CHECK_ALMOND(no_handler, "6.3", "without an exception handler there is no report, and no harm")
{
    L4_Word_t count;

    EXPECT(!L4_IsNilThread(signalled(stubborn, L4_nilthread)));
    EXPECT_PASS(waited(true));
    count = shared[COUNT];
    AWAIT(shared[COUNT] > count);
    return PASS;
}

/* ---- library functions ---- */

CHECK(flag_functions, "3.3", "the functions for preemption flags")
{
    EXPECT(!L4_DisablePreemption());
    EXPECT(L4_DisablePreemption());
    EXPECT_EQUAL(L4_Tcr(L4_TCR_FLAGS) & 0xff, L4_FLAG_DELAY);
    EXPECT(L4_EnablePreemption());
    EXPECT(!L4_EnablePreemption());
    EXPECT(!L4_EnablePreemptionFaultException());
    EXPECT_EQUAL(L4_Tcr(L4_TCR_FLAGS) & 0xff, L4_FLAG_SIGNAL);
    EXPECT(L4_DisablePreemptionFaultException());
    EXPECT(!L4_PreemptionPending());
    L4_Set_Tcr(L4_TCR_FLAGS, L4_FLAG_PENDING);
    EXPECT(L4_PreemptionPending());
    EXPECT(!L4_PreemptionPending());
    return PASS;
}

static void set_cops(void)
{
    L4_Set_CopFlag(0);
    L4_Set_CopFlag(7);
    L4_Clr_CopFlag(0);
    L4_Yield();
    shared[0] = L4_Tcr(L4_TCR_FLAGS);
}

CHECK(cop_flags, "3.3", "coprocessor hints are the thread's own")
{
    L4_ThreadId_t t = spawn(set_cops);

    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 0x8000);
    EXPECT_EQUAL(L4_Tcr(L4_TCR_FLAGS) & 0xff00, 0);
    return PASS;
}
