/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings whose pages come and go: pagers of several kinds, much data, items of other kinds. */
#include "post.h"

/* A pager in our space: what a client has at an address is ours, this far away. */
static struct pair *client;
static volatile L4_Word_t served;

static void pager(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    for (;;) {
        L4_Word_t at = L4_MR(1) & ~0xffful;
        bool source = at - client->from < client->size;
        L4_MapItem_t m =
            source ? source_page(client, at - client->from) : target_page(client, at - client->to);

        served++;
        L4_LoadMRs(1, 2, m.raw);
        L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
        tag = L4_ReplyWait(from, &from);
        if (L4_IpcFailed(tag))
            L4_Wait(&from);
    }
}

static bool use_pager(struct pair *p)
{
    L4_ThreadId_t t = spawn(pager);
    L4_Word_t r;

    client = p;
    served = 0;
    return ask(p->sender, do_set_pager, t.raw, 0, &r) &&
           ask(p->receiver, do_set_pager, t.raw, 0, &r);
}

CHECK_SPREAD(paged_megabyte, "5.7", "a mebibyte of which nothing is there, on both sides")
{
    struct pair p;

    EXPECT(open_pair_unmapped(&p, 20));
    EXPECT(use_pager(&p));
    send_string(&p, 1, p.size - 1);
    take_string(&p, 0, p.size);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(served, 2 * p.size / 4096);
    return expect_copied(&p, 0, 1, p.size - 1);
}

CHECK_SPREAD(paged_pieces, "5.7", "pieces on many pages, none of which is there")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair_unmapped(&p, 16));
    EXPECT(use_pager(&p));
    s = L4_StringItem(100, (void *)(p.from + 0xfce)); /* each on two pages */
    for (L4_Word_t i = 1; i < 8; i++)
        L4_AddSubstringAddressTo(&s, (void *)(p.from + 0xfce + i * 0x2000));
    send_item(&p, &s);
    s = L4_StringItem(200, (void *)(p.to + 0xf9c));
    for (L4_Word_t i = 1; i < 4; i++)
        L4_AddSubstringAddressTo(&s, (void *)(p.to + 0xf9c + i * 0x2000));
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(served, 16 + 8);
    for (L4_Word_t i = 0; i < 8; i++)
        EXPECT_PASS(
            expect_copied(&p, 0xf9c + i / 2 * 0x2000 + i % 2 * 100, 0xfce + i * 0x2000, 100));
    return PASS;
}

CHECK_SPREAD(local_fault, "5.7", "a page that is not there, within a space")
{
    struct pair p;
    struct fault f;

    EXPECT(open_pair_here(&p, 13));
    L4_Flush(page((L4_Word_t)p.target + 0x1000, 12, L4_FullyAccessible));
    send_string(&p, 0, 0x2000);
    take_string(&p, 0, 0x2000);
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.receiver, &f));
    EXPECT_EQUAL(f.word[0], p.to + 0x1000);
    *(volatile char *)(p.target + 0x1000) = 0; /* now we have it, and so has he */
    EXPECT(reply_item(p.receiver, L4_MapItem(L4_Nilpage, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x2000);
}

CHECK(large_answer, "5.7", "a superpage as the answer")
{
    struct pair p;
    struct fault f;
    L4_MapItem_t m;

    if (!has_memory(LARGE_LOG2 + 1))
        return SKIP;
    EXPECT(open_pair_unmapped(&p, LARGE_LOG2));
    EXPECT(give(p.receiver, L4_FpageLog2(p.to, LARGE_LOG2),
                L4_MapItem(page((L4_Word_t)p.target, LARGE_LOG2, L4_FullyAccessible), 0)));
    send_string(&p, 0, 0x100000);
    take_string(&p, 0, 0x100000);
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    EXPECT_EQUAL(f.word[0], p.from);
    m = L4_MapItem(page((L4_Word_t)p.source, LARGE_LOG2, L4_FullyAccessible), p.from);
    EXPECT(reply_item(p.sender, m));
    EXPECT(end_message(&p)); /* without a second fault */
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x100000);
}

