/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that start, that move to other spaces, and that end, whatever they are doing. */
#include "post.h"

#define NONE ((void *)~0ul)
#define AT   0x60000000ul

static void note(void)
{
    shared[0] = L4_MyGlobalId().raw;
}

static void spin(void)
{
    for (;;)
        shared[1]++;
}

/* An active thread that has not started. */
static L4_ThreadId_t unstarted(L4_ThreadId_t pager)
{
    L4_ThreadId_t t = new_id();

    return L4_ThreadControl(t, me, me, pager, new_utcb()) ? t : L4_nilthread;
}

static void load_start(L4_Word_t words)
{
    L4_LoadMR(1, (L4_Word_t)note);
    L4_LoadMR(2, new_stack());
    L4_LoadMR(3, 0);
    L4_Set_MsgTag(L4_MakeTag(0, words, 0));
}

/* ---- starts ---- */

CHECK(start_from_pager, "6.1", "nobody but the pager can start a thread by a message")
{
    L4_ThreadId_t pager = spawn(agent), t = unstarted(pager);
    struct post *p = new_post();

    load_start(2);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_TimePeriod(20000))));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 0));
    p->to = t;
    L4_MsgAppendWord(&p->msg, (L4_Word_t)note);
    L4_MsgAppendWord(&p->msg, new_stack());
    EXPECT(start_post(pager, p));
    EXPECT(end_post(pager));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    kill(t);
    return PASS;
}

CHECK(start_label, "6.1", "the label of the start message does not matter")
{
    static const L4_Word_t labels[] = {0xfff, L4_LABEL_PAGEFAULT, L4_LABEL_MASK};

    for (unsigned i = 0; i < 3; i++) {
        L4_ThreadId_t t = unstarted(me);

        load_start(2);
        L4_Set_MsgTag(L4_MsgTagAddLabel(L4_MsgTag(), labels[i]));
        EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
        EXPECT(L4_IpcSucceeded(hear(t)));
        EXPECT_EQUAL(shared[0], t.raw);
        kill(t);
    }
    return PASS;
}

/* Other messages start it where it is. */
CHECK(start_other_words, "6.1", "a start message of three words leaves IP and SP as they are")
{
    L4_ThreadId_t t = unstarted(me);
    struct l4_exregs r = {.control = L4_EXREGS_SP | L4_EXREGS_IP};

    r.ip = (L4_Word_t)note;
    r.sp = new_stack();
    L4_Exregs(t, &r);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    load_start(3);
    L4_LoadMR(1, (L4_Word_t)spin);
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    EXPECT_EQUAL(shared[1], 0);
    kill(t);
    return PASS;
}

CHECK(start_state, "4.3", "a thread that waits for its start is receiving")
{
    L4_ThreadId_t t = unstarted(me);
    struct l4_exregs r = {.control = L4_EXREGS_ABORT_SEND};

    L4_Exregs(t, &r);
    EXPECT_EQUAL(r.control, 2);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING); /* the bit S is for senders */
    kill(t);
    return PASS;
}

CHECK_ALMOND(start_without_pager, "6.1", "a pager that does not exist cannot start it")
{
    L4_ThreadId_t t = unstarted(new_id());

    EXPECT(!L4_IsNilThread(t));
    EXPECT(state_of(t) != L4_SCHEDRESULT_RUNNING);
    L4_Start_SpIp(t, new_stack(), (L4_Word_t)note);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    kill(t);
    return PASS;
}

CHECK_ALMOND_SPREAD(halted_start, "4.3", "halted before the start, it starts when resumed")
{
    L4_ThreadId_t t = unstarted(me);
    struct l4_exregs r = {.control = L4_EXREGS_SET_HALT};

    L4_Stop(t);
    load_start(2);
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    settle();
    EXPECT_EQUAL(shared[0], 0);
    L4_Exregs(t, &r);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    kill(t);
    return PASS;
}

static void receive_shared(void)
{
    shared[3] = L4_Receive((L4_ThreadId_t){.raw = shared[2]}).raw;
}

CHECK_SPREAD(wait_for_inactive, "5.3", "waiting for a thread that is activated only then")
{
    L4_ThreadId_t t = new_id(), receiver;

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, NONE));
    shared[2] = t.raw;
    receiver = spawn(receive_shared);
    AWAIT(state_of(receiver) == L4_SCHEDRESULT_WAITING);
    EXPECT(L4_ThreadControl(t, me, L4_nilthread, me, new_utcb()));
    EXPECT_EQUAL(state_of(receiver), L4_SCHEDRESULT_WAITING);
    kill(t);
    return PASS;
}

/* ---- migration ---- */

CHECK_ALMOND_SPREAD(migrate_waiting, "4.4", "migration ends an IPC")
{
    L4_ThreadId_t home = spawn_remote(agent), old = spawn_remote(agent), t;
    struct post *p = new_post();

    t = spawn_beside(old, 2, agent);
    p->from = old;
    p->timeouts = L4_Timeouts(L4_Never, L4_Never);
    EXPECT(start_post(t, p));
    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, L4_nilthread, NONE));
    EXPECT(end_post(t));
    EXPECT(L4_IpcFailed(p->tag));
    EXPECT(p->error == ipc_error(L4_IPC_ABORTED, 1) || p->error == ipc_error(L4_IPC_CANCELLED, 1));
    return PASS;
}

