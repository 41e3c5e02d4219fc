/* SPDX-License-Identifier: BSD-2-Clause */
/* The redirector of a space: it gets all messages that leave the space. */
#include "post.h"

#define AT 0x60000000ul

static bool set_redirector(L4_ThreadId_t space, L4_ThreadId_t redirector)
{
    L4_Word_t old = 1;

    return L4_SpaceControl(space, 0, L4_Nilpage, L4_Nilpage, redirector, &old) && old == 0;
}

static void receive_for_ever(void)
{
    L4_ThreadId_t from;

    for (;;) {
        L4_Wait(&from);
        shared[0]++;
    }
}

/* The checking thread redirects: so what its client says to it arrives in any case. */
static L4_ThreadId_t client_of_mine(void)
{
    L4_ThreadId_t t = spawn_remote(agent);

    return set_redirector(t, me) ? t : L4_nilthread;
}

static struct post *message_to(L4_ThreadId_t to, L4_Word_t label)
{
    struct post *p = new_post();

    p->to = to;
    L4_Set_MsgLabel(&p->msg, label);
    return p;
}

CHECK_ALMOND_SPREAD(redirected, "5.4", "a message to another space goes to the redirector")
{
    L4_ThreadId_t t = client_of_mine(), other = spawn_remote(receive_for_ever), from;
    struct post *p = message_to(other, 0x71);
    L4_MsgTag_t tag;

    EXPECT(!L4_IsNilThread(t));
    L4_MsgAppendWord(&p->msg, 0x4711);
    EXPECT(start_post(t, p));
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT_EQUAL(plain(tag), L4_MakeTag(0x71, 1, 0).raw | L4_TAG_REDIRECTED);
    EXPECT(L4_IpcRedirected(tag));
    EXPECT_EQUAL(L4_MR(1), 0x4711);
    EXPECT_EQUAL(from.raw, t.raw);
    EXPECT_EQUAL(L4_IntendedReceiver().raw, other.raw);
    EXPECT(end_post(t));
    EXPECT_EQUAL(p->tag.raw, L4_MakeTag(0x71, 1, 0).raw); /* it does not learn of it */
    settle();
    EXPECT_EQUAL(shared[0], 0);
    return PASS;
}

CHECK_ALMOND_SPREAD(not_within, "5.4", "a message within the space does not")
{
    L4_ThreadId_t t = client_of_mine(), other = spawn_beside(t, 1, receive_for_ever);
    struct post *p = message_to(other, 0x72);

    EXPECT(start_post(t, p));
    EXPECT(end_post(t));
    EXPECT(L4_IpcSucceeded(p->tag));
    AWAIT(shared[0] == 1);
    return PASS;
}

CHECK_ALMOND_SPREAD(to_redirector, "5.4", "a message to the redirector is not redirected")
{
    L4_ThreadId_t t = client_of_mine();
    struct post *p = message_to(me, 0x73);

    EXPECT(start_post(t, p));
    EXPECT_EQUAL(plain(hear(t)), L4_MakeTag(0x73, 0, 0).raw);
    return end_post(t) ? PASS : FAIL;
}

CHECK_ALMOND_SPREAD(unchanged, "4.10", "nilthread leaves the redirector, anythread takes it away")
{
    L4_ThreadId_t t = client_of_mine(), other = spawn_remote(receive_for_ever);
    struct post *p = message_to(other, 0x74);

    EXPECT(set_redirector(t, L4_nilthread));
    EXPECT(start_post(t, p));
    EXPECT(L4_IpcRedirected(hear(t)));
    EXPECT(end_post(t));
    EXPECT(set_redirector(t, L4_anythread));
    EXPECT(start_post(t, p));
    EXPECT(end_post(t));
    AWAIT(shared[0] == 1);
    return PASS;
}

