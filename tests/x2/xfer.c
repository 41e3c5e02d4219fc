/* SPDX-License-Identifier: BSD-2-Clause */
/* Transfers that end early: their timeouts, ExchangeRegisters, deletion. */
#include "post.h"

#define SHORT  L4_TimePeriod(20000)
#define MIDDLE L4_TimePeriod(60000)

static enum result timed(bool sender_faults, L4_Time_t send, L4_Time_t receive,
                         L4_Word_t send_error, L4_Word_t receive_error)
{
    struct pair p;

    EXPECT(open_stuck(&p, sender_faults));
    /* The other halves are for messages in the other direction. */
    p.out->xfer_timeouts = L4_Timeouts(send, L4_ZeroTime);
    p.in->xfer_timeouts = L4_Timeouts(L4_ZeroTime, receive);
    EXPECT(start_stuck(&p, sender_faults));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_failed(&p, send_error, receive_error, 0x1000));
    return expect_copied(&p, 0, 0, 0x1000);
}

CHECK_SPREAD(sender_timeout, "5.7", "the sender's transfer timeout, when it faults")
{
    return timed(true, SHORT, L4_Never, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER);
}

CHECK_SPREAD(receiver_timeout, "5.7", "the receiver's transfer timeout, when it faults")
{
    return timed(false, L4_Never, SHORT, L4_IPC_XFER_PARTNER, L4_IPC_XFER_TIMEOUT);
}

CHECK_SPREAD(sender_timeout_other, "5.7", "the sender's transfer timeout, when its partner faults")
{
    return timed(false, SHORT, L4_Never, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER);
}

CHECK_SPREAD(receiver_timeout_other, "5.7",
             "the receiver's transfer timeout, when its partner faults")
{
    return timed(true, L4_Never, SHORT, L4_IPC_XFER_PARTNER, L4_IPC_XFER_TIMEOUT);
}

CHECK_SPREAD(shorter_counts, "5.7", "of two transfer timeouts the shorter one counts")
{
    EXPECT_PASS(timed(true, SHORT, MIDDLE, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER));
    return timed(true, MIDDLE, SHORT, L4_IPC_XFER_PARTNER, L4_IPC_XFER_TIMEOUT);
}

static enum result at_once(L4_Time_t send, L4_Time_t receive, L4_Word_t send_error,
                           L4_Word_t receive_error)
{
    struct pair p;

    EXPECT(open_stuck(&p, true));
    p.out->xfer_timeouts = L4_Timeouts(send, L4_Never);
    p.in->xfer_timeouts = L4_Timeouts(L4_Never, receive);
    EXPECT(pass_message(&p)); /* without any fault message */
    return expect_failed(&p, send_error, receive_error, 0x1000);
}

CHECK_SPREAD(sender_zero, "5.7", "a transfer timeout of zero at the sender")
{
    return at_once(L4_ZeroTime, L4_Never, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER);
}

CHECK_SPREAD(receiver_zero, "5.7", "a transfer timeout of zero at the receiver")
{
    return at_once(L4_Never, L4_ZeroTime, L4_IPC_XFER_PARTNER, L4_IPC_XFER_TIMEOUT);
}

CHECK_SPREAD(zero_without_fault, "5.7", "timeouts of zero, and all pages there")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    send_string(&p, 0, 0x2000);
    take_string(&p, 0, 0x2000);
    p.out->xfer_timeouts = p.in->xfer_timeouts = L4_Timeouts(L4_ZeroTime, L4_ZeroTime);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x2000);
}

/* Bytes before the missing page count even if words would not end there. */
CHECK_SPREAD(exact_offset, "5.7", "the offset is exact at the page's begin")
{
    struct pair p;

    EXPECT(open_stuck(&p, true));
    p.out->msg.tag = L4_Niltag;
    send_string(&p, 0xf0d, 0x200);
    L4_MsgBufferClear(&p.in->buffers);
    take_string(&p, 3, 0x200);
    p.out->xfer_timeouts = L4_Timeouts(L4_ZeroTime, L4_ZeroTime);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_failed(&p, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER, 0xf3));
    EXPECT_PASS(expect_copied(&p, 3, 0xf0d, 0xf3));
    return expect_clear(&p, 3 + 0xf3, 0x200 - 0xf3);
}

CHECK_SPREAD(patient, "5.7", "without transfer timeouts a pager may take long")
{
    struct pair p;

    EXPECT(open_stuck(&p, true));
    EXPECT(start_stuck(&p, true));
    L4_Sleep(MIDDLE);
    EXPECT(reply_item(p.sender, source_page(&p, 0x1000)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x2000);
}

/* The clock starts at the first fault and goes on over the second. */
CHECK_SPREAD(one_clock, "5.7", "one time for all faults of a transfer")
{
    struct pair p;
    struct fault f;

    EXPECT(open_stuck(&p, true));
    L4_UnmapFpage(page((L4_Word_t)p.source, 12, L4_FullyAccessible));
    p.out->xfer_timeouts = L4_Timeouts(L4_TimePeriod(400000), L4_Never);
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    L4_Sleep(L4_TimePeriod(200000));
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(read_fault(p.sender, &f));
    L4_Sleep(L4_TimePeriod(300000));
    EXPECT(end_message(&p));
    return expect_failed(&p, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER, 0x1000);
}

/* A pager that receives from its client cannot help it: this is what the timeouts are for. */
CHECK_SPREAD(pager_receives, "5.7", "a pager as the receiver of a string that faults")
{
    struct pair p;
    L4_MsgBuffer_t b;
    L4_MsgTag_t tag;

    EXPECT(open_stuck(&p, true));
    p.out->to = me;
    EXPECT(start_post(p.sender, p.out));
    L4_MsgBufferClear(&b);
    L4_MsgBufferAppendSimpleRcvString(&b, L4_StringItem(p.size, p.target));
    L4_AcceptStrings(L4_StringItemsAcceptor, &b);
    L4_Set_XferTimeouts(L4_Timeouts(L4_Never, SHORT));
    tag = hear(p.sender);
    L4_Accept(L4_UntypedWordsAcceptor);
    L4_Set_XferTimeouts(0);
    EXPECT(L4_IpcFailed(tag));
    EXPECT_EQUAL(L4_ErrorCode(), 0x1000ul << 4 | ipc_error(L4_IPC_XFER_TIMEOUT, 1));
    EXPECT(end_post(p.sender));
    EXPECT_EQUAL(p.out->error, 0x1000ul << 4 | ipc_error(L4_IPC_XFER_PARTNER, 0));
    return PASS;
}

CHECK_ALMOND_SPREAD(timeout_point, "1.4", "a point in time as transfer timeout")
{
    struct pair p;
    L4_Word_t begin, end;

    EXPECT(open_stuck(&p, true));
    begin = L4_SystemClock().raw;
    end = begin + 300000; /* exponent 9: the point is a multiple of 512 */
    p.out->xfer_timeouts = (1ul << 15 | 9ul << 11 | (end >> 19 & 1) << 10 | (end >> 9 & 0x3ff))
                           << 16;
    EXPECT(start_stuck(&p, true));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_failed(&p, L4_IPC_XFER_TIMEOUT, L4_IPC_XFER_PARTNER, 0x1000));
    EXPECT(L4_SystemClock().raw - begin >= 300000 - 512);
    return PASS;
}
