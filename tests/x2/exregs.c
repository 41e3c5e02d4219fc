/* SPDX-License-Identifier: BSD-2-Clause */
/* ExchangeRegisters. */
#include "x2.h"

#define STACK_SPAN 4096ul

static void wait_for_me(void)
{
    shared[0] = L4_Receive(me).raw;
    shared[1] = L4_ErrorCode();
}

CHECK_SPREAD(cancel_receive, "4.3", "cancels a receive")
{
    L4_ThreadId_t t = spawn(wait_for_me);
    L4_ThreadState_t state;

    settle();
    state = L4_AbortReceive_and_stop(t);
    EXPECT(L4_ThreadWasReceiving(state));
    EXPECT(!L4_ThreadWasHalted(state));
    L4_Start(t);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT(shared[0] & L4_TAG_ERROR);
    EXPECT_EQUAL(shared[1], L4_IPC_CANCELLED << 1 | 1);
    return PASS;
}

static void send_to_shared(void)
{
    L4_Set_MsgTag(L4_Niltag);
    shared[0] = L4_Send((L4_ThreadId_t){.raw = shared[2]}).raw;
    shared[1] = L4_ErrorCode();
}

CHECK_SPREAD(cancel_send, "4.3", "cancels a send")
{
    L4_ThreadId_t t, deaf = new_id();

    EXPECT(L4_ThreadControl(deaf, me, me, L4_nilthread, (void *)~0ul));
    shared[2] = deaf.raw;
    t = spawn(send_to_shared);
    settle();
    EXPECT(L4_ThreadWasSending(L4_AbortSend_and_stop(t)));
    L4_Start(t);
    EXPECT(L4_IpcSucceeded(hear(t)));
    kill(deaf);
    EXPECT(shared[0] & L4_TAG_ERROR);
    EXPECT_EQUAL(shared[1], L4_IPC_CANCELLED << 1);
    return PASS;
}

static void count_for_ever(void)
{
    for (;;)
        shared[0]++;
}

CHECK_SPREAD(stop_and_resume, "4.3", "halts and resumes a running thread")
{
    L4_ThreadId_t t = spawn(count_for_ever);
    L4_Word_t count;

    settle();
    EXPECT(shared[0] > 0);
    EXPECT(!L4_ThreadWasHalted(L4_Stop(t)));
    count = shared[0];
    settle();
    EXPECT_EQUAL(shared[0], count);
    EXPECT(L4_ThreadWasHalted(L4_Stop(t)));
    L4_Start(t);
    settle();
    EXPECT(shared[0] > count);
    return PASS;
}

CHECK_SPREAD(handle_and_pager, "4.3", "sets and reads handle and pager")
{
    L4_ThreadId_t t = spawn(wait_for_me);

    settle();
    L4_Set_UserDefinedHandleOf(t, 0x4242);
    EXPECT_EQUAL(L4_UserDefinedHandleOf(t), 0x4242);
    EXPECT_EQUAL(L4_PagerOf(t).raw, me.raw);
    L4_Set_PagerOf(t, L4_Sigma0Id());
    EXPECT_EQUAL(L4_PagerOf(t).raw, L4_Sigma0Id().raw);
    return PASS;
}

CHECK_SPREAD(conversion, "4.3", "converts ids")
{
    L4_ThreadId_t t = spawn(wait_for_me), local;

    local = L4_LocalIdOf(t);
    EXPECT(!L4_IsNilThread(local));
    EXPECT(L4_IsLocalId(local));
    EXPECT_EQUAL(L4_GlobalIdOf(local).raw, t.raw);
    EXPECT(L4_SameThreads(t, local));
    EXPECT(!L4_SameThreads(t, me));
    return PASS;
}

CHECK(missing, "4.3", "a thread that does not exist")
{
    struct l4_exregs r = {0};

    EXPECT(L4_IsNilThread(L4_Exregs(new_id(), &r)));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}

static void note_entry(void)
{
    shared[0] = 0x77;
    shared[1] = read_flags();
}

CHECK(start_sp_ip, "6.1", "starts a new thread by SP and IP")
{
    L4_ThreadId_t t = new_id();

    EXPECT(L4_ThreadControl(t, me, me, me, new_utcb()));
    L4_Start_SpIp(t, new_stack(), (L4_Word_t)note_entry);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 0x77);
    EXPECT(shared[1] & 0x200); /* interrupts are on */
    kill(t);
    return PASS;
}

static void count_with_stack(void)
{
    shared[1] = (L4_Word_t)__builtin_frame_address(0) + 16;
    count_for_ever();
}

CHECK_SPREAD(delivered_values, "4.3", "delivers SP, IP, FLAGS and pager")
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};
    L4_Word_t near = (L4_Word_t)count_for_ever;
    L4_ThreadId_t t = spawn(count_with_stack);

    settle();
    EXPECT(!L4_IsNilThread(L4_Exregs(t, &r)));
    EXPECT(r.ip - near < 64);
    EXPECT(shared[1] - r.sp < STACK_SPAN);
    EXPECT_EQUAL(r.pager, me.raw);
    EXPECT(r.flags & 2);
    return PASS;
}

CHECK_SPREAD(redirect, "4.3", "a running thread gets new SP and IP")
{
    L4_ThreadId_t t = spawn(count_for_ever);

    settle();
    L4_Start_SpIp(t, new_stack(), (L4_Word_t)note_entry);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 0x77);
    return PASS;
}

static void halt_self(void)
{
    shared[0] = 1;
    L4_Stop(L4_MyGlobalId());
    shared[0] = 2;
}

CHECK_SPREAD(self_halt, "4.3", "a thread halts itself")
{
    L4_ThreadId_t t = spawn(halt_self);

    settle();
    EXPECT_EQUAL(shared[0], 1);
    L4_Start(t);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 2);
    return PASS;
}

CHECK_ALMOND_SPREAD(halt_in_ipc, "4.3", "halting takes effect at the end of an IPC")
{
    L4_ThreadId_t t = spawn(wait_for_me);
    struct l4_exregs r = {.control = L4_EXREGS_SET_HALT};

    settle();
    EXPECT(L4_ThreadWasReceiving(L4_Stop(t)));
    EXPECT(L4_IpcSucceeded(tell(t, 0x99))); /* the IPC still takes place */
    settle();
    EXPECT_EQUAL(shared[0], 0);
    L4_Exregs(t, &r);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0] >> 16, 0x99);
    return PASS;
}

CHECK_SPREAD(foreign, "4.3", "a thread of another space is refused")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(ask(t, do_stop, me.raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrInvalidThread);
    return PASS;
}

/* As is recommended: a pager may handle its clients' threads. */
CHECK_ALMOND_SPREAD(by_pager, "4.3", "a pager halts its client's thread")
{
    L4_ThreadId_t t = spawn_remote(agent), worker = spawn_beside(t, 1, count_for_ever);
    L4_Word_t count;

    EXPECT(!L4_IsNilThread(worker));
    settle();
    L4_Stop(worker);
    count = shared[0];
    EXPECT(count > 0);
    settle();
    EXPECT_EQUAL(shared[0], count);
    return PASS;
}
