/* SPDX-License-Identifier: BSD-2-Clause */
/* Transfers that others end: ExchangeRegisters, deletion, migration. */
#include "post.h"

static bool stuck(struct pair *p, bool sender_faults)
{
    return open_stuck(p, sender_faults) && start_stuck(p, sender_faults);
}

static void exregs(L4_ThreadId_t t, L4_Word_t control)
{
    struct l4_exregs r = {.control = control};

    L4_Exregs(t, &r);
}

static enum result both_aborted(struct pair *p)
{
    EXPECT(end_message(p));
    EXPECT_PASS(expect_failed(p, L4_IPC_ABORTED, L4_IPC_ABORTED, 0x1000));
    return expect_copied(p, 0, 0, 0x1000);
}

CHECK_SPREAD(abort_sender, "4.3", "aborting the send of a thread that faults in it")
{
    struct pair p;

    EXPECT(stuck(&p, true));
    exregs(p.sender, L4_EXREGS_ABORT_SEND);
    return both_aborted(&p);
}

CHECK_SPREAD(abort_receiver, "4.3", "aborting the receive of a thread that faults in it")
{
    struct pair p;

    EXPECT(stuck(&p, false));
    exregs(p.receiver, L4_EXREGS_ABORT_RECV);
    return both_aborted(&p);
}

CHECK_SPREAD(abort_waiting_sender, "4.3", "aborting the send while the receiver faults")
{
    struct pair p;

    EXPECT(stuck(&p, false));
    exregs(p.sender, L4_EXREGS_ABORT_SEND);
    return both_aborted(&p);
}

CHECK_SPREAD(abort_waiting_receiver, "4.3", "aborting the receive while the sender faults")
{
    struct pair p;

    EXPECT(stuck(&p, true));
    exregs(p.receiver, L4_EXREGS_ABORT_RECV);
    return both_aborted(&p);
}

CHECK_SPREAD(abort_other_phase, "4.3", "the bit for the other phase aborts nothing")
{
    struct pair p;

    EXPECT(stuck(&p, false));
    exregs(p.sender, L4_EXREGS_ABORT_RECV);
    settle();
    EXPECT_EQUAL(state_of(p.sender), L4_SCHEDRESULT_SENDING);
    EXPECT(reply_item(p.receiver, target_page(&p, 0x1000)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x2000);
}

CHECK_SPREAD(late_answer, "4.3", "the pager's answer after an abort finds nobody")
{
    struct pair p;

    EXPECT(stuck(&p, true));
    exregs(p.sender, L4_EXREGS_ABORT_SEND);
    EXPECT(end_post(p.receiver));
    settle();
    EXPECT(!reply_item(p.sender, source_page(&p, 0x1000)));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_TIMEOUT, 0));
    EXPECT(end_post(p.sender));
    return expect_failed(&p, L4_IPC_ABORTED, L4_IPC_ABORTED, 0x1000);
}

/* The fault's message has not even reached the pager, who is busy. */
CHECK_SPREAD(abort_queued_fault, "4.3", "aborting while the fault waits for the pager")
{
    struct pair p;

    EXPECT(open_stuck(&p, true));
    EXPECT(start_message(&p));
    AWAIT(state_of(p.sender) == L4_SCHEDRESULT_PENDING_SEND);
    exregs(p.sender, L4_EXREGS_ABORT_SEND);
    return both_aborted(&p);
}

CHECK_SPREAD(new_place, "4.3", "an aborted sender goes on elsewhere")
{
    struct pair p;
    struct l4_exregs r = {.control = L4_EXREGS_RUN | L4_EXREGS_SP | L4_EXREGS_IP};

    EXPECT(stuck(&p, true));
    r.ip = (L4_Word_t)agent;
    r.sp = new_stack();
    L4_Exregs(p.sender, &r);
    EXPECT(end_post(p.receiver));
    EXPECT_EQUAL(p.in->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 1));
    EXPECT(start_post(p.sender, p.out)); /* it is an agent again */
    EXPECT(start_post(p.receiver, p.in));
    return PASS;
}

