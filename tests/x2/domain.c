/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains (extension): whom their threads reach, by every way on which one thread gets at another. */
#include "x2.h"

#define OURS   78ul
#define THEIRS 79ul

static L4_ThreadId_t in_domain(L4_Word_t domain, void (*fn)(void))
{
    spaces_of_account(domain);
    return spawn_remote(fn);
}

/* OURS reaches the root task only, THEIRS everybody. */
static bool confine(void)
{
    return L4_DomainControl(OURS, L4_DOMAIN_REACH_NONE, 0) &&
           L4_DomainControl(OURS, L4_DOMAIN_REACH, L4_DOMAIN_ROOT) &&
           L4_DomainControl(THEIRS, L4_DOMAIN_REACH_ALL, 0);
}

static bool connect(bool on)
{
    return L4_DomainControl(OURS, on ? L4_DOMAIN_REACH : L4_DOMAIN_UNREACH, THEIRS) != 0;
}

static bool undo(void)
{
    return L4_DomainControl(OURS, L4_DOMAIN_REACH_ALL, 0) &&
           L4_DomainControl(THEIRS, L4_DOMAIN_REACH_ALL, 0);
}

/* Actions of an agent: 0 for success, else the ErrorCode. */
static L4_Word_t result_of(L4_MsgTag_t tag)
{
    return L4_IpcSucceeded(tag) ? 0 : L4_ErrorCode();
}

static L4_Word_t do_call(L4_Word_t to, L4_Word_t b)
{
    L4_Set_MsgTag(L4_MakeTag(1, 0, 0));
    return result_of(L4_Call((L4_ThreadId_t){.raw = to}));
}

static L4_Word_t do_send(L4_Word_t to, L4_Word_t b)
{
    L4_Set_MsgTag(L4_MakeTag(1, 0, 0));
    return result_of(L4_Send_Timeout((L4_ThreadId_t){.raw = to}, L4_ZeroTime));
}

static L4_Word_t do_receive(L4_Word_t from, L4_Word_t b)
{
    return result_of(L4_Receive_Timeout((L4_ThreadId_t){.raw = from}, L4_ZeroTime));
}

static L4_Word_t do_notify(L4_Word_t to, L4_Word_t b)
{
    return L4_Notify((L4_ThreadId_t){.raw = to}, 1) ? 0 : L4_ErrorCode();
}

/* Answers whoever calls, and counts in shared[0]. */
static void echo(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    for (;;) {
        shared[0] += L4_IpcSucceeded(tag);
        L4_Set_MsgTag(L4_Niltag);
        tag = L4_ReplyWait(from, &from);
        if (L4_IpcFailed(tag))
            tag = L4_Wait(&from);
    }
}

static enum result expect_refused(L4_ThreadId_t t, L4_ThreadId_t to)
{
    L4_Word_t r;

    EXPECT(ask(t, do_call, to.raw, 0, &r));
    EXPECT_EQUAL(r, ipc_error(L4_IPC_NO_PARTNER, 0));
    EXPECT(ask(t, do_send, to.raw, 0, &r));
    EXPECT_EQUAL(r, ipc_error(L4_IPC_NO_PARTNER, 0));
    EXPECT(ask(t, do_receive, to.raw, 0, &r));
    EXPECT_EQUAL(r, ipc_error(L4_IPC_NO_PARTNER, 1));
    EXPECT(ask(t, do_notify, to.raw, 0, &r));
    EXPECT_EQUAL(r, L4_ErrInvalidThread);
    return PASS;
}

CHECK_ALMOND_SPREAD(domain_unreached, "almond",
                    "whom a domain does not reach does not exist for it")
{
    L4_ThreadId_t server, client;
    L4_Word_t r;

    EXPECT(confine());
    server = in_domain(THEIRS, echo);
    client = in_domain(OURS, agent);
    settle();
    EXPECT_PASS(expect_refused(client, server));
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(connect(true));
    for (unsigned i = 1; i <= 3; i++) { /* the fast path, too */
        EXPECT(ask(client, do_call, server.raw, 0, &r));
        EXPECT_EQUAL(r, 0);
        EXPECT_EQUAL(shared[0], i);
    }
    EXPECT(connect(false));
    EXPECT_PASS(expect_refused(client, server));
    EXPECT_EQUAL(shared[0], 3);
    EXPECT(undo());
    return PASS;
}

/* One word of the set after the other. */
CHECK_ALMOND(domain_numbers, "almond", "each domain has a bit of its own in another's reach")
{
    static const L4_Word_t others[] = {1, 31, 32, 63, 64, 500, 1022};
    L4_ThreadId_t server, client;
    L4_Word_t r;

    EXPECT(confine());
    client = in_domain(OURS, agent);
    for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        server = in_domain(others[i], echo);
        settle();
        EXPECT(L4_DomainControl(others[i], L4_DOMAIN_REACH_ALL, 0));
        EXPECT(ask(client, do_call, server.raw, 0, &r));
        EXPECT_EQUAL(r, ipc_error(L4_IPC_NO_PARTNER, 0));
        EXPECT(L4_DomainControl(OURS, L4_DOMAIN_REACH, others[i]));
        EXPECT(ask(client, do_call, server.raw, 0, &r));
        EXPECT_EQUAL(r, 0);
        EXPECT(L4_DomainControl(OURS, L4_DOMAIN_UNREACH, others[i]));
        kill(server);
    }
    EXPECT(undo());
    return PASS;
}

