/* SPDX-License-Identifier: BSD-2-Clause */
/* ExchangeRegisters: phases that are aborted, threads that are halted. */
#include "post.h"

static void spin(void)
{
    for (;;)
        shared[0]++;
}

static L4_Word_t exregs(L4_ThreadId_t t, L4_Word_t control)
{
    struct l4_exregs r = {.control = control};

    L4_Exregs(t, &r);
    return r.control;
}

static L4_Word_t doing(L4_ThreadId_t t)
{
    return exregs(t, L4_EXREGS_DELIVER);
}

/* Threads that do an Ipc of their own and write down how it ended. */
static struct post *posts_of[2];

static void first(void)
{
    do_post((L4_Word_t)posts_of[0], 0);
    shared[8] = 1;
    for (;;)
        L4_Sleep(L4_Never);
}

static L4_ThreadId_t one_ipc(L4_ThreadId_t to, L4_ThreadId_t from)
{
    posts_of[0] = new_post();
    posts_of[0]->to = to;
    posts_of[0]->from = from;
    posts_of[0]->timeouts = L4_Timeouts(L4_Never, L4_Never);
    return spawn(first);
}

static L4_ThreadId_t deaf(void)
{
    L4_ThreadId_t t = spawn(spin);

    L4_Stop(t);
    return t;
}

CHECK_SPREAD(what_it_does, "4.3", "the old control word: running, halted, receiving, sending")
{
    L4_ThreadId_t runs = spawn(spin), receives, sends;

    AWAIT(shared[0] > 0);
    EXPECT_EQUAL(doing(runs), 0);
    L4_Stop(runs);
    EXPECT_EQUAL(doing(runs), 1);
    receives = one_ipc(L4_nilthread, me);
    AWAIT(state_of(receives) == L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(doing(receives), 2);
    L4_Stop(receives);
    EXPECT_EQUAL(doing(receives), 3);
    sends = one_ipc(runs, runs);
    AWAIT(state_of(sends) == L4_SCHEDRESULT_PENDING_SEND);
    EXPECT_EQUAL(doing(sends), 4);
    L4_Stop(sends);
    EXPECT_EQUAL(doing(sends), 5);
    return PASS;
}

CHECK_SPREAD(send_not_receive, "4.3", "the bit R does not end a send")
{
    L4_ThreadId_t t = one_ipc(deaf(), L4_nilthread);

    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    exregs(t, L4_EXREGS_ABORT_RECV);
    settle();
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_PENDING_SEND);
    exregs(t, L4_EXREGS_ABORT_SEND);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_CANCELLED, 0));
    return PASS;
}

CHECK_SPREAD(receive_not_send, "4.3", "the bit S does not end a receive")
{
    L4_ThreadId_t t = one_ipc(L4_nilthread, me);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    exregs(t, L4_EXREGS_ABORT_SEND);
    settle();
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    exregs(t, L4_EXREGS_ABORT_RECV);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_CANCELLED, 1));
    return PASS;
}

CHECK_SPREAD(call_not_sent, "4.3", "aborting the send of a call ends the call")
{
    L4_ThreadId_t to = deaf(), t = one_ipc(to, to);

    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    exregs(t, L4_EXREGS_ABORT_SEND);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_CANCELLED, 0));
    return PASS;
}

static void receive_all(void)
{
    L4_ThreadId_t from;

    for (;;)
        L4_Wait(&from);
}

CHECK_SPREAD(call_unanswered, "4.3", "aborting the receive of a call")
{
    L4_ThreadId_t to = spawn(receive_all), t = one_ipc(to, to);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    exregs(t, L4_EXREGS_ABORT_RECV);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_CANCELLED, 1));
    return PASS;
}

CHECK_SPREAD(aborted_tag, "5.9", "a cancelled send: the own tag, and the error in it")
{
    L4_ThreadId_t t;

    posts_of[0] = new_post();
    posts_of[0]->to = deaf();
    posts_of[0]->timeouts = L4_Timeouts(L4_Never, L4_Never);
    posts_of[0]->msg.tag = L4_MakeTag(0x1ab, 2, 0);
    t = spawn(first);
    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    exregs(t, L4_EXREGS_ABORT_SEND);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->tag.raw, L4_MakeTag(0x1ab, 2, 0).raw | L4_TAG_ERROR);
    return PASS;
}