/* While the third page is awaited, the first goes, and the fourth. */
CHECK_SPREAD(pages_go, "5.7", "pages that are taken away during the transfer")
{
    struct pair p;
    struct fault f;

    EXPECT(open_pair(&p, 14));
    L4_UnmapFpage(page((L4_Word_t)p.source + 0x2000, 12, L4_FullyAccessible));
    send_string(&p, 0, 0x4000);
    take_string(&p, 0, 0x4000);
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    EXPECT_EQUAL(f.word[0], p.from + 0x2000);
    L4_UnmapFpage(page((L4_Word_t)p.source, 12, L4_FullyAccessible));
    L4_UnmapFpage(page((L4_Word_t)p.target + 0x3000, 12, L4_FullyAccessible));
    EXPECT(reply_item(p.sender, source_page(&p, 0x2000)));
    EXPECT(read_fault(p.receiver, &f));
    EXPECT_EQUAL(f.word[0], p.to + 0x3000);
    EXPECT(reply_item(p.receiver, target_page(&p, 0x3000)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 0x4000);
}

CHECK_ALMOND_SPREAD(no_pager_left, "5.7", "a sender that faults and has no pager stops")
{
    struct pair p;
    L4_Word_t r;

    EXPECT(open_pair(&p, 13));
    L4_UnmapFpage(page((L4_Word_t)p.source + 0x1000, 12, L4_FullyAccessible));
    EXPECT(ask(p.sender, do_set_pager, 0, 0, &r));
    send_string(&p, 0, 0x2000);
    take_string(&p, 0, 0x2000);
    EXPECT(start_message(&p));
    AWAIT(state_of(p.receiver) == L4_SCHEDRESULT_RECEIVING);
    settle();
    L4_AbortReceive_and_stop(p.receiver); /* frees it, and the other one too */
    L4_Start(p.receiver);
    EXPECT(end_message(&p));
    return expect_failed(&p, L4_IPC_ABORTED, L4_IPC_ABORTED, 0x1000);
}

/* ---- what a message is besides its contents ---- */

CHECK_SPREAD(fault_in_call, "5.2", "a call whose string faults gets its answer")
{
    struct pair p;
    struct fault f;
    struct post *answer_post;

    EXPECT(open_pair(&p, 12));
    L4_UnmapFpage(page((L4_Word_t)p.source, 12, L4_FullyAccessible));
    send_string(&p, 0, 100);
    take_string(&p, 0, 100);
    p.out->from = p.receiver;
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(end_post(p.receiver));
    EXPECT(L4_IpcSucceeded(p.in->tag));
    answer_post = new_post();
    answer_post->to = p.sender;
    L4_Set_MsgLabel(&answer_post->msg, 0x1234);
    EXPECT(start_post(p.receiver, answer_post));
    EXPECT(end_post(p.sender));
    EXPECT(end_post(p.receiver));
    EXPECT_EQUAL(L4_Label(p.out->tag), 0x1234);
    return expect_copied(&p, 0, 0, 100);
}

CHECK_SPREAD(fault_in_propagation, "5.4", "a propagated message whose string faults")
{
    struct pair p;
    struct fault f;
    L4_ThreadId_t virtual;

    EXPECT(open_pair(&p, 12));
    virtual = spawn_beside(p.sender, 1, agent);
    EXPECT(!L4_IsNilThread(virtual));
    L4_UnmapFpage(page((L4_Word_t)p.source, 12, L4_FullyAccessible));
    send_string(&p, 0, 100);
    take_string(&p, 0, 100);
    L4_Set_Propagation(&p.out->msg.tag);
    p.out->virtual_sender = virtual;
    p.in->from = L4_anythread;
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT(L4_IpcPropagated(p.in->tag));
    EXPECT_EQUAL(p.in->sender.raw, virtual.raw);
    EXPECT_EQUAL(p.in->actual.raw, p.sender.raw);
    return expect_copied(&p, 0, 0, 100);
}

/* ---- items of several kinds ---- */

static void send_map(struct pair *p, L4_Word_t offset)
{
    L4_MsgAppendMapItem(&p->out->msg,
                        L4_MapItem(page(p->from + offset, 12, L4_FullyAccessible), 0));
}

/* A window for one page, behind the memory that the receiver has. */
static void take_window(struct pair *p)
{
    p->in->acceptor =
        L4_AddAcceptor(p->in->acceptor, L4_MapGrantItems(L4_FpageLog2(p->to + p->size, 12)));
}

CHECK_SPREAD(map_then_string, "5.7", "a page, and a string into it")
{
    struct pair p;
    L4_StringItem_t s;
    L4_Word_t r;

    EXPECT(open_pair(&p, 13));
    send_map(&p, 0x1000);
    send_string(&p, 0, 100);
    take_window(&p);
    s = L4_StringItem(100, (void *)(p.to + p.size + 0x40));
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(L4_TypedWords(p.in->tag), 4);
    EXPECT(ask(p.receiver, do_read, p.to + p.size + 0x40, 0, &r));
    EXPECT_EQUAL(r, *(L4_Word_t *)p.source);
    EXPECT_EQUAL(*(volatile L4_Word_t *)(p.source + 0x1040), r); /* it is the sender's page */
    return PASS;
}

CHECK_SPREAD(string_map_string, "5.7", "words, a string, a page, another string")
{
    struct pair p;
    L4_Word_t r;

    EXPECT(open_pair(&p, 13));
    send_string(&p, 0, 100);
    send_map(&p, 0x1000);
    send_string(&p, 200, 100);
    L4_MsgAppendWord(&p.out->msg, 0x42);
    take_string(&p, 0x100, 100);
    take_string(&p, 0x200, 100);
    take_window(&p);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(p.in->msg.raw[1], 0x42);
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 100));
    EXPECT_PASS(expect_copied(&p, 0x200, 200, 100));
    EXPECT(ask(p.receiver, do_read, p.to + p.size, 0, &r));
    EXPECT_EQUAL(r, *(L4_Word_t *)(p.source + 0x1000));
    return PASS;
}

