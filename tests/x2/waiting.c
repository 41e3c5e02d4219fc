/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that wait already when somebody begins to wait for them. */
#include "post.h"

#define AT 0x60000000ul

static volatile L4_Word_t go;

static L4_Word_t do_spin_then_read(L4_Word_t address, L4_Word_t b)
{
    while (!go)
        ;
    return *(volatile L4_Word_t *)address;
}

static void receive_for_ever(void)
{
    L4_ThreadId_t from;

    for (;;) {
        L4_Wait(&from);
        shared[0]++;
    }
}

/* Memory of ours in small pages. */
static L4_Word_t get_small_pages(unsigned log2)
{
    L4_Word_t mine = get_memory(log2);

    for (L4_Word_t at = 0; mine && at < 1ul << log2; at += 1ul << LARGE_LOG2) {
        L4_Flush(page(mine + at, 12, L4_FullyAccessible));
        *(volatile L4_Word_t *)(mine + at) = 0;
    }
    return mine;
}

/*
 * Somebody has sent the answer in the pager's name before the fault: the faulting thread itself
 * takes it then, and there is so much of it that it cannot be done at once.
 */
CHECK_ALMOND_SPREAD(waiting_answer, "5.4", "a long answer that waits before the fault")
{
    L4_ThreadId_t t = spawn_remote(agent), pager = spawn(receive_for_ever), other = spawn(agent);
    L4_Word_t mine = get_small_pages(LARGE_LOG2 + 1), r;
    struct post *p = new_post();

    if (!mine)
        return SKIP;
    *(volatile L4_Word_t *)(mine + 0x1008) = 0x1234;
    EXPECT(ask(t, do_set_pager, pager.raw, 0, &r));
    go = 0;
    EXPECT(order(t, do_spin_then_read, AT + 0x1008, 0));
    p->to = t;
    L4_MsgAppendMapItem(&p->msg, L4_MapItem(page(mine, LARGE_LOG2 + 1, L4_FullyAccessible), AT));
    L4_Set_Propagation(&p->msg.tag);
    p->virtual_sender = pager;
    EXPECT(start_post(other, p));
    AWAIT(state_of(other) == L4_SCHEDRESULT_PENDING_SEND);
    go = 1;
    for (int i = 0; i < 100; i++) /* interrupts for the kernel */
        L4_Sleep(L4_TimePeriod(100));
    EXPECT(end_post(other));
    EXPECT(L4_IpcSucceeded(p->tag));
    EXPECT(answer(t, &r));
    EXPECT_EQUAL(r, 0x1234);
    EXPECT_EQUAL(shared[0], 1); /* the pager has heard of it, too */
    return PASS;
}

static L4_Word_t do_spin_then_post(L4_Word_t post, L4_Word_t b)
{
    while (!go)
        ;
    return do_post(post, 0);
}

CHECK_SPREAD(waiting_reply, "5.4", "a reply that waits before the call")
{
    L4_ThreadId_t t = spawn_remote(agent), server = spawn(receive_for_ever), other = spawn(agent);
    struct post *call = new_post(), *reply = new_post();
    L4_Word_t r;

    go = 0;
    call->to = call->from = server;
    EXPECT(order(t, do_spin_then_post, (L4_Word_t)call, 0));
    reply->to = t;
    L4_Set_MsgLabel(&reply->msg, 0x77);
    L4_Set_Propagation(&reply->msg.tag);
    reply->virtual_sender = server;
    EXPECT(start_post(other, reply));
    AWAIT(state_of(other) == L4_SCHEDRESULT_PENDING_SEND);
    go = 1;
    EXPECT(end_post(other));
    EXPECT(answer(t, &r));
    EXPECT_EQUAL(L4_Label(call->tag), 0x77);
    EXPECT_EQUAL(call->sender.raw, server.raw);
    EXPECT_EQUAL(call->actual.raw, other.raw);
    EXPECT_EQUAL(shared[0], 1); /* the call has arrived, too */
    return PASS;
}