CHECK_SPREAD(nothing_to_abort, "4.3", "aborting a thread that does no IPC")
{
    L4_ThreadId_t t = spawn(spin);
    L4_Word_t count;

    AWAIT(shared[0] > 0);
    EXPECT_EQUAL(exregs(t, L4_EXREGS_ABORT_SEND | L4_EXREGS_ABORT_RECV), 0);
    count = shared[0];
    AWAIT(shared[0] > count);
    return PASS;
}

CHECK_SPREAD(halt_bit_alone, "4.3", "the bit H means nothing without the bit h")
{
    L4_ThreadId_t t = spawn(spin);
    L4_Word_t count;

    AWAIT(shared[0] > 0);
    exregs(t, L4_EXREGS_HALT);
    count = shared[0];
    AWAIT(shared[0] > count);
    exregs(t, L4_EXREGS_SET_HALT); /* resuming what runs */
    count = shared[0];
    AWAIT(shared[0] > count);
    return PASS;
}

CHECK_ALMOND_SPREAD(halted_sender, "4.3", "a halted sender's message is taken; it stays halted")
{
    L4_ThreadId_t t = one_ipc(me, L4_nilthread);

    posts_of[0]->msg.tag = L4_MakeTag(0x5e, 0, 0);
    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    L4_Stop(t);
    EXPECT(L4_IpcSucceeded(hear(t)));
    settle();
    EXPECT_EQUAL(shared[8], 0);
    exregs(t, L4_EXREGS_SET_HALT);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, NO_ERROR);
    return PASS;
}

CHECK_ALMOND_SPREAD(halted_timeout, "4.3", "a timeout passes while the thread is halted")
{
    L4_ThreadId_t t;

    posts_of[0] = new_post();
    posts_of[0]->from = me;
    posts_of[0]->timeouts = L4_Timeouts(L4_Never, L4_TimePeriod(20000));
    t = spawn(first);
    L4_Stop(t);
    L4_Sleep(L4_TimePeriod(50000));
    settle();
    EXPECT_EQUAL(shared[8], 0);
    exregs(t, L4_EXREGS_SET_HALT);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_TIMEOUT, 1));
    return PASS;
}

CHECK_ALMOND_SPREAD(halted_call, "4.3", "a halted caller gets its answer, and goes on when resumed")
{
    L4_ThreadId_t t = one_ipc(me, me);

    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    L4_Stop(t);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(doing(t), 3);
    EXPECT(L4_IpcSucceeded(tell(t, 0x33)));
    EXPECT_EQUAL(doing(t), 1);
    exregs(t, L4_EXREGS_SET_HALT);
    AWAIT(shared[8]);
    EXPECT_EQUAL(L4_Label(posts_of[0]->tag), 0x33);
    return PASS;
}

/* Without an abort the IPC goes on, and then the thread is elsewhere. */
static void elsewhere(void)
{
    shared[9] = 1;
    finish();
}

CHECK_ALMOND_SPREAD(new_ip_later, "4.3",
                    "a new IP of a waiting thread is for when it has its message")
{
    L4_ThreadId_t t = one_ipc(L4_nilthread, me);
    struct l4_exregs r = {.control = L4_EXREGS_IP | L4_EXREGS_SP};

    r.ip = (L4_Word_t)elsewhere;
    r.sp = new_stack();
    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    L4_Exregs(t, &r);
    settle();
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    EXPECT(L4_IpcSucceeded(tell(t, 0)));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[9], 1);
    EXPECT_EQUAL(shared[8], 0);
    return PASS;
}

CHECK_SPREAD(halt_many_times, "4.3", "halting and resuming a thousand times")
{
    L4_ThreadId_t t = spawn(spin);

    for (int i = 0; i < 1000; i++) {
        EXPECT_EQUAL(exregs(t, L4_EXREGS_STOP), 0);
        EXPECT_EQUAL(exregs(t, L4_EXREGS_SET_HALT), 1);
    }
    shared[0] = 0;
    AWAIT(shared[0] > 0);
    return PASS;
}

CHECK_SPREAD(abort_and_stop, "4.3", "aborted and stopped in one call: it does not run in between")
{
    L4_ThreadId_t t = one_ipc(L4_nilthread, me);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT(L4_ThreadWasReceiving(L4_AbortIpc_and_stop(t)));
    settle();
    EXPECT_EQUAL(shared[8], 0);
    EXPECT_EQUAL(doing(t), 1);
    L4_Start(t);
    AWAIT(shared[8]);
    EXPECT_EQUAL(posts_of[0]->error, ipc_error(L4_IPC_CANCELLED, 1));
    return PASS;
}
