/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping by messages, and revoking. */
#include "kbench.h"

#define PAGES      256
#define PAGES_LOG2 (12 + 8)
#define GIB_LOG2   30
#define PLAY       0x40000000ul

/* Takes mappings wherever they are to be, and answers without any. */
static void taker(void)
{
    L4_ThreadId_t from;

    L4_Accept(L4_MapGrantItems(L4_CompleteAddressSpace));
    L4_Wait(&from);
    for (;;) {
        L4_Set_MsgTag(L4_Niltag);
        L4_ReplyWait(from, &from);
    }
}

static uint64_t send_item(L4_ThreadId_t to, L4_MapItem_t item, unsigned words)
{
    uint64_t begin;

    L4_LoadMRs(1, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 2 - words, words));
    begin = now();
    if (L4_IpcFailed(L4_Call(to)))
        fail("a mapping");
    return now() - begin;
}

/* What the item adds to a message of two words and its answer. */
static uint64_t map(L4_ThreadId_t to, L4_Word_t from, unsigned log2, L4_Word_t at)
{
    L4_MapItem_t item =
        L4_MapItem(L4_FpageAddRights(L4_FpageLog2(from, (int)log2), L4_FullyAccessible), at);
    uint64_t plain = send_item(to, item, 0);

    return send_item(to, item, 2) - plain;
}

static void bench_map(void)
{
    L4_ThreadId_t t = start_far(taker);
    L4_Word_t memory = get_memory(PAGES_LOG2);
    uint64_t sum = 0;

    map(t, memory, 12, PLAY); /* page tables */
    for (unsigned i = 1; i < PAGES; i++)
        sum += map(t, memory + i * 4096, 12, PLAY + i * 4096);
    report("map_4k", sum / (PAGES - 1));
    memory = get_memory(GIB_LOG2);
    report("map_1g", map(t, memory, GIB_LOG2, PLAY));
    kill(t);
}

static void bench_unmap(void)
{
    struct spread s = spread_begin();
    L4_Word_t used = kernel_memory();
    uint64_t begin = now();

    L4_UnmapFpage(s.page);
    report("unmap_100k", now() - begin);
    report("mapping_bytes", (used - kernel_memory()) / MAPPINGS);
    spread_end(&s);
}

void bench_mappings(void)
{
    bench_map();
    bench_unmap();
}
