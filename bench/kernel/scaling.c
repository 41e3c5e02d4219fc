/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairs of threads, each on a processor of its own, that call each other: how much more do two
 * get done than one?  By the clock, so on a machine with other work only the best of
 * many short times tells something.
 */
#include "kbench.h"

#define PAIRS     2
#define ROUNDS    2   /* calls between looks at the clock */
#define LEAD_US   300 /* until all are at their places */
#define WINDOW_US 2000
#define TRIES     2000

static struct pair {
    L4_ThreadId_t client, server;
    volatile uint64_t begin, end, calls;
} __attribute__((aligned(256))) pairs[PAIRS];

static void run(struct pair *p)
{
    const L4_MsgTag_t tag = L4_MakeTag(0x123, 0, 0);

    for (;;) {
        L4_Receive(me);
        p->calls = 0;
        while (now() < p->begin)
            ;
        while (now() < p->end) {
            loop_client(p->server.raw, tag.raw, ROUNDS);
            p->calls += ROUNDS;
        }
        L4_Set_MsgTag(L4_Niltag);
        L4_Send(me);
    }
}

static void run_0(void)
{
    run(&pairs[0]);
}

static void run_1(void)
{
    run(&pairs[1]);
}

static void make_pair(unsigned n, void (*fn)(void))
{
    struct pair *p = &pairs[n];

    p->server = make_space(0);
    p->client = make_local();
    L4_Set_ProcessorNo(p->server, n);
    L4_Set_ProcessorNo(p->client, n);
    start(p->server, loop_server);
    serve(p->server);
    start(p->client, fn);
}

/* All calls of the first `count` pairs within one window. */
static uint64_t window(unsigned count)
{
    const uint64_t us = L4_Almond()->tsc_khz / 1000;
    uint64_t calls = 0, begin = now() + LEAD_US * us;

    for (unsigned i = 0; i < count; i++) {
        pairs[i].begin = begin;
        pairs[i].end = begin + WINDOW_US * us;
        L4_Set_MsgTag(L4_Niltag);
        L4_Send(pairs[i].client);
    }
    for (unsigned i = 0; i < count; i++) {
        L4_Receive(pairs[i].client);
        calls += pairs[i].calls;
    }
    return calls;
}

void bench_scaling(void)
{
    uint64_t one = 0, two = 0, calls;

    make_pair(0, run_0);
    make_pair(1, run_1);
    for (unsigned i = 0; i < TRIES; i++) {
        calls = window(1);
        one = calls > one ? calls : one;
        calls = window(2);
        two = calls > two ? calls : two;
    }
    report("calls_of_one_pair", one);
    report("calls_of_two_pairs", two);
}
