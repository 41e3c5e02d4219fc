/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadControl: its checks and what it changes, row by row. */
#include "x2.h"

#define NONE ((void *)~0ul)

static L4_Word_t create(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager, void *utcb)
{
    return L4_ThreadControl(t, space, me, pager, utcb);
}

/* Changes one thing, nilthread and -1 nothing. */
static L4_Word_t modify(L4_ThreadId_t t, L4_ThreadId_t scheduler, L4_ThreadId_t pager, void *utcb)
{
    return L4_ThreadControl(t, t, scheduler, pager, utcb);
}

static L4_ThreadId_t inactive(void)
{
    L4_ThreadId_t t = new_id();

    return create(t, me, L4_nilthread, NONE) ? t : L4_nilthread;
}

static void receive_me(void)
{
    shared[2] = L4_Receive(me).raw;
    shared[3] = L4_ErrorCode();
}

static L4_ThreadId_t next_version(L4_ThreadId_t t)
{
    return L4_GlobalId(L4_ThreadNo(t), L4_Version(t) + 1);
}

CHECK(kernel_numbers, "4.4", "thread numbers of the kernel")
{
    L4_Word_t system = L4_ThreadIdSystemBase(L4_Kip()), user = L4_ThreadIdUserBase(L4_Kip());

    for (L4_Word_t n = system; n < user; n += user - system - 1) {
        EXPECT_EQUAL(create(L4_GlobalId(n, 1), me, L4_nilthread, NONE), 0);
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
        EXPECT_EQUAL(create(L4_GlobalId(n, 1), L4_nilthread, L4_nilthread, NONE), 0);
    }
    return PASS;
}

CHECK(highest_number, "4.4", "the highest thread number")
{
    L4_ThreadId_t t = L4_GlobalId((1ul << L4_ThreadIdBits(L4_Kip())) - 1, 1);

    EXPECT(create(t, me, me, new_utcb()));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    kill(t);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_ERROR);
    return PASS;
}

