/* SPDX-License-Identifier: BSD-2-Clause */
/* Page faults in the course of a string's transfer. */
#include "post.h"

#define NO_IP (~0ul)

static enum result expect_fault(L4_ThreadId_t t, L4_Word_t access, L4_Word_t address)
{
    struct fault f;

    EXPECT(read_fault(t, &f));
    EXPECT_EQUAL(plain(f.tag), L4_MakeTag(L4_LABEL_PAGEFAULT | access, 2, 0).raw);
    EXPECT_EQUAL(f.word[0], address);
    if (access == L4_Writable)
        EXPECT_EQUAL(f.word[1], NO_IP);
    return PASS;
}

static bool map_source(const struct pair *p)
{
    return give(p->sender, L4_Fpage(p->from, p->size),
                L4_MapItem(L4_FpageAddRights(L4_Fpage((L4_Word_t)p->source, p->size), 7), 0));
}

static bool map_target(const struct pair *p)
{
    return give(p->receiver, L4_Fpage(p->to, p->size),
                L4_MapItem(L4_FpageAddRights(L4_Fpage((L4_Word_t)p->target, p->size), 7), 0));
}

CHECK_SPREAD(sender_faults, "5.7", "a page that the sender lacks: a read, from the sender")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_target(&p));
    send_string(&p, 0x345, 100);
    take_string(&p, 0x123, 100);
    EXPECT(start_message(&p));
    EXPECT_PASS(expect_fault(p.sender, ACCESS_READ, p.from + 0x345));
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0x123, 0x345, 100);
}

CHECK_SPREAD(receiver_faults, "5.7", "a page that the receiver lacks: a write, from the receiver")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_source(&p));
    send_string(&p, 0x345, 100);
    take_string(&p, 0x123, 100);
    EXPECT(start_message(&p));
    EXPECT_PASS(expect_fault(p.receiver, L4_Writable, p.to + 0x123));
    EXPECT(reply_item(p.receiver, target_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0x123, 0x345, 100);
}

CHECK(read_only_target, "5.7", "a page that the receiver may only read")
{
    struct pair p;
    L4_MapItem_t m;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_source(&p));
    m = L4_MapItem(page((L4_Word_t)p.target, 12, L4_Readable), 0);
    EXPECT(give(p.receiver, L4_FpageLog2(p.to, 12), m));
    send_string(&p, 0, 100);
    take_string(&p, 0x200, 100);
    EXPECT(start_message(&p));
    EXPECT_PASS(expect_fault(p.receiver, L4_Writable, p.to + 0x200));
    EXPECT_PASS(expect_clear(&p, 0x200, 100));
    EXPECT(reply_item(p.receiver, target_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0x200, 0, 100);
}

/* All pages of one side are missing, and come when they are asked for. */
static enum result page_by_page(bool of_source)
{
    L4_Word_t source_at = of_source ? 0x123 : 0x11, target_at = of_source ? 0x11 : 0x123;
    struct pair p;
    L4_ThreadId_t t;

    EXPECT(open_pair_unmapped(&p, 15));
    EXPECT(of_source ? map_target(&p) : map_source(&p));
    t = of_source ? p.sender : p.receiver;
    send_string(&p, source_at, 0x8000 - 0x200);
    take_string(&p, target_at, 0x8000 - 0x200);
    EXPECT(start_message(&p));
    for (L4_Word_t at = 0; at < 0x8000; at += 0x1000) {
        EXPECT_PASS(expect_fault(t, of_source ? ACCESS_READ : L4_Writable,
                                 (of_source ? p.from : p.to) + (at ? at : 0x123)));
        EXPECT(reply_item(t, of_source ? source_page(&p, at) : target_page(&p, at)));
    }
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, target_at, source_at, 0x8000 - 0x200);
}

CHECK_SPREAD(each_source_page, "5.7", "each page of the sender, one after the other")
{
    return page_by_page(true);
}

CHECK_SPREAD(each_target_page, "5.7", "each page of the receiver, one after the other")
{
    return page_by_page(false);
}

CHECK_SPREAD(both_fault, "5.7", "faults on both sides of one transfer")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 14));
    send_string(&p, 0, 0x4000);
    take_string(&p, 0, 0x4000);
    EXPECT(start_message(&p));
    for (L4_Word_t at = 0; at < 0x4000; at += 0x1000) {
        /* Which of the two comes first is the kernel's business. */
        L4_ThreadId_t from;
        L4_MsgTag_t tag = L4_Wait_Timeout(SOON, &from);
        bool sender_first = L4_SameThreads(from, p.sender);

        EXPECT(L4_IpcSucceeded(tag));
        EXPECT_EQUAL(L4_MR(1), (sender_first ? p.from : p.to) + at);
        EXPECT(reply_item(from, sender_first ? source_page(&p, at) : target_page(&p, at)));
        if (sender_first) {
            EXPECT_PASS(expect_fault(p.receiver, L4_Writable, p.to + at));
            EXPECT(reply_item(p.receiver, target_page(&p, at)));
        } else {
            EXPECT_PASS(expect_fault(p.sender, ACCESS_READ, p.from + at));
            EXPECT(reply_item(p.sender, source_page(&p, at)));
        }
    }
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x4000);
}

