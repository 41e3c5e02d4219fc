/* SPDX-License-Identifier: BSD-2-Clause */
/* What the root thread answers: useful mappings, useless ones, nonsense, nothing. */
#include "fuzz.h"

#define MR_VECTOR 19 /* of an exception's message */

static void map(L4_ThreadId_t to, L4_Fpage_t f, L4_Word_t base)
{
    L4_MapItem_t item = L4_MapItem(f, base);

    L4_LoadMRs(1, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_Reply(to);
}

/* Some page of the pool; now and then it goes for good, and sigma0 gives a new one. */
static void play(L4_ThreadId_t from, L4_Word_t address, L4_Word_t access)
{
    unsigned log2 = 12 + (unsigned)below(&chance, PLAY_LOG2 - 11);
    L4_Word_t mask = (1ul << log2) - 1, at = pool + below(&chance, 1ul << PLAY_LOG2);
    L4_Word_t rights = one_in(&chance, 4) ? access | below(&chance, 8) : L4_ReadWriteOnly;
    L4_MapItem_t item = L4_MapItem(fpage(at & ~mask, log2, rights), address & ~mask);

    if (one_in(&chance, 200))
        item.raw[0] |= L4_ITEM_GRANT << 1;
    L4_LoadMRs(1, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_Reply(from);
    if (one_in(&chance, 400))
        L4_Sigma0_GetPage(L4_nilthread, fpage(pool, PLAY_LOG2, L4_FullyAccessible));
}

static void nonsense(L4_ThreadId_t to)
{
    int u = (int)below(&chance, 24), t = 2 * (int)below(&chance, 3), string = 0;

    for (int i = 1; i <= u; i++)
        L4_LoadMR(i, random_value(&chance));
    for (int i = 0; i < t; i += 2) { /* items of the pool only: the rest is ours */
        L4_LoadMR(u + 1 + i, (random_address(&chance) & ~0x3fful) | L4_ITEM_MAP << 1);
        L4_LoadMR(u + 2 + i, fpage(pool + below(&chance, 1ul << PLAY_LOG2),
                                   12 + (unsigned)below(&chance, 10), below(&chance, 8))
                                 .raw);
    }
    if (one_in(&chance, 4)) { /* it may fault there: our timeout is short, for we are the pager */
        L4_LoadMR(u + 1 + t, below(&chance, 0x8000) << 10);
        L4_LoadMR(u + 2 + t, pool + below(&chance, 1ul << (PLAY_LOG2 - 1)));
        string = 2;
    }
    L4_Set_MsgTag(L4_MakeTag(random_word(&chance), u, t + string));
    if (one_in(&chance, 4)) {
        L4_MsgTag_t tag = L4_MsgTag();

        L4_Set_Propagation(&tag);
        L4_Set_MsgTag(tag);
        L4_Set_VirtualSender((L4_ThreadId_t){.raw = random_id(&chance)});
    }
    L4_Reply(to);
}

static void refuse(unsigned n, L4_ThreadId_t from)
{
    if (one_in(&chance, 4))
        nonsense(from);
    else if (!one_in(&chance, 8) && n < VICTIMS)
        victim_restart(n);
}

static bool within(L4_Word_t address, L4_Word_t base, unsigned log2)
{
    return address >= base && address - base < 1ul << log2;
}

static void page_fault(unsigned n, L4_ThreadId_t from, L4_Word_t access)
{
    L4_Word_t address = L4_MR(1);

    if (within(address, IMAGE_BASE, IMAGE_LOG2) && !(access & L4_Writable))
        map(from, fpage(IMAGE_BASE, IMAGE_LOG2, L4_ReadeXecOnly), IMAGE_BASE);
    else if (within(address, BLOCK, BLOCK_LOG2))
        map(from, fpage(block_of(n), BLOCK_LOG2, L4_FullyAccessible), BLOCK);
    else if (within(address, PLAY, PLAY_LOG2) && !one_in(&chance, access & L4_eXecutable ? 2 : 16))
        play(from, address, access);
    else
        refuse(n, from);
}

static void io_fault(unsigned n, L4_ThreadId_t from)
{
    L4_Fpage_t f = {.raw = L4_MR(1)};

    if (L4_IoFpagePort(f) >> SAFE_LOG2 == SAFE_PORT >> SAFE_LOG2 && !one_in(&chance, 4))
        map(from, L4_FpageAddRights(f, L4_FullyAccessible), 0);
    else
        refuse(n, from);
}

/* A thread that is stepping gets on to where it clears that flag. */
static void exception(unsigned n, L4_ThreadId_t from)
{
    if (L4_MR(MR_VECTOR) == VECTOR_DB && within(L4_MR(1), IMAGE_BASE, IMAGE_LOG2)) {
        L4_Set_MsgTag(L4_Niltag);
        L4_Reply(from);
    } else {
        refuse(n, from);
    }
}

void serve(L4_ThreadId_t from, L4_MsgTag_t tag)
{
    L4_Word_t label = L4_Label(tag);
    unsigned n = victim_of(from);

    if (n == NUMBERS)
        return;
    switch (L4_LABEL_PROTOCOL(label)) {
    case L4_LABEL_PAGEFAULT:
        page_fault(n, from, label & 7);
        break;
    case L4_LABEL_IO_FAULT:
        io_fault(n, from);
        break;
    case L4_LABEL_ARCH_EXCEPTION:
        exception(n, from);
        break;
    default:
        nonsense(from);
    }
}