CHECK_ALMOND(odd_ids, "4.4", "nilthread, anythread and numbers that are too high")
{
    EXPECT_EQUAL(create(L4_nilthread, me, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(create(L4_anythread, me, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(create(L4_anylocalthread, me, L4_nilthread, NONE), 0);
    if (L4_ThreadIdBits(L4_Kip()) < L4_WORD_BITS - L4_VERSION_BITS)
        EXPECT_EQUAL(
            create(L4_GlobalId(1ul << L4_ThreadIdBits(L4_Kip()), 1), me, L4_nilthread, NONE), 0);
    return PASS;
}

CHECK(space_version, "4.4", "a space by another version of a thread's id")
{
    EXPECT_EQUAL(create(new_id(), next_version(me), L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    return PASS;
}

CHECK(delete_by_number, "4.4", "deleting by another version of the id")
{
    L4_ThreadId_t t = inactive();

    EXPECT(L4_ThreadControl(next_version(t), L4_nilthread, L4_nilthread, L4_nilthread, NONE));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_ERROR);
    return PASS;
}

/* ---- UTCBs ---- */

CHECK(utcb_bounds, "4.4", "the UTCB area's first and last place, and those beside them")
{
    L4_ThreadId_t home = new_space(), t = new_id();
    L4_Word_t size = L4_UtcbSize(L4_Kip()), end = UTCB_AREA + (1ul << UTCB_LOG2);

    EXPECT_EQUAL(create(t, home, me, (void *)(UTCB_AREA - size)), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(create(t, home, me, (void *)end), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT(create(t, home, me, (void *)(end - size)));
    kill(t);
    EXPECT(create(t, home, me, (void *)UTCB_AREA));
    kill(t);
    return PASS;
}

CHECK(late_utcb, "4.4", "an inactive thread's UTCB is looked at when it is activated")
{
    L4_ThreadId_t t = new_id();
    L4_Word_t ok;

    EXPECT(create(t, me, L4_nilthread, (void *)0x1234000));
    EXPECT_EQUAL(modify(t, L4_nilthread, me, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_INACTIVE);
    ok = modify(t, L4_nilthread, me, new_utcb());
    kill(t);
    EXPECT(ok);
    return PASS;
}

CHECK(no_utcb, "4.4", "activation without a UTCB")
{
    L4_ThreadId_t t = inactive();

    EXPECT_EQUAL(modify(t, L4_nilthread, me, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    kill(t);
    return PASS;
}

CHECK(utcb_first, "4.4", "a UTCB first, activation later")
{
    L4_ThreadId_t t = inactive();

    EXPECT(modify(t, L4_nilthread, L4_nilthread, new_utcb()));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_INACTIVE);
    EXPECT(modify(t, L4_nilthread, me, NONE));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    kill(t);
    return PASS;
}

CHECK(utcb_of_active, "4.4", "an active thread's UTCB stays where it is")
{
    L4_ThreadId_t t = spawn(receive_me);

    EXPECT_EQUAL(modify(t, L4_nilthread, L4_nilthread, new_utcb()), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT(L4_IpcSucceeded(tell(t, 0)));
    return PASS;
}

/* ---- what can be changed ---- */

static L4_Word_t do_my_pager(L4_Word_t a, L4_Word_t b)
{
    return L4_Pager().raw;
}

CHECK_SPREAD(pager_changes, "4.4", "a new pager")
{
    L4_ThreadId_t t = spawn_remote(agent), other = spawn(receive_me);
    L4_Word_t r;

    EXPECT(modify(t, L4_nilthread, other, NONE));
    EXPECT(ask(t, do_my_pager, 0, 0, &r));
    EXPECT_EQUAL(r, other.raw);
    EXPECT_EQUAL(L4_PagerOf(t).raw, other.raw);
    return PASS;
}

CHECK_SPREAD(local_ids, "4.4", "local ids for space, scheduler and pager")
{
    L4_ThreadId_t t = new_id(), local = L4_MyLocalId();

    EXPECT(L4_ThreadControl(t, local, local, local, new_utcb()));
    EXPECT_EQUAL(L4_PagerOf(t).raw, me.raw);
    EXPECT(state_of(t) != L4_SCHEDRESULT_ERROR);
    kill(t);
    return PASS;
}

CHECK_SPREAD(nothing_changes, "4.4", "a call that changes nothing")
{
    L4_ThreadId_t t = spawn(receive_me);

    AWAIT(state_of(t) == L4_SCHEDRESULT_WAITING);
    EXPECT(modify(t, L4_nilthread, L4_nilthread, NONE));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    EXPECT_EQUAL(L4_PagerOf(t).raw, me.raw);
    EXPECT(L4_IpcSucceeded(tell(t, 0)));
    return PASS;
}

CHECK(unknown_space, "4.4", "changing a thread with a space that does not exist")
{
    L4_ThreadId_t t = spawn(receive_me);

    EXPECT_EQUAL(L4_ThreadControl(t, new_id(), L4_nilthread, L4_nilthread, NONE), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    return PASS;
}

/* ---- versions ---- */

static L4_Word_t do_my_id(L4_Word_t a, L4_Word_t b)
{
    return L4_MyGlobalId().raw;
}

CHECK_SPREAD(version_inside, "4.4", "a thread sees its new version")
{
    L4_ThreadId_t t = spawn(agent), next = next_version(t);
    L4_Word_t r;

    EXPECT(L4_ThreadControl(next, me, L4_nilthread, L4_nilthread, NONE));
    EXPECT(ask(next, do_my_id, 0, 0, &r));
    EXPECT_EQUAL(r, next.raw);
    EXPECT_EQUAL(L4_GlobalIdOf(L4_LocalIdOf(next)).raw, next.raw);
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_ERROR);
    EXPECT(L4_IsNilThread(L4_LocalIdOf(t)));
    return PASS;
}

CHECK_ALMOND_SPREAD(version_by_itself, "4.4", "a new version names its space by itself")
{
    L4_ThreadId_t t = spawn_remote(agent), next = next_version(t);
    L4_Word_t r;

    EXPECT(L4_ThreadControl(next, next, L4_nilthread, L4_nilthread, NONE));
    EXPECT(ask(next, do_my_id, 0, 0, &r));
    EXPECT_EQUAL(r, next.raw);
    return PASS;
}

static void send_to_shared(void)
{
    L4_Set_MsgTag(L4_Niltag);
    L4_Send((L4_ThreadId_t){.raw = shared[0]});
    shared[4] = L4_ErrorCode();
}

static void receive_from_shared(void)
{
    L4_Receive((L4_ThreadId_t){.raw = shared[0]});
    shared[5] = L4_ErrorCode();
}

CHECK_ALMOND_SPREAD(version_wakes, "4.4", "a new version wakes those who wait for the old one")
{
    L4_ThreadId_t t = spawn(receive_me), sender, receiver;

    shared[0] = t.raw;
    sender = spawn(send_to_shared);
    receiver = spawn(receive_from_shared);
    AWAIT(state_of(sender) == L4_SCHEDRESULT_PENDING_SEND);
    AWAIT(state_of(receiver) == L4_SCHEDRESULT_WAITING);
    EXPECT(L4_ThreadControl(next_version(t), me, L4_nilthread, L4_nilthread, NONE));
    EXPECT(L4_IpcSucceeded(hear(sender)));
    EXPECT(L4_IpcSucceeded(hear(receiver)));
    EXPECT_EQUAL(shared[4], ipc_error(L4_IPC_NO_PARTNER, 0));
    EXPECT_EQUAL(shared[5], ipc_error(L4_IPC_NO_PARTNER, 1));
    return PASS;
}

CHECK_SPREAD(many_versions, "4.4", "fifty versions of one thread")
{
    L4_ThreadId_t t = spawn(agent), start = t;
    L4_Word_t r;

    for (L4_Word_t version = 65; version < 115; version++) {
        t = L4_GlobalId(L4_ThreadNo(start), version);
        EXPECT(L4_ThreadControl(t, me, L4_nilthread, L4_nilthread, NONE));
        EXPECT(ask(t, do_my_id, 0, 0, &r));
        EXPECT_EQUAL(r, t.raw);
    }
    return PASS;
}