CHECK_SPREAD(asked_again, "5.7", "an answer without the page: the same fault again")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_target(&p));
    send_string(&p, 0x10, 100);
    take_string(&p, 0, 100);
    EXPECT(start_message(&p));
    for (int i = 0; i < 3; i++) {
        EXPECT_PASS(expect_fault(p.sender, ACCESS_READ, p.from + 0x10));
        EXPECT(reply_item(p.sender, L4_MapItem(L4_Nilpage, 0)));
    }
    EXPECT_PASS(expect_fault(p.sender, ACCESS_READ, p.from + 0x10));
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0x10, 100);
}

/* What the nested IPC must not change: registers, error, acceptor, virtual sender. */
static enum result undisturbed(struct pair *p, bool source, bool target)
{
    send_string(p, 0, 200);
    take_string(p, 0, 200);
    for (L4_Word_t i = 1; i <= 5; i++)
        L4_MsgAppendWord(&p->out->msg, 0x700 + i);
    for (int i = 8; i < 64; i++)
        p->out->msg.raw[i] = p->in->msg.raw[i] = 0x800 + (L4_Word_t)i;
    p->out->virtual_sender.raw = 0x5151;
    p->in->virtual_sender.raw = 0x6161;
    EXPECT(start_message(p));
    if (source) {
        EXPECT_PASS(expect_fault(p->sender, ACCESS_READ, p->from));
        EXPECT(reply_item(p->sender, source_page(p, 0)));
    }
    if (target) {
        EXPECT_PASS(expect_fault(p->receiver, L4_Writable, p->to));
        EXPECT(reply_item(p->receiver, target_page(p, 0)));
    }
    EXPECT(end_message(p));
    EXPECT_PASS(expect_sent(p)); /* the ErrorCodes too are as they were */
    for (L4_Word_t i = 1; i <= 5; i++) {
        EXPECT_EQUAL(p->out->msg.raw[i], 0x700 + i);
        EXPECT_EQUAL(p->in->msg.raw[i], 0x700 + i);
    }
    for (int i = 8; i < 64; i++) {
        EXPECT_EQUAL(p->out->msg.raw[i], 0x800 + (L4_Word_t)i);
        EXPECT_EQUAL(p->in->msg.raw[i], 0x800 + (L4_Word_t)i);
    }
    EXPECT_EQUAL(p->out->changed_brs, 0);
    EXPECT_EQUAL(p->in->changed_brs, 0);
    EXPECT_EQUAL(p->out->actual.raw, 0x5151);
    EXPECT_EQUAL(p->in->actual.raw, 0x6161);
    return PASS;
}

CHECK_SPREAD(sender_undisturbed, "5.7", "the sender's registers survive its fault")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_target(&p));
    return undisturbed(&p, true, false);
}

CHECK_SPREAD(receiver_undisturbed, "5.7", "the receiver's registers survive its fault")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(map_source(&p));
    return undisturbed(&p, false, true);
}

static L4_ThreadState_t doing(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};

    L4_Exregs(t, &r);
    return (L4_ThreadState_t){.raw = r.control};
}

/* While one side faults, both are in the transfer. */
static enum result states(bool source_faults)
{
    struct pair p;
    L4_ThreadId_t t;

    EXPECT(open_pair_unmapped(&p, 12));
    EXPECT(source_faults ? map_target(&p) : map_source(&p));
    t = source_faults ? p.sender : p.receiver;
    send_string(&p, 0, 100);
    take_string(&p, 0, 100);
    EXPECT(start_message(&p));
    EXPECT_PASS(
        expect_fault(t, source_faults ? ACCESS_READ : L4_Writable, source_faults ? p.from : p.to));
    if (source_faults)
        EXPECT_EQUAL(state_of(p.receiver), L4_SCHEDRESULT_RECEIVING);
    else
        EXPECT_EQUAL(state_of(p.sender), L4_SCHEDRESULT_SENDING);
    EXPECT(L4_ThreadWasReceiving(doing(p.receiver)));
    EXPECT(L4_ThreadWasSending(doing(p.sender)));
    /* The other one is also in its call to its pager. */
    if (source_faults)
        EXPECT(!L4_ThreadWasSending(doing(p.receiver)));
    else
        EXPECT(!L4_ThreadWasReceiving(doing(p.sender)));
    EXPECT(reply_item(t, source_faults ? source_page(&p, 0) : target_page(&p, 0)));
    EXPECT(end_message(&p));
    return expect_sent(&p);
}

CHECK_SPREAD(receiving_state, "4.7", "a receiver in a transfer: its states")
{
    return states(true);
}

CHECK_SPREAD(sending_state, "4.7", "a sender in a transfer: its states")
{
    return states(false);
}
