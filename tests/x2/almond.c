/* SPDX-License-Identifier: BSD-2-Clause */
/* Almond's extensions, without the virtual machines: those have their own tests. */
#include "x2.h"

CHECK_ALMOND(block, "almond", "the extension block")
{
    const struct l4_almond *a = L4_Almond();

    EXPECT_EQUAL(a->magic, L4_ALMOND_MAGIC);
    EXPECT(a->size >= sizeof(*a));
    EXPECT(a->features & L4_ALMOND_F_NOTIFY);
    EXPECT(a->features & L4_ALMOND_F_KMEM);
    EXPECT(a->tsc_khz > 1000);
    EXPECT_EQUAL(a->tsc_khz, L4_ProcDescInternalFreq(L4_ProcDesc(L4_Kip(), 0)));
    return PASS;
}

CHECK_ALMOND(no_feature_strings, "almond", "no feature strings")
{
    EXPECT(L4_Feature(L4_Kip(), 0) == NULL); /* libraries of 2014 take any for all */
    return PASS;
}

/* ---- notifications ---- */

static enum result expect_notification(L4_MsgTag_t tag, L4_Word_t bits)
{
    EXPECT_EQUAL(plain(tag), L4_MakeTag(L4_NOTIFY_LABEL, 1, 0).raw);
    EXPECT_EQUAL(L4_MR(1), bits);
    return PASS;
}

CHECK_ALMOND(notify_later, "almond", "notifications gather until the next wait")
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag;

    EXPECT(L4_Notify(me, 0x5));
    EXPECT(L4_Notify(me, 1ul << (L4_WORD_BITS - 1)));
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT_EQUAL(expect_notification(tag, 1ul << (L4_WORD_BITS - 1) | 5), PASS);
    EXPECT_EQUAL(from.raw, L4_NotifyThread().raw);
    EXPECT(L4_IpcFailed(L4_Wait_Timeout(L4_ZeroTime, &from))); /* once only */
    return PASS;
}

CHECK_ALMOND(notify_closed, "almond", "notifications by a closed receive")
{
    EXPECT(L4_Notify(me, 0x10));
    return expect_notification(L4_Receive_Timeout(L4_NotifyThread(), SOON), 0x10);
}

static void notify_me(void)
{
    L4_Sleep(L4_TimePeriod(10000));
    shared[0] = L4_Notify(me, 0x77);
    finish();
}

CHECK_ALMOND_SPREAD(notify_waiting, "almond", "a notification wakes a waiting thread")
{
    L4_ThreadId_t t = spawn(notify_me), from;
    enum result result = expect_notification(L4_Wait_Timeout(SOON, &from), 0x77);

    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 1);
    return result;
}

static L4_Word_t do_notify(L4_Word_t t, L4_Word_t bits)
{
    return L4_Notify((L4_ThreadId_t){.raw = t}, bits);
}

/* A thread that waits for another keeps its bits. */
CHECK_ALMOND_SPREAD(notify_kept, "almond", "a wait for another thread is not disturbed")
{
    L4_ThreadId_t t = spawn(agent), from;
    L4_Word_t r;

    EXPECT(L4_Notify(me, 0x3));
    EXPECT(ask(t, do_notify, me.raw, 0x4, &r));
    EXPECT_EQUAL(r, 1);
    return expect_notification(L4_Wait_Timeout(SOON, &from), 0x7);
}

