/* SPDX-License-Identifier: BSD-2-Clause */
/* String items of one substring: lengths, places, what comes with them. */
#include "post.h"

#define MIB (1ul << 20)

/* n bytes from one offset to another, and nothing beside them. */
static enum result simple(struct pair *p, L4_Word_t from, L4_Word_t to, L4_Word_t n)
{
    send_string(p, from, n);
    take_string(p, to, n);
    EXPECT(pass_message(p));
    EXPECT_PASS(expect_sent(p));
    EXPECT_PASS(expect_copied(p, to, from, n));
    EXPECT_PASS(expect_clear(p, 0, to));
    return expect_clear(p, to + n, p->size - to - n);
}

CHECK_SPREAD(string_remote, "5.7", "a string to another space")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    return simple(&p, 0x100, 0x200, 1000);
}

CHECK_SPREAD(string_local, "5.7", "a string within a space")
{
    struct pair p;

    EXPECT(open_pair_here(&p, 13));
    return simple(&p, 0x100, 0x200, 1000);
}

CHECK_SPREAD(string_byte, "5.7", "a string of one byte")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    return simple(&p, 0x123, 0x234, 1);
}

CHECK(string_empty, "5.7", "a string of no bytes")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    return simple(&p, 0x100, 0x200, 0);
}

CHECK(string_page, "5.7", "a page, from its first byte to its last")
{
    struct pair p;

    EXPECT(open_pair(&p, 14));
    return simple(&p, 0x1000, 0x2000, 0x1000);
}

CHECK_SPREAD(string_megabyte, "5.7", "a mebibyte, neither begin nor end at pages")
{
    struct pair p;

    if (!has_memory(21 + 1))
        return SKIP;
    EXPECT(open_pair(&p, 21));
    return simple(&p, 0xffd, 0x1003, MIB + 5);
}

/* The longest that a word's length field can say where words have 32 bits. */
CHECK(string_longest, "5.5", "4 MiB but one byte")
{
    struct pair p;

    if (!has_memory(22 + 1))
        return SKIP;
    EXPECT(open_pair(&p, 22));
    return simple(&p, 0, 1, 4 * MIB - 1);
}

CHECK(alignments, "5.7", "each alignment to each")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    for (L4_Word_t from = 0; from < 8; from++)
        for (L4_Word_t to = 0; to < 8; to++) {
            memset(p.target, 0, p.size);
            p.out->msg.tag = L4_Niltag;
            L4_MsgBufferClear(&p.in->buffers);
            EXPECT_PASS(simple(&p, 0xff0 + from, 0xfe8 + to, 67 + from * to));
        }
    return PASS;
}

CHECK_SPREAD(item_words, "5.7", "the receiver sees the item's words")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0x10, 0x33);
    take_string(&p, 0x20, 0x44);
    L4_Set_MsgLabel(&p.out->msg, 0x77);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(plain(p.in->tag), L4_MakeTag(0x77, 0, 2).raw);
    EXPECT_EQUAL(p.in->msg.raw[1], 0x33ul << 10);
    EXPECT_EQUAL(p.in->msg.raw[2], p.from + 0x10);
    return PASS;
}

CHECK(larger_buffer, "5.7", "a buffer that is larger")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    send_string(&p, 0, 100);
    take_string(&p, 0x100, 0x1000);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 100));
    return expect_clear(&p, 0x100 + 100, 0x1000);
}

CHECK(buffers_stay, "5.6", "the receiver's buffer registers stay as they are")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    take_string(&p, 0x100, 200);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(p.in->changed_brs, 0);
    return PASS;
}

CHECK_SPREAD(sender_keeps, "5.2", "the sender's registers stay as they are")
{
    struct pair p;
    L4_Msg_t before;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    take_string(&p, 0x100, 200);
    for (int i = 3; i < 64; i++)
        p.out->msg.raw[i] = 0x5000 + (L4_Word_t)i;
    before = p.out->msg;
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    for (int i = 0; i < 64; i++)
        EXPECT_EQUAL(p.out->msg.raw[i], before.raw[i]);
    EXPECT_EQUAL(p.out->tag.raw, before.raw[0]);
    return PASS;
}