CHECK_ALMOND_SPREAD(no_destination, "5.4", "a destination that does not exist")
{
    L4_ThreadId_t t = client_of_mine();
    struct post *p = message_to(new_id(), 0x75);

    EXPECT(start_post(t, p));
    EXPECT(end_post(t));
    EXPECT_EQUAL(p->error, ipc_error(L4_IPC_NO_PARTNER, 0));
    return PASS;
}

CHECK_ALMOND_SPREAD(redirector_busy, "5.4", "the timeout is for the redirector")
{
    L4_ThreadId_t t = client_of_mine(), other = spawn_remote(receive_for_ever);
    struct post *p = message_to(other, 0x76);

    p->timeouts = L4_Timeouts(L4_TimePeriod(10000), L4_ZeroTime);
    EXPECT(start_post(t, p));
    L4_Sleep(L4_TimePeriod(100000)); /* the other one would have taken it */
    EXPECT(end_post(t));
    EXPECT_EQUAL(p->error, ipc_error(L4_IPC_TIMEOUT, 0));
    EXPECT_EQUAL(shared[0], 0);
    return PASS;
}

/* Without an agent, since an agent's answers would be redirected, too. */
static struct post *volatile client_post;

static void client(void)
{
    while (!client_post)
        L4_Sleep(L4_TimePeriod(1000));
    do_post((L4_Word_t)client_post, 0);
    shared[1] = 1;
    for (;;)
        L4_Sleep(L4_Never);
}

CHECK_ALMOND_SPREAD(redirector_gone, "5.4", "a redirector that does not exist")
{
    L4_ThreadId_t t, other = spawn_remote(receive_for_ever);

    client_post = NULL;
    t = spawn_remote(client);
    EXPECT(set_redirector(t, new_id()));
    client_post = message_to(other, 0x77);
    AWAIT(shared[1] == 1);
    EXPECT_EQUAL(client_post->error, ipc_error(L4_IPC_NO_PARTNER, 0));
    return PASS;
}

/* Client, redirector and server in three spaces. */
CHECK_ALMOND_SPREAD(forwarded_call, "5.4", "the redirector passes a call on, the answer comes back")
{
    L4_ThreadId_t t, middle = spawn_remote(agent), server = spawn_remote(agent);
    struct post *call, *in = new_post(), *service = new_post();

    client_post = NULL;
    t = spawn_remote(client);
    EXPECT(set_redirector(t, middle));
    in->from = L4_anythread;
    EXPECT(start_post(middle, in));
    service->from = L4_anythread;
    EXPECT(start_post(server, service));
    settle();
    call = message_to(server, 0x78);
    call->from = server;
    client_post = call;
    EXPECT(end_post(middle));
    EXPECT(L4_IpcRedirected(in->tag));
    EXPECT_EQUAL(in->sender.raw, t.raw);
    EXPECT_EQUAL(in->intended.raw, server.raw);
    in->msg.tag = L4_MakeTag(0x79, 0, 0);
    L4_Set_Propagation(&in->msg.tag);
    in->virtual_sender = t;
    in->to = server;
    in->from = L4_nilthread;
    EXPECT(start_post(middle, in));
    EXPECT(end_post(middle));
    EXPECT(end_post(server));
    EXPECT_EQUAL(plain(service->tag), L4_MakeTag(0x79, 0, 0).raw | L4_TAG_PROPAGATED);
    EXPECT_EQUAL(service->sender.raw, t.raw);
    EXPECT_EQUAL(service->actual.raw, middle.raw);
    service->to = t;
    service->from = L4_nilthread;
    service->msg.tag = L4_MakeTag(0x7a, 0, 0);
    EXPECT(start_post(server, service));
    AWAIT(shared[1] == 1);
    EXPECT_EQUAL(plain(call->tag), L4_MakeTag(0x7a, 0, 0).raw);
    EXPECT_EQUAL(call->sender.raw, server.raw);
    return PASS;
}

