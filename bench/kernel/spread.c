/* SPDX-License-Identifier: BSD-2-Clause */
/* One page that is mapped to many places of another space, by a pager that knows no other. */
#include "kbench.h"

#define PLAY 0x40000000ul

static L4_Word_t page;

static void pager(void)
{
    L4_ThreadId_t from;
    L4_MapItem_t item;

    L4_Wait(&from);
    for (;;) {
        item = L4_MapItem(L4_FpageAddRights(L4_FpageLog2(page, 12), L4_FullyAccessible),
                          L4_MR(1) & ~0xffful);
        L4_LoadMRs(1, 2, item.raw);
        L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
        L4_ReplyWait(from, &from);
    }
}

static void many_pages(void)
{
    L4_Receive(me);
    touch_pages(PLAY, MAPPINGS);
    L4_Set_MsgTag(L4_Niltag);
    L4_Send(me);
    L4_Receive(L4_MyGlobalId());
}

struct spread spread_begin(void)
{
    struct spread s = {.pager = make_local()};

    if (!page)
        page = get_memory(12);
    *(volatile char *)page = 0;
    s.page = L4_FpageAddRights(L4_FpageLog2(page, 12), L4_FullyAccessible);
    start(s.pager, pager);
    s.thread = start_far(many_pages);
    L4_Set_PagerOf(s.thread, s.pager);
    L4_Set_MsgTag(L4_Niltag);
    if (L4_IpcFailed(L4_Call(s.thread)))
        fail("many page faults");
    return s;
}

void spread_end(const struct spread *s)
{
    kill(s->thread);
    kill(s->pager);
}
