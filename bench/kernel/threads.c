/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads and spaces to measure with. */
#include "kbench.h"

#define STACKS      8
#define STACK_BYTES 4096

static char stacks[STACKS][STACK_BYTES] __attribute__((aligned(16)));

L4_ThreadId_t new_id(void)
{
    static L4_Word_t next;

    return L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()) + 16 + next++ % 0x10000, 1);
}

L4_ThreadId_t make_local(void)
{
    static unsigned count;
    L4_Word_t size = L4_UtcbSize(L4_Kip()), own = L4_MyLocalId().raw & ~(size - 1);
    L4_ThreadId_t t = new_id();

    if (!L4_ThreadControl(t, me, me, me, (void *)(own + (1 + count++ % 200) * size)))
        fail("a thread of the own space");
    return t;
}

static bool activate(L4_ThreadId_t t, L4_ThreadId_t space, unsigned slot)
{
    return L4_ThreadControl(t, space, me, me, (void *)(UTCB_AREA + slot * L4_UtcbSize(L4_Kip())));
}

L4_ThreadId_t make_space(unsigned slot)
{
    L4_ThreadId_t t = new_id();
    L4_Word_t old;

    if (!L4_ThreadControl(t, t, me, L4_nilthread, (void *)~0ul) ||
        !L4_SpaceControl(t, 0, L4_FpageLog2(KIP_AREA, 12), L4_FpageLog2(UTCB_AREA, UTCB_LOG2),
                         L4_nilthread, &old) ||
        !activate(t, t, slot))
        fail("a thread of a new space");
    return t;
}

L4_ThreadId_t make_beside(L4_ThreadId_t neighbour, unsigned slot)
{
    L4_ThreadId_t t = new_id();

    if (!activate(t, neighbour, slot))
        fail("a thread of another space");
    return t;
}

void start(L4_ThreadId_t t, void (*fn)(void))
{
    static unsigned next;
    char *top = &stacks[next++ % STACKS][STACK_BYTES - 2 * sizeof(L4_Word_t)];

    L4_LoadMR(1, (L4_Word_t)fn);
    L4_LoadMR(2, (L4_Word_t)top);
    L4_Set_MsgTag(L4_MakeTag(0, 2, 0));
    L4_Send(t);
}

L4_ThreadId_t start_far(void (*fn)(void))
{
    L4_ThreadId_t t = make_space(0);

    start(t, fn);
    serve(t);
    return t;
}

L4_MsgTag_t serve(L4_ThreadId_t t)
{
    L4_MapItem_t image = L4_MapItem(
        L4_FpageAddRights(L4_FpageLog2(IMAGE_BASE, IMAGE_LOG2), L4_FullyAccessible), IMAGE_BASE);
    const L4_Time_t soon = L4_TimePeriod(10000);
    L4_MsgTag_t tag = L4_Receive_Timeout(t, soon);

    while (L4_IpcSucceeded(tag) && L4_LABEL_PROTOCOL(L4_Label(tag)) == L4_LABEL_PAGEFAULT) {
        L4_LoadMRs(1, 2, image.raw);
        L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
        tag = L4_Call_Timeouts(t, L4_ZeroTime, soon);
    }
    return tag;
}

void kill(L4_ThreadId_t t)
{
    if (!L4_ThreadControl(t, L4_nilthread, L4_nilthread, L4_nilthread, (void *)~0ul))
        fail("a deletion");
}

L4_Word_t get_memory(unsigned log2)
{
    L4_Fpage_t f = L4_Sigma0_GetAny(L4_nilthread, log2, L4_CompleteAddressSpace);

    if (L4_IsNilFpage(f))
        fail("memory");
    return L4_Address(f);
}

L4_Word_t kernel_memory(void)
{
    L4_Word_t limit;

    return L4_KmemControl(0, ~0ul, &limit); /* the root task's account, for all that it creates */
}