CHECK_ALMOND_SPREAD(others_name, "5.4", "nobody but the redirector may pass on")
{
    L4_ThreadId_t victim = spawn_remote(agent), other = spawn_remote(agent);
    struct post *p = message_to(me, 0x7b);

    EXPECT(set_redirector(victim, me));
    L4_Set_Propagation(&p->msg.tag);
    p->virtual_sender = victim;
    EXPECT(start_post(other, p));
    EXPECT_EQUAL(plain(hear(other)), L4_MakeTag(0x7b, 0, 0).raw);
    return end_post(other) ? PASS : FAIL;
}

/* The pager is a thread of ours, in whose name we may answer. */
CHECK_ALMOND_SPREAD(page_faults, "5.4", "page faults are redirected, too")
{
    L4_ThreadId_t t = client_of_mine(), pager = spawn(receive_for_ever), from;
    L4_Word_t mine = get_memory(12), r;
    L4_MapItem_t m = L4_MapItem(page(mine, 12, L4_FullyAccessible), AT);
    L4_MsgTag_t tag;

    EXPECT(ask(t, do_set_pager, pager.raw, 0, &r));
    EXPECT(order(t, do_read, AT, 0));
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT_EQUAL(plain(tag),
                 L4_MakeTag(L4_LABEL_PAGEFAULT | ACCESS_READ, 2, 0).raw | L4_TAG_REDIRECTED);
    EXPECT_EQUAL(from.raw, t.raw);
    EXPECT_EQUAL(L4_IntendedReceiver().raw, pager.raw);
    EXPECT(!reply_item(t, m)); /* it waits for its pager */
    tag = L4_MakeTag(0, 0, 2);
    L4_Set_Propagation(&tag);
    L4_Set_VirtualSender(pager);
    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(tag);
    EXPECT(L4_IpcSucceeded(L4_Reply(t)));
    EXPECT(answer(t, &r));
    EXPECT_EQUAL(shared[0], 0);
    return PASS;
}

/*
 * The client's pager has to be of its own space, or its messages too were redirected, to
 * the very thread that is in the transfer.  It gets the page from somebody else.
 */
static struct pair *pair;
static L4_ThreadId_t supplier_thread, near_pager_thread;

static void supplier(void)
{
    L4_MapItem_t m = source_page(pair, 0);

    while (!shared[2])
        L4_Sleep(L4_TimePeriod(1000));
    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_Send(near_pager_thread);
}

static void near_pager(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    shared[2] = 1;
    L4_Accept(L4_MapGrantItems(L4_FpageLog2(pair->from, 12)));
    L4_Receive(supplier_thread);
    L4_Accept(L4_UntypedWordsAcceptor);
    L4_Set_MsgTag(L4_Niltag);
    L4_Reply(from);
}

CHECK_ALMOND_SPREAD(string_redirected, "5.4", "a redirected string whose page is missing")
{
    L4_ThreadId_t other = spawn_remote(receive_for_ever);
    struct pair p;
    L4_MsgBuffer_t b;
    L4_MsgTag_t tag;
    L4_Word_t r;

    EXPECT(open_pair_unmapped(&p, 12));
    pair = &p;
    near_pager_thread = spawn_beside(p.sender, 1, near_pager);
    supplier_thread = spawn(supplier);
    EXPECT(ask(p.sender, do_set_pager, near_pager_thread.raw, 0, &r));
    EXPECT(set_redirector(p.sender, me));
    send_string(&p, 0x10, 100);
    p.out->to = other;
    EXPECT(start_post(p.sender, p.out));
    L4_MsgBufferClear(&b);
    L4_MsgBufferAppendSimpleRcvString(&b, L4_StringItem(200, p.target));
    L4_AcceptStrings(L4_StringItemsAcceptor, &b);
    tag = hear(p.sender);
    L4_Accept(L4_UntypedWordsAcceptor);
    EXPECT_EQUAL(plain(tag), L4_MakeTag(0, 0, 2).raw | L4_TAG_REDIRECTED);
    EXPECT_EQUAL(L4_IntendedReceiver().raw, other.raw);
    EXPECT(end_post(p.sender));
    return expect_copied(&p, 0, 0x10, 100);
}
