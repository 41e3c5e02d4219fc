/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call with two arguments and one result to another space, through stub and dispatcher, and
 * bare: the same words by the same l4_regmsg_ipc(), without a check, a look at the tag, or a function.
 */
#include "kbench.h"

#include <marzipan/sum.h>
#include <marzipan/sum_server.h>

#define ROUNDS 1000

struct mz_caller {
    L4_ThreadId_t id;
};

static void idl_server(void)
{
    struct mz_request q = mz_request(NULL);

    for (;;) {
        mz_wait(&q);
        struct mz_caller caller = {q.from};
        if (!mz_sum_dispatch(&q, &caller))
            mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    }
}

static void bare_server(void)
{
    struct l4_regmsg m = l4_regmsg_new();
    L4_Word_t partner = L4_nilthread.raw;

    for (;;) {
        l4_regmsg_ipc(&m, &partner, L4_anythread.raw, L4_Timeouts(L4_ZeroTime, L4_Never));
        l4_regmsg_set(&m, 1, l4_regmsg_word(&m, 1) + l4_regmsg_word(&m, 2));
        m.tag = L4_MakeTag(0, 1, 0).raw;
    }
}

static __attribute__((noinline)) uint32_t idl_rounds(L4_ThreadId_t server, unsigned rounds)
{
    uint32_t sum = 0;

    for (; rounds; rounds--)
        if (mz_sum_add(server, sum, 1, &sum))
            fail("a call");
    return sum;
}

static __attribute__((noinline)) uint32_t bare_rounds(L4_ThreadId_t server, unsigned rounds)
{
    struct l4_regmsg m = l4_regmsg_new();
    uint32_t sum = 0;

    for (; rounds; rounds--) {
        L4_Word_t to = server.raw;

        l4_regmsg_set(&m, 1, sum);
        l4_regmsg_set(&m, 2, 1);
        m.tag = L4_MakeTag(0x123, 2, 0).raw;
        l4_regmsg_ipc(&m, &to, server.raw, L4_Timeouts(L4_Never, L4_Never));
        sum = (uint32_t)l4_regmsg_word(&m, 1);
    }
    return sum;
}

/* In tenths of an instruction, as for all IPC. */
static void measure(const char *name, void (*server)(void),
                    uint32_t (*rounds)(L4_ThreadId_t, unsigned))
{
    L4_ThreadId_t t = start_far(server);
    uint64_t begin;

    rounds(t, 10);
    begin = now();
    if (rounds(t, ROUNDS) != ROUNDS)
        fail(name);
    report(name, (now() - begin) * 10 / ROUNDS);
    kill(t);
}

void bench_idl(void)
{
    measure("ipc_call_bare", bare_server, bare_rounds);
    measure("ipc_call_idl", idl_server, idl_rounds);
}
