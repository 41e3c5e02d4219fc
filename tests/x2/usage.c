/* SPDX-License-Identifier: BSD-2-Clause */
/* CpuTime (extension): what threads and domains have used, and how many messages they have sent. */
#include "x2.h"

#define OURS 78ul
#define SOME 10u
#define AT   0x40000000ul

/* Answers whoever calls. */
static void echo(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        L4_Set_MsgTag(L4_Niltag);
        L4_ReplyWait(from, &from);
    }
}

static bool call_often(L4_ThreadId_t t, L4_MsgTag_t tag)
{
    for (unsigned i = 0; i < SOME; i++) {
        L4_Set_MsgTag(tag);
        if (L4_IpcFailed(L4_Call(t)))
            return false;
    }
    return true;
}

static L4_Word_t sent_by(L4_ThreadId_t t)
{
    L4_Word_t sent = 0;

    return L4_MessagesSent(t, &sent) ? sent : ~0ul;
}

static enum result sent_both_ways(L4_ThreadId_t t)
{
    L4_Word_t mine = sent_by(me), other = sent_by(t);

    EXPECT(call_often(t, L4_MakeTag(0, 0, 0)));
    EXPECT_EQUAL(sent_by(me) - mine, SOME);
    EXPECT_EQUAL(sent_by(t) - other, SOME);
    EXPECT(call_often(t, L4_MakeTag(63, 0, 0)));
    EXPECT_EQUAL(sent_by(me) - mine, 2 * SOME);
    EXPECT_EQUAL(sent_by(t) - other, 2 * SOME);
    return PASS;
}

CHECK_ALMOND_SPREAD(sent_counts, "almond", "each message that a thread has sent counts")
{
    EXPECT_PASS(sent_both_ways(spawn_remote(echo)));
    EXPECT_PASS(sent_both_ways(spawn(echo)));
    return PASS;
}

CHECK_ALMOND_SPREAD(sent_fails, "almond", "a message that does not arrive does not count")
{
    L4_ThreadId_t t = spawn_remote(finish);
    L4_Word_t mine = sent_by(me);

    L4_Set_MsgTag(L4_MakeTag(0, 0, 0));
    EXPECT(L4_IpcFailed(L4_Send_Timeout(t, L4_ZeroTime)));
    EXPECT_EQUAL(sent_by(me), mine);
    return PASS;
}

CHECK_ALMOND_SPREAD(sent_faults, "almond", "the message of a page fault counts as the thread's")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;
    L4_Word_t r, before;

    EXPECT(ask(t, do_nothing, 0, 0, &r));
    before = sent_by(t);
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    EXPECT_EQUAL(sent_by(t) - before, 1);
    EXPECT(resolve(t, L4_MapItem(page((L4_Word_t)shared, 12, L4_Readable), AT), &r));
    EXPECT_EQUAL(sent_by(t) - before, 2);
    return PASS;
}

CHECK_ALMOND(sent_domain, "almond", "a domain keeps the messages of threads that are no more")
{
    L4_Word_t before, after, sent;
    L4_ThreadId_t t;

    EXPECT(L4_DomainMessagesSent(OURS, &before));
    spaces_of_account(OURS);
    t = spawn_remote(echo);
    EXPECT(call_often(t, L4_MakeTag(0, 0, 0)));
    EXPECT(L4_DomainMessagesSent(OURS, &after));
    EXPECT_EQUAL(after, before);
    sent = sent_by(t);
    EXPECT(sent >= SOME);
    kill(t);
    EXPECT(L4_DomainMessagesSent(OURS, &after));
    EXPECT_EQUAL(after - before, sent);
    return PASS;
}

static void count_for_ever(void)
{
    for (;;)
        shared[0]++;
}

CHECK_ALMOND_SPREAD(time_counts, "almond", "the time of a thread that runs grows")
{
    L4_ThreadId_t t = spawn(count_for_ever);
    L4_Word64_t before, after;

    AWAIT(shared[0]);
    EXPECT(L4_CpuTime(t, &before));
    L4_Sleep(A_WHILE);
    EXPECT(L4_CpuTime(t, &after));
    EXPECT(after > before);
    return PASS;
}

static L4_Word_t do_look(L4_Word_t thread, L4_Word_t b)
{
    L4_Word_t sent;

    return L4_MessagesSent((L4_ThreadId_t){.raw = thread}, &sent) ? 0 : L4_ErrorCode();
}

static L4_Word_t do_look_at_domain(L4_Word_t domain, L4_Word_t b)
{
    L4_Word_t sent;

    return L4_DomainMessagesSent(domain, &sent) ? 0 : L4_ErrorCode();
}

CHECK_ALMOND(usage_refusals, "almond", "CpuTime: whose business it is, threads, domains")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r, sent;

    EXPECT(ask(t, do_look, t.raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(t, do_look, me.raw, 0, &r));
    EXPECT_EQUAL(r, L4_ErrNoPrivilege);
    EXPECT(ask(t, do_look_at_domain, OURS, 0, &r));
    EXPECT_EQUAL(r, L4_ErrNoPrivilege);
    EXPECT(!L4_MessagesSent(new_id(), &sent));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT(!L4_DomainMessagesSent(1024, &sent));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    return PASS;
}