CHECK(migrate_uninitialised, "4.4", "no migration into a space that is not set up")
{
    L4_ThreadId_t t = spawn_remote(agent), raw = new_id();

    EXPECT(L4_ThreadControl(raw, raw, me, L4_nilthread, NONE));
    EXPECT_EQUAL(L4_ThreadControl(t, raw, L4_nilthread, L4_nilthread, NONE), 0);
    kill(raw);
    return PASS;
}

CHECK_ALMOND_SPREAD(last_one_leaves, "4.4", "a space goes with the last thread that leaves it")
{
    L4_ThreadId_t home = spawn_remote(agent), old = new_space(), b = spawn_remote(accept_page);
    L4_ThreadId_t t = spawn_beside(old, 3, agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(read_fault(t, &f)); /* its code: it is the first one that runs there */
    EXPECT(reply_item(t, L4_MapItem(page(0x1000000, 20, L4_FullyAccessible), 0x1000000)));
    EXPECT(give(t, L4_FpageLog2(ACCEPT_AT, 12), L4_MapItem(page(mine, 12, 7), 0)));
    EXPECT(ask(t, do_map, ACCEPT_AT, b.raw, &r));
    EXPECT(ask(b, do_read, ACCEPT_AT, 0, &r));
    kill(old);
    EXPECT(ask(b, do_read, ACCEPT_AT, 0, &r)); /* t is left */
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, L4_nilthread, NONE));
    EXPECT(ask_fault(b, do_read, ACCEPT_AT, 0, &f));
    EXPECT(ask(t, do_nothing, 7, 0, &r));
    EXPECT_EQUAL(r, 7);
    return PASS;
}

/* ---- the end, in any state ---- */

static L4_Word_t do_ud2(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("ud2");
    return 0;
}

/* The id is free again, and nobody answers. */
static enum result gone(L4_ThreadId_t t)
{
    kill(t);
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_NO_PARTNER, 0));
    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, NONE));
    kill(t);
    return PASS;
}

CHECK_SPREAD(delete_running, "4.4", "deleting a thread that runs")
{
    L4_ThreadId_t t = spawn(spin);
    L4_Word_t count;

    AWAIT(shared[1] > 0);
    EXPECT_PASS(gone(t));
    count = shared[1];
    settle();
    EXPECT_EQUAL(shared[1], count);
    return PASS;
}

CHECK_SPREAD(delete_halted, "4.4", "deleting a thread that is halted")
{
    L4_ThreadId_t t = spawn(spin);

    L4_Stop(t);
    return gone(t);
}

CHECK_SPREAD(delete_fault_queued, "4.4", "deleting a thread whose fault waits for the pager")
{
    L4_ThreadId_t t = spawn_remote(agent);

    EXPECT(order(t, do_read, AT, 0));
    AWAIT(state_of(t) == L4_SCHEDRESULT_PENDING_SEND);
    return gone(t);
}

CHECK_SPREAD(delete_fault_taken, "4.4", "deleting a thread that waits for its pager")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return gone(t);
}

CHECK_SPREAD(delete_exception, "4.4", "deleting a thread with an exception")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    EXPECT(ask(t, do_set_handler, me.raw, 0, &r));
    EXPECT(ask_fault(t, do_ud2, 0, 0, &f));
    return gone(t);
}

#define DOZE L4_TimePeriod(200000) /* longer than it takes to find out that it sleeps */

CHECK_SPREAD(delete_sleeping, "4.4", "deleting a thread that sleeps")
{
    L4_ThreadId_t t = spawn(agent);
    struct post *p = new_post();

    p->from = t;
    p->timeouts = L4_Timeouts(L4_Never, DOZE);
    EXPECT(start_post(t, p));
    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT_PASS(gone(t));
    L4_Sleep(DOZE); /* its timeout must not come back to haunt us */
    return PASS;
}

CHECK_ALMOND_SPREAD(delete_receiver_queue, "4.4", "deleting a thread at which five others queue")
{
    L4_ThreadId_t t = spawn(spin), sender[5];
    struct post *p[5];

    for (int i = 0; i < 5; i++) {
        sender[i] = spawn(agent);
        p[i] = new_post();
        p[i]->to = t;
        EXPECT(start_post(sender[i], p[i]));
        AWAIT(state_of(sender[i]) == L4_SCHEDRESULT_PENDING_SEND);
    }
    kill(t);
    for (int i = 0; i < 5; i++) {
        EXPECT(end_post(sender[i]));
        EXPECT(L4_IpcFailed(p[i]->tag));
        EXPECT_EQUAL(p[i]->error, ipc_error(L4_IPC_NO_PARTNER, 0));
    }
    return PASS;
}

CHECK_SPREAD(delete_queued_sender, "4.4", "deleting one of three senders in a queue")
{
    L4_ThreadId_t t[3], from;

    for (int i = 0; i < 3; i++) {
        struct post *p = new_post();

        t[i] = spawn_remote(agent);
        p->to = me;
        EXPECT(start_post(t[i], p));
        AWAIT(state_of(t[i]) == L4_SCHEDRESULT_PENDING_SEND);
    }
    kill(t[1]);
    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(from.raw, t[0].raw);
    EXPECT(end_post(t[0]));
    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(from.raw, t[2].raw);
    return end_post(t[2]) ? PASS : FAIL;
}
