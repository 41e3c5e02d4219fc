/* SPDX-License-Identifier: BSD-2-Clause */
/* IPC that works: words, partners, order. */
#include "x2.h"

static void echo(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    for (;;) {
        L4_Set_MsgTag(L4_MakeTag(L4_Label(tag), L4_UntypedWords(tag), 0));
        tag = L4_ReplyWait(from, &from);
    }
}

static L4_MsgTag_t call(L4_ThreadId_t t)
{
    return L4_Call_Timeouts(t, SOON, SOON);
}

static enum result echo_words(L4_ThreadId_t t, int words)
{
    L4_MsgTag_t tag;

    for (int i = 1; i <= words; i++)
        L4_LoadMR(i, 0x1000ul * (L4_Word_t)i + 7);
    L4_Set_MsgTag(L4_MakeTag(0xabc, (L4_Word_t)words, 0));
    tag = call(t);
    EXPECT(L4_IpcSucceeded(tag));
    EXPECT_EQUAL(plain(tag), L4_MakeTag(0xabc, (L4_Word_t)words, 0).raw);
    for (int i = 1; i <= words; i++)
        EXPECT_EQUAL(L4_MR(i), 0x1000ul * (L4_Word_t)i + 7);
    return PASS;
}

CHECK_SPREAD(words_local, "5.7", "0 to 63 words, within a space")
{
    L4_ThreadId_t t = spawn(echo);

    for (int words = 0; words <= 63; words++)
        if (echo_words(t, words) != PASS)
            return FAIL;
    return PASS;
}

CHECK_SPREAD(words_remote, "5.7", "0 to 63 words, between spaces")
{
    L4_ThreadId_t t = spawn_remote(echo);

    for (int words = 0; words <= 63; words++)
        if (echo_words(t, words) != PASS)
            return FAIL;
    return PASS;
}

CHECK_SPREAD(long_label, "5.1", "a label of full width")
{
    L4_ThreadId_t t = spawn(echo);
    L4_Word_t label = L4_LABEL_MASK & (L4_Word_t)0xf0e1d2c3b4a5ull;

    settle();
    L4_Set_MsgTag(L4_MakeTag(label, 0, 0));
    EXPECT_EQUAL(L4_Label(call(t)), label);
    return PASS;
}

static void send_label_1(void)
{
    L4_Set_MsgTag(L4_MakeTag(1, 0, 0));
    L4_Send(me);
}

static void send_label_2(void)
{
    L4_Set_MsgTag(L4_MakeTag(2, 0, 0));
    L4_Send(me);
}

CHECK_SPREAD(sender_local, "5.3", "the sender, of the own space")
{
    L4_ThreadId_t t = spawn(send_label_1), from;

    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(L4_GlobalIdOf(from).raw, t.raw);
    return PASS;
}

CHECK_ALMOND_SPREAD(sender_local_form, "5.3", "the sender, of the own space, as a local id")
{
    L4_ThreadId_t t = spawn(send_label_1), from;

    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(from.raw, L4_LocalIdOf(t).raw);
    return PASS;
}

CHECK_SPREAD(sender_remote, "5.3", "the sender, of another space")
{
    L4_ThreadId_t t = spawn_remote(send_label_1), from;

    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(from.raw, t.raw);
    return PASS;
}

CHECK_SPREAD(closed_receive, "5.3", "a closed receive leaves others waiting")
{
    L4_ThreadId_t a = spawn(send_label_1), b = spawn(send_label_2);

    settle();
    EXPECT_EQUAL(L4_Label(hear(b)), 2);
    EXPECT_EQUAL(L4_Label(hear(a)), 1);
    return PASS;
}

static void send_label_3(void)
{
    L4_Set_MsgTag(L4_MakeTag(3, 0, 0));
    L4_Send(me);
    for (;;)
        L4_Sleep(L4_Never); /* and no other message */
}

CHECK_SPREAD(local_wait, "4.8", "anylocalthread takes only threads of the own space")
{
    L4_ThreadId_t remote = spawn_remote(send_label_1), local = spawn(send_label_3), from;
    L4_MsgTag_t tag;

    settle();
    tag = L4_Ipc(L4_nilthread, L4_anylocalthread, L4_Timeouts(L4_ZeroTime, SOON), &from);
    EXPECT_EQUAL(L4_Label(tag), 3);
    EXPECT_EQUAL(L4_GlobalIdOf(from).raw, local.raw);
    tag = L4_Ipc(L4_nilthread, L4_anylocalthread, L4_Timeouts(L4_ZeroTime, L4_ZeroTime), &from);
    EXPECT(L4_IpcFailed(tag)); /* a message waits, but not from here */
    EXPECT_EQUAL(L4_Label(hear(remote)), 1);
    return PASS;
}

