/* SPDX-License-Identifier: BSD-2-Clause */
/* IPC that fails: timeouts, missing partners, overflow. */
#include "x2.h"

#define ERROR(code, receive) ((L4_Word_t)(code) << 1 | (receive))

static L4_Word_t now(void)
{
    return L4_SystemClock().raw;
}

CHECK(send_zero, "5.2", "a send with timeout zero")
{
    L4_ThreadId_t t = new_id();

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    L4_Set_MsgTag(L4_MakeTag(1, 0, 0));
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    kill(t);
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, 0));
    return PASS;
}

CHECK(receive_zero, "5.3", "a receive with timeout zero")
{
    L4_ThreadId_t from;

    EXPECT(L4_IpcFailed(L4_Wait_Timeout(L4_ZeroTime, &from)));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, 1));
    return PASS;
}

static enum result timed(bool send)
{
    L4_ThreadId_t t = new_id(), from;
    L4_Word_t begin, lasted;

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    L4_Set_MsgTag(L4_Niltag);
    begin = now();
    if (send)
        EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_TimePeriod(50000))));
    else
        EXPECT(L4_IpcFailed(L4_Wait_Timeout(L4_TimePeriod(50000), &from)));
    lasted = now() - begin;
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, !send));
    kill(t);
    EXPECT(lasted >= 45000);
    EXPECT(lasted < 500000);
    return PASS;
}

CHECK(send_timed, "5.2", "a send that times out")
{
    return timed(true);
}

CHECK(receive_timed, "5.3", "a receive that times out")
{
    return timed(false);
}

CHECK(sleep_lasts, "4.8", "sleeping")
{
    L4_Word_t begin = now();

    L4_Sleep(L4_TimePeriod(100000));
    EXPECT(L4_IpcFailed(L4_MsgTag()));
    EXPECT(now() - begin >= 90000);
    EXPECT(now() - begin < 1000000);
    return PASS;
}

/* Absolute: in so many microseconds, encoded with the exponent 0. */
CHECK_ALMOND(time_point, "1.4", "a timeout that is a point in time")
{
    L4_Word_t begin = now(), end = begin + 700;
    L4_Time_t point = {.raw = (L4_Word16_t)(1 << 15 | (end >> 10 & 1) << 10 | (end & 0x3ff))};
    L4_ThreadId_t from;

    EXPECT(L4_IpcFailed(L4_Wait_Timeout(point, &from)));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, 1));
    EXPECT(now() >= end);
    EXPECT(now() - end < 500000);
    return PASS;
}

CHECK(send_to_nobody, "5.2", "sending to a thread that does not exist")
{
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Send(new_id())));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_NO_PARTNER, 0));
    EXPECT(L4_IpcFailed(L4_Send(L4_GlobalId(L4_ThreadNo(me), 2))));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_NO_PARTNER, 0));
    return PASS;
}

CHECK(receive_from_nobody, "5.3", "receiving from a thread that does not exist")
{
    EXPECT(L4_IpcFailed(L4_Receive(new_id())));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_NO_PARTNER, 1));
    return PASS;
}

static void wait_for_ever(void)
{
    L4_ThreadId_t from;

    shared[0] = L4_Wait(&from).raw;
    shared[1] = L4_ErrorCode();
}

CHECK_SPREAD(call_unanswered, "5.3", "a call without an answer")
{
    L4_ThreadId_t t = spawn(wait_for_ever);

    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_Call_Timeouts(t, SOON, L4_ZeroTime)));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, 1));
    return PASS;
}

/* The receive phase must not begin if the send fails. */
CHECK(failed_send_ends, "5.2", "no receive after a failed send")
{
    L4_ThreadId_t t = new_id(), from;

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcFailed(L4_ReplyWait(t, &from)));
    kill(t);
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_TIMEOUT, 0));
    return PASS;
}

/* Sends words MR1 and MR2 as one typed item to a receiver that accepts none. */
static enum result refused_item(L4_Word_t first, L4_Word_t second)
{
    L4_ThreadId_t t = spawn(wait_for_ever);

    L4_LoadMR(1, first);
    L4_LoadMR(2, second);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, SOON)));
    EXPECT_EQUAL(L4_ErrorCode(), ERROR(L4_IPC_OVERFLOW, 0));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT(shared[0] & L4_TAG_ERROR);
    EXPECT_EQUAL(shared[1], ERROR(L4_IPC_OVERFLOW, 1));
    return PASS;
}

CHECK_SPREAD(refused_map, "5.7", "a map item without a window")
{
    L4_MapItem_t m = L4_MapItem(page((L4_Word_t)shared, 12, L4_Readable), 0);

    return refused_item(m.raw[0], m.raw[1]);
}

CHECK_SPREAD(refused_string, "5.7", "a string that is not accepted")
{
    L4_StringItem_t s = L4_StringItem(10, "0123456789");

    return refused_item(s.raw[0], s.raw[1]);
}

CHECK_ALMOND_SPREAD(refused_type, "5.5", "an item of an unknown type")
{
    return refused_item(7 << 1, 0);
}

CHECK_ALMOND_SPREAD(too_many_words, "5.1", "more words than there are registers")
{
    L4_ThreadId_t t = spawn(wait_for_ever);

    settle();
    L4_Set_MsgTag(L4_MakeTag(0, 63, 2));
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, SOON)));
    EXPECT_EQUAL(L4_IPC_ERROR(L4_ErrorCode()), L4_IPC_OVERFLOW);
    return PASS;
}

/* Flags of the tag that only the kernel may set. */
CHECK_SPREAD(forged_flags, "5.1", "the kernel's flags cannot be forged")
{
    L4_ThreadId_t t = spawn(wait_for_ever);

    settle();
    L4_Set_MsgTag((L4_MsgTag_t){.raw = L4_TAG_ERROR | L4_TAG_XCPU | L4_TAG_REDIRECTED | 0x70000});
    L4_Send_Timeout(t, SOON);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0] & ~L4_TAG_XCPU, 0x70000);
    return PASS;
}