CHECK_ALMOND_SPREAD(notify_foreign, "almond", "an unprivileged thread notifies whom it reaches")
{
    L4_ThreadId_t t = spawn_remote(agent), neighbour = spawn_beside(t, 1, agent), from;
    L4_Word_t r;

    EXPECT(ask(t, do_notify, me.raw, 1, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT_EQUAL(expect_notification(L4_Wait_Timeout(SOON, &from), 1), PASS);
    EXPECT(ask(t, do_notify, neighbour.raw, 1, &r));
    EXPECT_EQUAL(r, 1);
    return PASS;
}

CHECK_ALMOND(notify_nobody, "almond", "nobody to notify")
{
    L4_ThreadId_t t = new_id();

    EXPECT_EQUAL(L4_Notify(t, 1), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    EXPECT_EQUAL(L4_Notify(t, 1), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    kill(t);
    return PASS;
}

static void notified_server(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    for (;;) {
        shared[0] |= L4_Label(tag) == L4_NOTIFY_LABEL ? L4_MR(1) : 0;
        L4_Set_MsgTag(L4_Niltag);
        tag = L4_ReplyWait(from, &from); /* to the notification thread: no harm */
        if (L4_IpcFailed(tag))
            tag = L4_Wait(&from);
    }
}

CHECK_ALMOND_SPREAD(notify_server, "almond", "a server that is called and notified")
{
    L4_ThreadId_t t = spawn(notified_server);

    settle();
    for (L4_Word_t i = 0; i < L4_WORD_BITS; i++) {
        EXPECT(L4_Notify(t, 1ul << i));
        if (i % 8 == 0)
            settle();
    }
    settle();
    EXPECT_EQUAL(shared[0], ~0ul);
    return PASS;
}

/* ---- kernel memory accounts ---- */

#define ACCOUNT 77

static L4_ThreadId_t space_with_account(L4_Word_t account)
{
    L4_ThreadId_t t = new_id();
    L4_Word_t old;

    if (!L4_ThreadControl(t, t, me, L4_nilthread, (void *)~0ul))
        return L4_nilthread;
    if (L4_SpaceControl(t, L4_SPACE_ACCOUNT | account << L4_SPACE_ACCOUNT_SHIFT,
                        L4_FpageLog2(KIP_AREA, 12), L4_FpageLog2(UTCB_AREA, UTCB_LOG2),
                        L4_nilthread, &old))
        return t;
    kill(t);
    return L4_nilthread;
}

static L4_Word_t used(L4_Word_t account)
{
    L4_Word_t limit;

    return L4_KmemControl(account, ~0ul, &limit);
}

CHECK_ALMOND(account_limit, "almond", "an account's limit is kept")
{
    L4_Word_t limit;
    L4_ThreadId_t t;

    L4_KmemControl(ACCOUNT, 4096, &limit);
    EXPECT_EQUAL(limit, 4096);
    EXPECT(L4_IsNilThread(space_with_account(ACCOUNT)));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrNoMem);
    EXPECT_EQUAL(used(ACCOUNT), 0);
    L4_KmemControl(ACCOUNT, 1 << 20, &limit);
    t = space_with_account(ACCOUNT);
    EXPECT(!L4_IsNilThread(t));
    EXPECT(used(ACCOUNT) > 0);
    kill(t);
    EXPECT_EQUAL(used(ACCOUNT), 0);
    return PASS;
}

CHECK_ALMOND(nothing_leaks, "almond", "spaces give back all kernel memory")
{
    L4_Word_t before, r;

    spawn_remote(agent);
    reap();
    before = used(0);
    for (int i = 0; i < 10; i++) {
        L4_ThreadId_t t = spawn_remote(agent);
        L4_Word_t mine = (L4_Word_t)shared & ~0xffful;
        EXPECT(give(t, L4_FpageLog2(0x50000000, 12), L4_MapItem(page(mine, 12, 7), 0)));
        EXPECT(ask(t, do_read, 0x50000000, 0, &r));
        reap();
    }
    EXPECT_EQUAL(used(0), before);
    return PASS;
}

CHECK_ALMOND(bad_account, "almond", "wrong accounts")
{
    L4_Word_t limit;

    EXPECT_EQUAL(L4_KmemControl(1 << 20, ~0ul, &limit), ~0ul);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    EXPECT(L4_IsNilThread(space_with_account(0xffff)));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    return PASS;
}

/* ---- refusals ---- */

static L4_Word_t do_kmem_control(L4_Word_t a, L4_Word_t b)
{
    L4_Word_t limit;

    return L4_KmemControl(a, b, &limit) != ~0ul;
}

static L4_Word_t do_vcpu_control(L4_Word_t a, L4_Word_t b)
{
    return L4_VcpuControl((L4_ThreadId_t){.raw = a}, (L4_ThreadId_t){.raw = a}, (void *)b);
}

CHECK_ALMOND_SPREAD(unprivileged, "almond", "unprivileged callers are refused")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(ask(t, do_kmem_control, 0, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT(ask(t, do_vcpu_control, t.raw, UTCB_AREA + 0x1000, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    return PASS;
}

CHECK_ALMOND(no_vcpu, "almond", "running without a vCPU")
{
    EXPECT_EQUAL(L4_VcpuRun(), L4_EXIT_ERROR);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT_EQUAL(L4_VcpuMap(page((L4_Word_t)shared & ~0xffful, 12, 7), 0), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}
