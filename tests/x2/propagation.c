/* SPDX-License-Identifier: BSD-2-Clause */
/* Propagated messages. */
#include "x2.h"

/* Sends in the name of shared[0] to shared[1]. */
static void send_for_other(void)
{
    L4_MsgTag_t tag = L4_MakeTag(0x61, 0, 0);

    L4_Set_VirtualSender((L4_ThreadId_t){.raw = shared[0]});
    L4_Set_Propagation(&tag);
    L4_Set_MsgTag(tag);
    L4_Send((L4_ThreadId_t){.raw = shared[1]});
}

static void idle(void)
{
    L4_Receive(L4_MyGlobalId());
}

/* The virtual sender lives in the sender's space. */
CHECK_SPREAD(within_space, "5.4", "in the name of a thread of the own space")
{
    L4_ThreadId_t virtual = spawn(idle), sender, from;
    L4_MsgTag_t tag;

    shared[0] = virtual.raw;
    shared[1] = me.raw;
    sender = spawn(send_for_other);
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT(L4_IpcPropagated(tag));
    EXPECT_EQUAL(L4_Label(tag), 0x61);
    EXPECT_EQUAL(L4_GlobalIdOf(from).raw, virtual.raw);
    EXPECT_EQUAL(L4_ActualSender().raw, sender.raw);
    return PASS;
}

/* The sender lives in the receiver's space: it may name anybody. */
CHECK_SPREAD(to_own_space, "5.4", "within a space, in the name of anybody")
{
    L4_ThreadId_t virtual = spawn_remote(idle), sender, from;
    L4_MsgTag_t tag;

    shared[0] = virtual.raw;
    shared[1] = me.raw;
    sender = spawn(send_for_other);
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT(L4_IpcPropagated(tag));
    EXPECT_EQUAL(from.raw, virtual.raw);
    EXPECT_EQUAL(L4_ActualSender().raw, sender.raw);
    return PASS;
}

CHECK_SPREAD(not_allowed, "5.4", "not allowed: the message is the sender's own")
{
    L4_ThreadId_t sender, from;
    L4_MsgTag_t tag;

    shared[0] = L4_Sigma0Id().raw;
    shared[1] = me.raw;
    sender = spawn_remote(send_for_other);
    tag = L4_Wait_Timeout(SOON, &from);
    EXPECT(L4_IpcSucceeded(tag));
    EXPECT(!L4_IpcPropagated(tag));
    EXPECT_EQUAL(from.raw, sender.raw);
    return PASS;
}

static void wait_virtual(void)
{
    L4_MsgTag_t tag = L4_Receive((L4_ThreadId_t){.raw = shared[0]});

    shared[2] = tag.raw;
    shared[3] = L4_ActualSender().raw;
}

CHECK_SPREAD(closed_on_virtual, "5.4", "a closed receive from the virtual sender")
{
    L4_ThreadId_t virtual = spawn(idle), sender, receiver;

    shared[0] = virtual.raw;
    receiver = spawn(wait_virtual);
    shared[1] = receiver.raw;
    settle();
    sender = spawn(send_for_other);
    EXPECT(L4_IpcSucceeded(hear(receiver)));
    EXPECT(shared[2] & L4_TAG_PROPAGATED);
    EXPECT_EQUAL(shared[3], sender.raw);
    return PASS;
}

/* A client calls a front end, which passes the call on; the answer comes from behind. */
static void call_front(void)
{
    L4_ThreadId_t from = L4_nilthread;

    L4_Set_MsgTag(L4_MakeTag(0x62, 0, 0));
    shared[4] = L4_Ipc((L4_ThreadId_t){.raw = shared[2]}, (L4_ThreadId_t){.raw = shared[2]},
                       L4_Timeouts(SOON, SOON), &from)
                    .raw;
    shared[5] = L4_GlobalIdOf(from).raw;
}

static void front(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    L4_Set_VirtualSender(L4_GlobalIdOf(from));
    L4_Set_Propagation(&tag);
    L4_Set_MsgTag(tag);
    L4_Send((L4_ThreadId_t){.raw = shared[3]});
}

static void back(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    L4_Set_MsgTag(L4_MakeTag(0x63, 0, 0));
    L4_Reply(from);
}

CHECK_SPREAD(redirected_wait, "5.4", "a waiting virtual sender is redirected to the receiver")
{
    L4_ThreadId_t server = spawn(back), middle, client;

    shared[3] = server.raw;
    middle = spawn(front);
    shared[2] = middle.raw;
    settle();
    client = spawn(call_front);
    EXPECT(L4_IpcSucceeded(hear(client)));
    EXPECT_EQUAL(shared[4] >> 16, 0x63);
    EXPECT(!(shared[4] & L4_TAG_ERROR));
    EXPECT_EQUAL(shared[5], server.raw);
    return PASS;
}
