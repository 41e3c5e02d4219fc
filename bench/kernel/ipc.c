/* SPDX-License-Identifier: BSD-2-Clause */
/* One-way IPC: half of a call and its answer, both of the same length. */
#include "kbench.h"

#define ROUNDS 1000

static uint64_t rounds(L4_ThreadId_t server, L4_Word_t n)
{
    uint64_t begin = now();

    loop_client(server.raw, L4_MakeTag(0x123, n, 0).raw, ROUNDS);
    return now() - begin;
}

/* With all lengths; the first rounds fill what is filled on demand. */
static void measure(const char *name, L4_ThreadId_t server)
{
    char line[64];

    rounds(server, 0);
    for (L4_Word_t n = 0; n <= 63; n++) {
        snprintf(line, sizeof(line), "ipc_oneway_%s_%lumr", name, n);
        /* tenths of an instruction */
        report(line, rounds(server, n) * 10 / (2 * ROUNDS));
    }
}

void bench_ipc(void)
{
    L4_ThreadId_t near = make_local(), far;

    start(near, loop_server);
    measure("intra", near);
    kill(near);
    far = start_far(loop_server);
    measure("inter", far);
    kill(far);
}
