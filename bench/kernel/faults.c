/* SPDX-License-Identifier: BSD-2-Clause */
/* Page faults that a user-level pager handles. */
#include "kbench.h"

#define PAGES  256
#define PLAY   0x40000000ul
#define LOG2   (12 + 8) /* of PAGES pages */
#define RIGHTS L4_FullyAccessible

static volatile uint64_t began, ended;

static void faulter(void)
{
    L4_Receive(me);
    touch_pages(PLAY, 16); /* page tables, caches */
    began = now();
    touch_pages(PLAY + 16 * 4096, PAGES - 16);
    ended = now();
    L4_Set_MsgTag(L4_Niltag);
    L4_Send(me);
}

/* From the faulting instruction to its success, the loop's own few instructions included. */
static void bench_page_fault(void)
{
    L4_Word_t memory = get_memory(LOG2);
    L4_ThreadId_t pager = make_local(), t = make_space(0);

    loop_offset = memory - PLAY + (12 << 4) + RIGHTS;
    start(pager, loop_pager);
    start(t, faulter);
    serve(t); /* its image */
    L4_Set_PagerOf(t, pager);
    L4_Set_MsgTag(L4_Niltag);
    if (L4_IpcFailed(L4_Call(t)))
        fail("page faults");
    report("page_fault", (ended - began) / (PAGES - 16));
    kill(t);
    kill(pager);
}

void bench_faults(void)
{
    bench_page_fault();
}
