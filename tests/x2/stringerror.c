/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages with strings that cannot be delivered: overflow, and how far it got. */
#include "post.h"

static enum result overflow_at(struct pair *p, L4_Word_t offset)
{
    EXPECT(pass_message(p));
    return expect_failed(p, L4_IPC_OVERFLOW, L4_IPC_OVERFLOW, offset);
}

CHECK_SPREAD(too_small, "5.7", "a buffer that is too small is filled")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    take_string(&p, 0x100, 99);
    EXPECT_PASS(overflow_at(&p, 99));
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 99));
    return expect_clear(&p, 0x100 + 99, 100);
}

CHECK(too_small_pieces, "5.7", "a buffer of pieces that is too small")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    s = L4_StringItem(30, (void *)p.to);
    L4_AddSubstringAddressTo(&s, (void *)(p.to + 0x100));
    take_item(&p, &s);
    EXPECT_PASS(overflow_at(&p, 60));
    return expect_copied(&p, 0x100, 30, 30);
}

CHECK(empty_buffer, "5.7", "a buffer of no bytes")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 1);
    take_string(&p, 0, 0);
    return overflow_at(&p, 0);
}

CHECK_SPREAD(not_accepted, "5.6", "strings are not accepted")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 10);
    take_string(&p, 0, 10);
    p.in->acceptor = L4_UntypedWordsAcceptor;
    EXPECT_PASS(overflow_at(&p, 0));
    return expect_clear(&p, 0, 10);
}

CHECK(no_second_buffer, "5.7", "a buffer for the first string only")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 70);
    send_string(&p, 0x400, 70);
    take_string(&p, 0, 100);
    EXPECT_PASS(overflow_at(&p, 70));
    return expect_copied(&p, 0, 0, 70);
}

/* Both are there, but the first says that it is the last. */
CHECK(last_buffer, "5.6", "what stands behind the last buffer does not count")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 70);
    send_string(&p, 0x400, 70);
    take_string(&p, 0, 100);
    take_string(&p, 0x800, 100);
    p.in->buffers.raw[0] &= ~1ul;
    EXPECT_PASS(overflow_at(&p, 70));
    return expect_clear(&p, 0x800, 100);
}

CHECK(second_too_small, "5.9", "the offset counts all strings of the message")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 70);
    send_string(&p, 0x400, 70);
    take_string(&p, 0, 70);
    take_string(&p, 0x800, 33);
    EXPECT_PASS(overflow_at(&p, 103));
    return expect_copied(&p, 0x800, 0x400, 33);
}

/* ---- items that are not all there ---- */

/* The tag says fewer typed words than the item needs. */
static enum result beyond_t(L4_Word_t first, L4_Word_t t)
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    p.out->msg.raw[1] = first;
    for (int i = 2; i < 64; i++)
        p.out->msg.raw[i] = p.from;
    p.out->msg.tag = L4_MakeTag(0, 0, t);
    take_string(&p, 0, 0x800);
    return overflow_at(&p, 0);
}

CHECK_ALMOND(half_item, "5.7", "half an item")
{
    return beyond_t(10ul << 10, 1);
}

CHECK_ALMOND(substrings_beyond, "5.7", "substrings beyond the typed words")
{
    return beyond_t(10ul << 10 | 5ul << 4, 4);
}

CHECK_ALMOND(chain_beyond, "5.7", "a chain that goes on beyond the typed words")
{
    return beyond_t(10ul << 10 | 1ul << 9, 2);
}

CHECK_ALMOND(beyond_registers, "5.7", "substrings beyond the last message register")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    p.out->msg.tag = L4_MakeTag(0, 60, 3);
    p.out->msg.raw[61] = 10ul << 10 | 31ul << 4;
    p.out->msg.raw[62] = p.out->msg.raw[63] = p.from;
    take_string(&p, 0, 0x800);
    return overflow_at(&p, 0);
}

CHECK_ALMOND(beyond_buffers, "5.7", "a buffer that goes on beyond the last register")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    p.in->acceptor = L4_StringItemsAcceptor;
    for (int i = 0; i < 32; i += 2) { /* one byte in each item of a chain that has no end */
        p.in->buffers.raw[i] = 1ul << 10 | 1ul << 9;
        p.in->buffers.raw[i + 1] = p.to + (L4_Word_t)i;
    }
    return overflow_at(&p, 16);
}

