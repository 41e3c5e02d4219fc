/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadControl. */
#include "x2.h"

#define NONE ((void *)~0ul)

static L4_Word_t create(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager, void *utcb)
{
    return L4_ThreadControl(t, space, me, pager, utcb);
}

CHECK(inactive, "4.4", "an inactive thread exists and does not receive")
{
    L4_ThreadId_t t = new_id();

    EXPECT(create(t, me, L4_nilthread, NONE));
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    EXPECT_EQUAL(L4_ErrorCode(), 2); /* it exists, but does not receive */
    kill(t);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    EXPECT_EQUAL(L4_ErrorCode(), 4);
    return PASS;
}

static void note_start(void)
{
    shared[0] = L4_MyGlobalId().raw;
}

CHECK_SPREAD(active, "6.1", "an active thread starts by a message from its pager")
{
    L4_ThreadId_t t = spawn(note_start);

    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    return PASS;
}

CHECK(activated_later, "4.4", "an inactive thread is activated")
{
    L4_ThreadId_t t = new_id();

    EXPECT(create(t, me, L4_nilthread, NONE));
    EXPECT(L4_ThreadControl(t, t, L4_nilthread, me, new_utcb()));
    L4_LoadMR(1, (L4_Word_t)note_start);
    L4_LoadMR(2, new_stack());
    L4_Set_MsgTag(L4_MakeTag(0x123, 2, 0)); /* the label does not matter */
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    kill(t);
    return PASS;
}