CHECK_SPREAD(fifo, "5.3", "senders are served in their order")
{
    L4_ThreadId_t t[8], from;

    for (int i = 0; i < 8; i++) {
        t[i] = spawn(send_label_1);
        settle();
    }
    for (int i = 0; i < 8; i++) {
        EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
        EXPECT_EQUAL(L4_GlobalIdOf(from).raw, t[i].raw);
    }
    return PASS;
}

static void wait_once(void)
{
    L4_ThreadId_t from;

    shared[0] = L4_Wait(&from).raw;
    shared[1] = from.raw;
    shared[2] = L4_MR(1);
}

CHECK_SPREAD(send_keeps_registers, "5.2", "a send leaves the sender's registers alone")
{
    L4_ThreadId_t t = spawn(wait_once);

    settle();
    for (int i = 1; i <= 10; i++)
        L4_LoadMR(i, (L4_Word_t)i);
    L4_Set_MsgTag(L4_MakeTag(5, 1, 0));
    EXPECT_EQUAL(L4_Send_Timeout(t, SOON).raw, L4_MakeTag(5, 1, 0).raw);
    for (int i = 1; i <= 10; i++)
        EXPECT_EQUAL(L4_MR(i), i);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[2], 1);
    return PASS;
}

CHECK(no_operation, "4.8", "neither send nor receive")
{
    L4_ThreadId_t from;

    L4_Set_MsgTag(L4_MakeTag(3, 2, 0));
    EXPECT(L4_IpcSucceeded(
        L4_Ipc(L4_nilthread, L4_nilthread, L4_Timeouts(L4_Never, L4_Never), &from)));
    return PASS;
}

CHECK_SPREAD(local_ids, "4.8", "local ids; Lipc")
{
    L4_ThreadId_t t = spawn(echo), local = L4_LocalIdOf(t);

    settle();
    L4_Set_MsgTag(L4_MakeTag(4, 0, 0));
    EXPECT_EQUAL(L4_Label(call(local)), 4);
    L4_Set_MsgTag(L4_MakeTag(5, 0, 0));
    EXPECT_EQUAL(L4_Label(L4_Lcall(local)), 5);
    return PASS;
}

/* Client and server of equal rank beside us: many calls, each answered once. */
static void client(void)
{
    L4_ThreadId_t server = {.raw = shared[0]};

    for (L4_Word_t i = 0; i < 1000; i++) {
        L4_LoadMR(1, i);
        L4_Set_MsgTag(L4_MakeTag(0, 1, 0));
        if (L4_IpcSucceeded(L4_Call(server)) && L4_MR(1) == i)
            shared[1]++;
    }
}

CHECK_SPREAD(many_calls, "5.2", "a thousand calls within a space")
{
    shared[0] = spawn(echo).raw;
    EXPECT(L4_IpcSucceeded(hear(spawn(client))));
    EXPECT_EQUAL(shared[1], 1000);
    return PASS;
}

CHECK_SPREAD(many_remote_calls, "5.2", "a thousand calls between spaces")
{
    shared[0] = spawn_remote(echo).raw;
    EXPECT(L4_IpcSucceeded(hear(spawn(client))));
    EXPECT_EQUAL(shared[1], 1000);
    return PASS;
}

/* x87, SSE and general registers of two threads that take turns. */
static void keep_fpu(void)
{
    uint64_t mine = L4_MyLocalId().raw, xmm = 0, x87 = 0;

    __asm__ volatile("movlps %0, %%xmm7; fninit; fildq %0" : : "m"(mine));
    for (int i = 0; i < 20; i++) {
        L4_Yield();
        L4_Sleep(L4_TimePeriod(1000));
    }
    __asm__ volatile("movlps %%xmm7, %0; fistpq %1" : "=m"(xmm), "=m"(x87));
    if (xmm == mine && x87 == mine)
        __atomic_add_fetch(&shared[0], 1, __ATOMIC_SEQ_CST);
}

CHECK_SPREAD(fpu, "8.7", "FPU registers survive switches")
{
    L4_ThreadId_t a = spawn(keep_fpu), b = spawn(keep_fpu), c = spawn_remote(keep_fpu);

    EXPECT(L4_IpcSucceeded(hear(a)));
    EXPECT(L4_IpcSucceeded(hear(b)));
    EXPECT(L4_IpcSucceeded(hear(c)));
    EXPECT_EQUAL(shared[0], 3);
    return PASS;
}