CHECK_ALMOND(odd_buffer, "5.6", "a buffer that is no string")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    take_string(&p, 0, 100);
    p.in->buffers.raw[0] |= 8;
    return overflow_at(&p, 0);
}

/* ---- outside of the user area ---- */

static enum result outside(L4_Word_t from, L4_Word_t to, L4_Word_t at_end)
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    s = L4_StringItem(64, (void *)(from ? from : p.from));
    send_item(&p, &s);
    s = L4_StringItem(64, (void *)(to ? to : p.to));
    take_item(&p, &s);
    /* The last page of the user area is theirs in any case. */
    p.from = p.to = user_end() - 0x1000;
    EXPECT(give(p.sender, L4_FpageLog2(p.from, 12), source_page(&p, 0)));
    EXPECT(give(p.receiver, L4_FpageLog2(p.to, 12), target_page(&p, 0)));
    return overflow_at(&p, at_end);
}

CHECK_SPREAD(kernel_source, "5.7", "a string of the kernel's memory")
{
    return outside(KERNEL_ADDRESS, 0, 0);
}

CHECK_SPREAD(kernel_target, "5.7", "a buffer in the kernel's memory")
{
    return outside(0, KERNEL_ADDRESS, 0);
}

CHECK(leaving_source, "5.7", "a string that leaves the user area")
{
    return outside(user_end() - 10, 0, 10);
}

CHECK(leaving_target, "5.7", "a buffer that leaves the user area")
{
    return outside(0, user_end() - 20, 20);
}

CHECK_ALMOND(wrapping, "5.7", "a string that leaves the address space")
{
    return outside(~0ul - 7, 0, 0);
}

/* ---- what else is so after an overflow ---- */

CHECK_SPREAD(tag_on_error, "5.9", "both sides see the message's tag, and the error in it")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 10);
    take_string(&p, 0, 9);
    L4_MsgAppendWord(&p.out->msg, 0x111);
    L4_MsgAppendWord(&p.out->msg, 0x222);
    L4_Set_MsgLabel(&p.out->msg, 0x99);
    EXPECT_PASS(overflow_at(&p, 9));
    EXPECT_EQUAL(plain(p.out->tag), L4_MakeTag(0x99, 2, 2).raw | L4_TAG_ERROR);
    EXPECT_EQUAL(plain(p.in->tag), L4_MakeTag(0x99, 2, 2).raw | L4_TAG_ERROR);
    EXPECT_EQUAL(p.in->msg.raw[1], 0x111); /* these have come */
    EXPECT_EQUAL(p.in->msg.raw[2], 0x222);
    return PASS;
}

CHECK_SPREAD(no_second_phase, "5.2", "a call whose message overflows does not wait for the answer")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 10);
    take_string(&p, 0, 9);
    p.out->from = p.receiver;
    p.out->timeouts = L4_Timeouts(SOON, L4_Never);
    return overflow_at(&p, 9);
}

CHECK_SPREAD(caller_overflows, "5.3", "a caller whose buffer is too small for the answer")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    take_string(&p, 0, 9);
    p.in->to = p.sender; /* the receiver calls, and the sender takes that as a message */
    p.out->to = L4_nilthread;
    p.out->from = p.receiver;
    EXPECT(start_post(p.sender, p.out));
    EXPECT(start_post(p.receiver, p.in));
    EXPECT(end_post(p.sender));
    p.out->msg.tag = L4_Niltag;
    send_string(&p, 0, 10);
    p.out->to = p.receiver;
    p.out->from = L4_nilthread;
    EXPECT(start_post(p.sender, p.out));
    EXPECT(end_message(&p));
    return expect_failed(&p, L4_IPC_OVERFLOW, L4_IPC_OVERFLOW, 9);
}

CHECK_SPREAD(usable_afterwards, "5.7", "the next message gets through")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 10);
    take_string(&p, 0, 9);
    EXPECT_PASS(overflow_at(&p, 9));
    p.out->msg.tag = L4_Niltag;
    send_string(&p, 0, 10);
    L4_MsgBufferClear(&p.in->buffers);
    take_string(&p, 0x100, 10);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0x100, 0, 10);
}