CHECK_ALMOND_SPREAD(domain_own, "almond",
                    "a domain that reaches none reaches the threads of its space")
{
    L4_ThreadId_t client, neighbour;
    L4_Word_t r;

    EXPECT(confine());
    client = in_domain(OURS, agent);
    neighbour = spawn_beside(client, 1, echo);
    settle();
    EXPECT(ask(client, do_call, neighbour.raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(shared[0], 1);
    EXPECT(undo());
    return PASS;
}

/* The server reaches nobody, not even those who may call it. */
CHECK_ALMOND_SPREAD(domain_answer, "almond", "an answer needs reach, as any message does")
{
    L4_ThreadId_t server, client;
    L4_Word_t r;

    EXPECT(confine() && connect(true));
    EXPECT(L4_DomainControl(THEIRS, L4_DOMAIN_UNREACH, OURS));
    server = in_domain(THEIRS, echo);
    client = in_domain(OURS, agent);
    settle();
    EXPECT(order(client, do_call, server.raw, 0));
    AWAIT(shared[0] == 1);
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(client, A_WHILE)));
    EXPECT(L4_DomainControl(THEIRS, L4_DOMAIN_REACH, OURS));
    kill(server);
    EXPECT(answer(client, &r));
    EXPECT_EQUAL(r, ipc_error(L4_IPC_NO_PARTNER, 1));
    EXPECT(undo());
    return PASS;
}

/* A pager that reaches nobody: the root task, for a moment. */
CHECK_ALMOND_SPREAD(domain_fault, "almond", "the answer to a fault always gets through")
{
    L4_Word_t memory = get_memory(12), at = ACCEPT_AT, r;
    L4_ThreadId_t t = in_domain(OURS, agent);
    struct fault f;
    bool resolved;

    EXPECT(memory);
    *(volatile L4_Word_t *)memory = 0x1234;
    EXPECT(ask_fault(t, do_read, at, 0, &f));
    EXPECT(L4_DomainControl(L4_DOMAIN_ROOT, L4_DOMAIN_UNREACH, OURS));
    resolved = reply_item(t, L4_MapItem(page(memory, 12, L4_Readable), at));
    EXPECT(L4_DomainControl(L4_DOMAIN_ROOT, L4_DOMAIN_REACH_ALL, 0));
    EXPECT(resolved);
    EXPECT(answer(t, &r));
    EXPECT_EQUAL(r, 0x1234);
    return PASS;
}

CHECK_ALMOND(domain_pager, "almond",
             "a fault does not reach a pager that its thread does not reach")
{
    L4_ThreadId_t pager, t;
    L4_Word_t r;

    EXPECT(confine());
    pager = in_domain(THEIRS, echo);
    t = in_domain(OURS, agent);
    settle();
    EXPECT(ask(t, do_set_pager, pager.raw, 0, &r));
    EXPECT(order(t, do_read, ACCEPT_AT, 0));
    settle();
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, A_WHILE)));
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(undo());
    return PASS;
}

CHECK_ALMOND(domain_sigma0, "almond", "sigma0 has a domain of its own")
{
    L4_ThreadId_t t;

    EXPECT(confine());
    t = in_domain(OURS, agent);
    EXPECT_PASS(expect_refused(t, L4_Sigma0Id()));
    EXPECT(undo());
    return PASS;
}

static L4_Word_t do_control(L4_Word_t operation, L4_Word_t domain)
{
    return L4_DomainControl(OURS, operation, domain) ? 0 : L4_ErrorCode();
}

CHECK_ALMOND(domain_refusals, "almond", "DomainControl: privilege, domains, operations")
{
    L4_ThreadId_t t = in_domain(OURS, agent);
    L4_Word_t r;

    for (L4_Word_t operation = L4_DOMAIN_REACH; operation <= L4_DOMAIN_REACH_NONE; operation++) {
        EXPECT(ask(t, do_control, operation, THEIRS, &r));
        EXPECT_EQUAL(r, L4_ErrNoPrivilege);
        EXPECT_EQUAL(L4_DomainControl(L4_DOMAINS, operation, 0), 0);
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    }
    EXPECT_EQUAL(do_control(L4_DOMAIN_REACH, L4_DOMAINS), L4_ErrInvalidParam);
    EXPECT_EQUAL(do_control(L4_DOMAIN_UNREACH, ~0ul), L4_ErrInvalidParam);
    EXPECT_EQUAL(do_control(L4_DOMAIN_REACH_NONE + 1, 0), L4_ErrInvalidParam);
    return PASS;
}