CHECK(bad_ids, "4.4", "wrong thread and space ids")
{
    L4_Word_t user = L4_ThreadIdUserBase(L4_Kip());

    EXPECT_EQUAL(create(L4_MyLocalId(), me, L4_nilthread, NONE), 0);
    EXPECT(L4_ErrorCode() == L4_ErrInvalidThread || L4_ErrorCode() == L4_ErrInvalidSpace);
    EXPECT_EQUAL(create(L4_GlobalId(user - 1, 1), me, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT_EQUAL(create(new_id(), new_id(), L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    return PASS;
}

CHECK(no_scheduler, "4.4", "creation needs a scheduler")
{
    EXPECT_EQUAL(L4_ThreadControl(new_id(), me, L4_nilthread, L4_nilthread, NONE), 0);
    EXPECT(L4_ErrorCode() == L4_ErrInvalidThread || L4_ErrorCode() == L4_ErrInvalidScheduler);
    return PASS;
}

CHECK(bad_utcbs, "4.4", "wrong UTCB locations")
{
    char *good = new_utcb();

    EXPECT_EQUAL(create(new_id(), me, me, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(create(new_id(), me, me, good + 8), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(create(new_id(), me, me, (void *)0x40000000), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    return PASS;
}

CHECK_ALMOND(utcb_in_use, "4.4", "a UTCB location in use")
{
    L4_ThreadId_t t = new_id();
    void *utcb = new_utcb();

    EXPECT(create(t, me, me, utcb));
    EXPECT_EQUAL(create(new_id(), me, me, utcb), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(create(new_id(), me, me, (void *)(L4_MyLocalId().raw & ~0x3fful)), 0);
    kill(t);
    EXPECT(create(t, me, me, utcb));
    kill(t);
    return PASS;
}

CHECK(active_needs_space, "4.4", "an active thread needs an initialised space")
{
    L4_ThreadId_t t = new_id();

    EXPECT_EQUAL(create(t, t, me, (void *)UTCB_AREA), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    EXPECT(create(t, t, L4_nilthread, NONE));
    EXPECT_EQUAL(create(new_id(), t, me, (void *)UTCB_AREA), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    kill(t);
    return PASS;
}

CHECK(deletion, "4.4", "deleting oneself, deleting nobody")
{
    EXPECT_EQUAL(L4_ThreadControl(me, L4_nilthread, L4_nilthread, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT(L4_ThreadControl(new_id(), L4_nilthread, L4_nilthread, L4_nilthread, NONE));
    return PASS;
}

static void call_shared(void)
{
    L4_Set_MsgTag(L4_Niltag);
    L4_Send((L4_ThreadId_t){.raw = shared[1]});
    shared[2] = L4_ErrorCode();
}

static void receive_shared(void)
{
    L4_Receive((L4_ThreadId_t){.raw = shared[1]});
    shared[3] = L4_ErrorCode();
}

CHECK_ALMOND_SPREAD(deletion_wakes, "4.4", "deletion wakes partners")
{
    L4_ThreadId_t victim = new_id(), sender, receiver;

    EXPECT(create(victim, me, me, new_utcb()));
    shared[1] = victim.raw;
    sender = spawn(call_shared);
    receiver = spawn(receive_shared);
    settle();
    kill(victim);
    EXPECT(L4_IpcSucceeded(hear(sender)));
    EXPECT(L4_IpcSucceeded(hear(receiver)));
    EXPECT_EQUAL(shared[2], L4_IPC_NO_PARTNER << 1);
    EXPECT_EQUAL(shared[3], L4_IPC_NO_PARTNER << 1 | 1);
    return PASS;
}

CHECK_SPREAD(new_version, "4.4", "a new version replaces the old id")
{
    L4_ThreadId_t t = spawn(agent), next = L4_GlobalId(L4_ThreadNo(t), L4_Version(t) + 1);
    L4_Word_t r;

    EXPECT(ask(t, do_nothing, 1, 0, &r));
    EXPECT(L4_ThreadControl(next, me, L4_nilthread, L4_nilthread, NONE));
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    EXPECT_EQUAL(L4_ErrorCode(), L4_IPC_NO_PARTNER << 1);
    EXPECT(ask(next, do_nothing, 2, 0, &r));
    EXPECT_EQUAL(r, 2);
    return PASS;
}

CHECK_SPREAD(inactive_migrates, "4.4", "an inactive thread migrates")
{
    L4_ThreadId_t home = spawn_remote(agent), t = new_id();
    L4_Word_t r;

    EXPECT(!L4_IsNilThread(home));
    EXPECT(create(t, me, L4_nilthread, NONE));
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, L4_nilthread, NONE));
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, me, (void *)(UTCB_AREA + 0x800)));
    L4_LoadMR(1, (L4_Word_t)agent);
    L4_LoadMR(2, new_stack());
    L4_Set_MsgTag(L4_MakeTag(0, 2, 0));
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(ask(t, do_nothing, 3, 0, &r));
    EXPECT_EQUAL(r, 3);
    kill(t);
    EXPECT(ask(home, do_nothing, 4, 0, &r));
    return PASS;
}

/* Runs in both spaces: the code, and the stack, are at the same place. */
static void report_local_id(void)
{
    for (;;) {
        shared[0] = L4_MyLocalId().raw;
        shared[1] = __L4_TCR_ThreadWord(0);
        __L4_TCR_Set_ThreadWord(0, 0x5eed);
    }
}

CHECK_ALMOND_SPREAD(active_migrates, "4.4", "a running thread migrates, with its UTCB")
{
    L4_ThreadId_t home = spawn_remote(agent), old = spawn_remote(agent), t;
    L4_Word_t r;

    EXPECT(!L4_IsNilThread(home) && !L4_IsNilThread(old));
    EXPECT_EQUAL(L4_ThreadControl(old, home, L4_nilthread, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea); /* home's own thread has that UTCB */
    t = spawn_beside(old, 3, report_local_id);
    settle();
    EXPECT(L4_ThreadControl(t, home, L4_nilthread, L4_nilthread, NONE));
    shared[0] = 0;
    settle();
    EXPECT_EQUAL(shared[0],
                 UTCB_AREA + 3 * L4_UtcbSize(L4_Kip()) + L4_UTCB_MR0_WORDS * sizeof(L4_Word_t));
    EXPECT_EQUAL(shared[1], 0x5eed);
    kill(t);
    EXPECT(ask(home, do_nothing, 4, 0, &r));
    return PASS;
}

CHECK(many, "4.4", "a hundred threads, three times")
{
    enum { COUNT = 100 };
    L4_ThreadId_t t[COUNT];

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            t[i] = new_id();
            EXPECT(create(t[i], me, me, new_utcb()));
        }
        for (int i = 0; i < COUNT; i++)
            kill(t[i]);
        reap();
    }
    return PASS;
}

/* A thread of a space that is not privileged tries. */
static L4_Word_t do_thread_control(L4_Word_t a, L4_Word_t b)
{
    L4_ThreadId_t t = {.raw = a}, self = L4_MyGlobalId();

    return L4_ThreadControl(t, self, self, L4_nilthread, NONE);
}

static L4_Word_t do_delete(L4_Word_t a, L4_Word_t b)
{
    return L4_ThreadControl((L4_ThreadId_t){.raw = a}, L4_nilthread, L4_nilthread, L4_nilthread,
                            NONE);
}

CHECK_SPREAD(unprivileged, "4.4", "an unprivileged caller is refused")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(ask(t, do_thread_control, new_id().raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT(ask(t, do_delete, me.raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    return PASS;
}