CHECK_SPREAD(words_and_string, "5.7", "untyped words, then a string")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 100);
    take_string(&p, 0x100, 100);
    for (L4_Word_t i = 1; i <= 61; i++)
        L4_MsgAppendWord(&p.out->msg, i * 3);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(plain(p.in->tag), L4_MakeTag(0, 61, 2).raw);
    for (L4_Word_t i = 1; i <= 61; i++)
        EXPECT_EQUAL(p.in->msg.raw[i], i * 3);
    return expect_copied(&p, 0x100, 0, 100);
}

CHECK(hints, "5.5", "cache hints change nothing")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 13));
    for (L4_Word_t hint = 0; hint < 4; hint++) {
        p.out->msg.tag = L4_Niltag;
        L4_MsgBufferClear(&p.in->buffers);
        s = L4_AddCacheAllocationHint(L4_StringItem(50, (void *)p.from), hint);
        send_item(&p, &s);
        s = L4_AddCacheAllocationHint(L4_StringItem(50, (void *)(p.to + hint * 64)), 3 - hint);
        take_item(&p, &s);
        EXPECT(pass_message(&p));
        EXPECT_PASS(expect_sent(&p));
        EXPECT_PASS(expect_copied(&p, hint * 64, 0, 50));
    }
    return PASS;
}

/* In a message it is the tag that says how many items there are. */
CHECK(continue_bit, "5.5", "the bit for more items changes nothing in a message")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 50);
    take_string(&p, 0x100, 50);
    p.out->msg.raw[1] |= 1;
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0x100, 0, 50);
}

CHECK_SPREAD(in_reply, "5.7", "a string in the answer to a call")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    p.out->to = L4_nilthread;
    p.out->from = p.receiver;
    EXPECT(start_post(p.sender, p.out));
    take_string(&p, 0x40, 0x1100);
    p.in->to = p.sender; /* the receiver calls */
    L4_Set_MsgLabel(&p.in->msg, 0x321);
    EXPECT(start_post(p.receiver, p.in));
    EXPECT(end_post(p.sender));
    EXPECT_EQUAL(L4_Label(p.out->tag), 0x321);
    p.out->msg.tag = L4_Niltag;
    send_string(&p, 0, 0x1100);
    p.out->to = p.receiver;
    p.out->from = L4_nilthread;
    p.out->timeouts = L4_Timeouts(L4_ZeroTime, L4_ZeroTime); /* it must be waiting */
    EXPECT(start_post(p.sender, p.out));
    EXPECT(end_message(&p));
    EXPECT(L4_IpcSucceeded(p.in->tag));
    return expect_copied(&p, 0x40, 0, 0x1100);
}

/* To the root task itself, out of another space. */
CHECK_SPREAD(to_root, "5.7", "a string to the checking thread")
{
    struct pair p;
    L4_MsgBuffer_t b;
    L4_MsgTag_t tag;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 5, 100);
    p.out->to = me;
    EXPECT(start_post(p.sender, p.out));
    L4_MsgBufferClear(&b);
    L4_MsgBufferAppendSimpleRcvString(&b, L4_StringItem(200, p.target + 7));
    L4_AcceptStrings(L4_StringItemsAcceptor, &b);
    tag = hear(p.sender);
    L4_Accept(L4_UntypedWordsAcceptor);
    EXPECT_EQUAL(plain(tag), L4_MakeTag(0, 0, 2).raw);
    EXPECT(end_post(p.sender));
    return expect_copied(&p, 7, 5, 100);
}

CHECK(read_only_source, "5.7", "a string out of read-only memory")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(give(p.sender, L4_FpageLog2(p.from, 12),
                L4_MapItem(page((L4_Word_t)p.source, 12, L4_Readable), 0)));
    EXPECT(give(p.receiver, L4_FpageLog2(p.to, 12),
                L4_MapItem(page((L4_Word_t)p.target, 12, L4_FullyAccessible), 0)));
    return simple(&p, 8, 16, 2000);
}

CHECK(last_page, "5.7", "the last bytes of the user area, on both sides")
{
    L4_Word_t end = user_end();
    struct pair p;

    EXPECT(end);
    EXPECT(open_pair_unmapped(&p, 12));
    p.from = p.to = end - 0x1000;
    EXPECT(give(p.sender, L4_FpageLog2(p.from, 12), source_page(&p, 0)));
    EXPECT(give(p.receiver, L4_FpageLog2(p.to, 12), target_page(&p, 0)));
    return simple(&p, 0xe01, 0xe01, 0x1ff);
}