CHECK_SPREAD(halted_partner, "4.3", "a halted receiver is transferred to, and halts afterwards")
{
    struct pair p;
    L4_Word_t r;

    EXPECT(stuck(&p, true));
    exregs(p.receiver, L4_EXREGS_STOP);
    EXPECT(reply_item(p.sender, source_page(&p, 0x1000)));
    EXPECT(end_post(p.sender));
    EXPECT(L4_IpcSucceeded(p.out->tag));
    settle();
    EXPECT_EQUAL(state_of(p.receiver), L4_SCHEDRESULT_INACTIVE);
    EXPECT_EQUAL(p.in->error, 0); /* it has not gone on yet */
    exregs(p.receiver, L4_EXREGS_SET_HALT);
    EXPECT(answer(p.receiver, &r));
    EXPECT(L4_IpcSucceeded(p.in->tag));
    return expect_copied(&p, 0, 0, 0x2000);
}

/* ---- deletion ---- */

CHECK_SPREAD(delete_sender, "4.4", "deleting a sender that faults")
{
    struct pair p;

    EXPECT(stuck(&p, true));
    kill(p.sender);
    EXPECT(end_post(p.receiver));
    EXPECT_EQUAL(p.in->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 1));
    return PASS;
}

CHECK_SPREAD(delete_receiver, "4.4", "deleting a receiver that faults")
{
    struct pair p;

    EXPECT(stuck(&p, false));
    kill(p.receiver);
    EXPECT(end_post(p.sender));
    EXPECT_EQUAL(p.out->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 0));
    return PASS;
}

CHECK_SPREAD(delete_waiting_sender, "4.4", "deleting a sender while the receiver faults")
{
    struct pair p;

    EXPECT(stuck(&p, false));
    kill(p.sender);
    EXPECT(end_post(p.receiver));
    EXPECT_EQUAL(p.in->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 1));
    return PASS;
}

CHECK_SPREAD(delete_waiting_receiver, "4.4", "deleting a receiver while the sender faults")
{
    struct pair p;

    EXPECT(stuck(&p, true));
    kill(p.receiver);
    EXPECT(end_post(p.sender));
    EXPECT_EQUAL(p.out->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 0));
    return PASS;
}

CHECK_ALMOND_SPREAD(delete_pager, "4.4", "deleting the pager in the course of a transfer")
{
    struct pair p;
    L4_ThreadId_t pager = spawn(agent);
    L4_Word_t r;

    EXPECT(open_pair(&p, 13));
    L4_UnmapFpage(page((L4_Word_t)p.source + 0x1000, 12, L4_FullyAccessible));
    EXPECT(ask(p.sender, do_set_pager, pager.raw, 0, &r));
    send_string(&p, 0, 0x2000);
    take_string(&p, 0, 0x2000);
    EXPECT(start_message(&p));
    AWAIT(state_of(p.sender) == L4_SCHEDRESULT_WAITING); /* the agent has taken, and ignored, it */
    kill(pager);
    return both_aborted(&p);
}

/* ---- migration to another space ---- */

CHECK_ALMOND_SPREAD(migrate_sender, "4.4", "a sender that migrates in the course of a transfer")
{
    struct pair p;
    L4_ThreadId_t home = spawn_remote(agent), t;

    EXPECT(open_pair(&p, 13));
    t = spawn_beside(p.sender, 2, agent);
    L4_UnmapFpage(page((L4_Word_t)p.source + 0x1000, 12, L4_FullyAccessible));
    send_string(&p, 0, 0x2000);
    take_string(&p, 0, 0x2000);
    p.in->from = t;
    EXPECT(start_post(p.receiver, p.in) && start_post(t, p.out));
    AWAIT(state_of(p.receiver) == L4_SCHEDRESULT_RECEIVING);
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, L4_nilthread, (void *)~0ul));
    EXPECT(end_post(p.receiver));
    EXPECT_EQUAL(p.in->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 1));
    EXPECT(end_post(t));
    EXPECT_EQUAL(p.out->error, 0x1000ul << 4 | ipc_error(L4_IPC_ABORTED, 0));
    return PASS;
}