/* The page is given away while it is not clear whether the rest arrives. */
CHECK_SPREAD(grant_then_fault, "5.7", "a grant, then a string with a page fault")
{
    struct pair p;
    struct fault f;
    L4_Word_t r;

    EXPECT(open_pair(&p, 14));
    L4_UnmapFpage(page((L4_Word_t)p.source, 12, L4_FullyAccessible));
    L4_MsgAppendGrantItem(&p.out->msg,
                          L4_GrantItem(page(p.from + 0x1000, 12, L4_FullyAccessible), 0));
    send_string(&p, 0, 100);
    take_window(&p);
    take_string(&p, 0x100, 100);
    EXPECT(start_message(&p));
    EXPECT(read_fault(p.sender, &f));
    EXPECT_EQUAL(f.word[0], p.from);
    EXPECT(reply_item(p.sender, source_page(&p, 0)));
    EXPECT(end_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 100));
    EXPECT(ask(p.receiver, do_read, p.to + p.size, 0, &r));
    EXPECT_EQUAL(r, *(L4_Word_t *)(p.source + 0x1000));
    EXPECT(ask_fault(p.sender, do_read, p.from + 0x1000, 0, &f));
    return PASS;
}

CHECK_SPREAD(string_then_no_window, "5.9", "a map item without a window, behind a string")
{
    struct pair p;

    EXPECT(open_pair(&p, 13));
    send_string(&p, 0, 100);
    send_map(&p, 0x1000);
    take_string(&p, 0x100, 100);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_failed(&p, L4_IPC_OVERFLOW, L4_IPC_OVERFLOW, 100));
    return expect_copied(&p, 0x100, 0, 100);
}

CHECK_SPREAD(map_then_no_buffer, "5.9", "a string without a buffer, behind a map item")
{
    struct pair p;
    L4_Word_t r;

    EXPECT(open_pair(&p, 13));
    send_map(&p, 0x1000);
    send_string(&p, 0, 100);
    take_window(&p);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_failed(&p, L4_IPC_OVERFLOW, L4_IPC_OVERFLOW, 0));
    EXPECT(ask(p.receiver, do_read, p.to + p.size, 0, &r)); /* the page has come */
    EXPECT_EQUAL(r, *(L4_Word_t *)(p.source + 0x1000));
    return PASS;
}
