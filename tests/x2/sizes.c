/* SPDX-License-Identifier: BSD-2-Clause */
/* Fpages, windows and pages of all sizes, one in another; access status. */
#include "x2.h"

#define AT    ACCEPT_AT
#define LARGE (1ul << LARGE_LOG2)
#define BIG   0x40000000ul /* a place for superpages */

static bool give_at(L4_ThreadId_t t, L4_Word_t at, L4_Word_t mine, unsigned log2)
{
    return give(t, L4_FpageLog2(at, (int)log2),
                L4_MapItem(page(mine, log2, L4_FullyAccessible), 0));
}

CHECK(small_fpages, "1.2", "fpages and windows of less than a page map nothing")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12);
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 10, L4_FullyAccessible), 0)));
    EXPECT(give(t, L4_FpageLog2(AT, 11), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

CHECK(small_unmap, "4.9", "an fpage of 1 KiB unmaps its page")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(13), r;
    struct fault f;

    EXPECT(give_at(t, AT, mine, 13));
    L4_UnmapFpage(page(mine + 0x400, 10, L4_FullyAccessible));
    EXPECT(ask(t, do_read, AT + 0x1000, 0, &r));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

/* Source and window of different sizes: the send base says where. */
CHECK(all_sizes, "5.8", "fpages from 4 to 64 KiB in windows from 4 to 64 KiB")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(16), base = 0xd000, r;

    for (L4_Word_t i = 0; i < 16; i++)
        *(L4_Word_t *)(mine + i * 4096) = 0x700 + i;
    for (unsigned a = 12; a <= 16; a++)
        for (unsigned b = 12; b <= 16; b++) {
            L4_Word_t from = mine + (0xd000 & ~((1ul << a) - 1)), at = AT;

            if (a <= b)
                at += base & ((1ul << b) - 1) & ~((1ul << a) - 1);
            else
                from += base & ((1ul << a) - 1) & ~((1ul << b) - 1);
            EXPECT(ask(t, do_flush, AT, 0, &r));
            EXPECT(give(t, L4_FpageLog2(AT, (int)b),
                        L4_MapItem(page(from & ~((1ul << a) - 1), a, L4_Readable), base)));
            EXPECT(ask(t, do_read, at, 0, &r));
            EXPECT_EQUAL(r, *(L4_Word_t *)from);
        }
    return PASS;
}

CHECK(complete_window, "5.8", "the complete address space as window: the send base is the place")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    *(L4_Word_t *)mine = 0xc0;
    EXPECT(give(t, L4_CompleteAddressSpace, L4_MapItem(page(mine, 12, L4_Readable), AT + 0x9000)));
    EXPECT(ask(t, do_read, AT + 0x9000, 0, &r));
    EXPECT_EQUAL(r, 0xc0);
    return PASS;
}

/* With all rights, since the receiver's image, too, is the sender's then. */
static L4_Word_t do_map_all(L4_Word_t to, L4_Word_t b)
{
    L4_MapItem_t m = L4_MapItem(L4_FpageAddRights(L4_CompleteAddressSpace, L4_FullyAccessible), 0);

    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_Send_Timeout((L4_ThreadId_t){.raw = to}, SOON).raw & L4_TAG_ERROR;
}

static void accept_all(void)
{
    L4_ThreadId_t from;

    L4_Accept(L4_MapGrantItems(L4_CompleteAddressSpace));
    L4_Wait(&from);
    L4_Accept(L4_UntypedWordsAcceptor);
    agent();
}

CHECK(complete_fpage, "5.8", "all that one has, to another space")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_all);
    L4_Word_t mine = get_memory(13), r;

    *(L4_Word_t *)mine = 1;
    *(L4_Word_t *)(mine + 0x1000) = 2;
    EXPECT(give_at(a, AT, mine, 12));
    EXPECT(give_at(a, BIG + 0x7000, mine + 0x1000, 12));
    EXPECT(ask(a, do_map_all, b.raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(ask(b, do_read, BIG + 0x7000, 0, &r));
    EXPECT_EQUAL(r, 2);
    EXPECT(ask(b, do_read, KIP_AREA, 0, &r)); /* its own, still */
    EXPECT_EQUAL(r, L4_KIP_MAGIC);
    return PASS;
}

CHECK(beyond_end, "5.8", "nothing is mapped beyond the user area")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    *(L4_Word_t *)mine = 4;
    EXPECT(give(t, L4_CompleteAddressSpace, L4_MapItem(page(mine, 12, 7), KERNEL_ADDRESS)));
    EXPECT(give(t, L4_CompleteAddressSpace, L4_MapItem(page(mine, 12, 7), user_end() & ~0xffful)));
    EXPECT(give(t, L4_CompleteAddressSpace, L4_MapItem(page(mine, 12, 7), user_end() - 0x1000)));
    EXPECT(ask(t, do_read, user_end() - 0x1000, 0, &r));
    EXPECT_EQUAL(r, 4);
    return PASS;
}

/* ---- small pages and superpages at one place ---- */

CHECK_ALMOND(small_over_large, "5.8", "a page replaces a part of a superpage")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t big = get_memory(LARGE_LOG2), mine = get_memory(12), r;

    if (!big || !mine)
        return SKIP;
    *(L4_Word_t *)mine = 0x51;
    for (L4_Word_t i = 4; i < 8; i++)
        *(L4_Word_t *)(big + i * 4096) = i;
    EXPECT(give_at(t, BIG, big, LARGE_LOG2));
    EXPECT(ask(t, do_read, BIG + 0x5000, 0, &r));
    EXPECT_EQUAL(r, 5);
    EXPECT(give_at(t, BIG + 0x5000, mine, 12));
    EXPECT(ask(t, do_read, BIG + 0x5000, 0, &r));
    EXPECT_EQUAL(r, 0x51);
    EXPECT(ask(t, do_read, BIG + 0x4000, 0, &r));
    EXPECT_EQUAL(r, 4);
    EXPECT(ask(t, do_read, BIG + 0x6000, 0, &r));
    EXPECT_EQUAL(r, 6);
    return PASS;
}

CHECK(large_over_small, "5.8", "a superpage replaces pages")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t big = get_memory(LARGE_LOG2), mine = get_memory(13), r;
    struct fault f;

    if (!big || !mine)
        return SKIP;
    *(L4_Word_t *)mine = 0x61;
    *(L4_Word_t *)big = 0x62;
    *(L4_Word_t *)(big + LARGE - 0x1000) = 0x63;
    EXPECT(give_at(t, BIG, mine, 12));
    EXPECT(give_at(t, BIG + LARGE - 0x1000, mine + 0x1000, 12));
    EXPECT(ask(t, do_read, BIG, 0, &r));
    EXPECT_EQUAL(r, 0x61);
    EXPECT(give_at(t, BIG, big, LARGE_LOG2));
    EXPECT(ask(t, do_read, BIG, 0, &r));
    EXPECT_EQUAL(r, 0x62);
    EXPECT(ask(t, do_read, BIG + LARGE - 0x1000, 0, &r));
    EXPECT_EQUAL(r, 0x63);
    L4_UnmapFpage(page(big, LARGE_LOG2, L4_FullyAccessible));
    EXPECT(ask_fault(t, do_read, BIG + LARGE - 0x1000, 0, &f));
    return PASS;
}

CHECK_ALMOND(cut_in_chain, "4.9", "a part of a superpage goes from a chain of spaces")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_all);
    L4_Word_t big = get_memory(LARGE_LOG2), r;
    struct fault f;

    if (!big)
        return SKIP;
    EXPECT(give_at(a, BIG, big, LARGE_LOG2));
    EXPECT(ask(a, do_map_all, b.raw, 0, &r));
    EXPECT(ask(b, do_read, BIG + 0x9000, 0, &r));
    L4_UnmapFpage(page(big + 0x9000, 12, L4_FullyAccessible));
    EXPECT(ask(a, do_read, BIG + 0x8000, 0, &r));
    EXPECT(ask(b, do_read, BIG + 0xa000, 0, &r));
    EXPECT(ask_fault(a, do_read, BIG + 0x9000, 0, &f));
    EXPECT(ask_fault(b, do_read, BIG + 0x9000, 0, &f));
    return PASS;
}

CHECK(unaligned_large, "5.8", "a superpage at a place for small pages only")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t big = get_memory(LARGE_LOG2), r;

    if (!big)
        return SKIP;
    for (L4_Word_t i = 0; i < 16; i++)
        *(L4_Word_t *)(big + 0x10000 + i * 4096) = i;
    /* 64 KiB out of it, at a place with another offset in its superpage. */
    EXPECT(give(t, L4_FpageLog2(BIG + 0x20000, 16),
                L4_MapItem(page(big + 0x10000, 16, L4_Readable), 0)));
    for (L4_Word_t i = 0; i < 16; i++) {
        EXPECT(ask(t, do_read, BIG + 0x20000 + i * 4096, 0, &r));
        EXPECT_EQUAL(r, i);
    }
    return PASS;
}

/* ---- access status ---- */

CHECK_SPREAD(status_of_others, "4.9", "the status tells what anybody did who has the page from us")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    L4_Fpage_t f = page(mine, 12, 0), s;

    EXPECT(give_at(a, AT, mine, 12));
    EXPECT(ask(a, do_map, AT, b.raw, &r));
    L4_GetStatus(f);
    EXPECT(ask(b, do_write, AT, 1, &r));
    s = L4_GetStatus(f);
    EXPECT(L4_WasWritten(s) && L4_WasReferenced(s));
    s = L4_GetStatus(f);
    EXPECT(!L4_WasWritten(s) && !L4_WasReferenced(s));
    return PASS;
}

CHECK_SPREAD(status_several, "4.9", "the status of several fpages in one call")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(14), r;
    L4_Fpage_t f[4];

    EXPECT(give_at(t, AT, mine, 14));
    for (L4_Word_t i = 0; i < 4; i++)
        f[i] = page(mine + i * 4096, 12, 0);
    L4_UnmapFpages(4, f);
    EXPECT(ask(t, do_read, AT + 0x1000, 0, &r));
    EXPECT(ask(t, do_write, AT + 0x2000, 1, &r));
    for (L4_Word_t i = 0; i < 4; i++)
        f[i] = page(mine + i * 4096, 12, 0);
    L4_UnmapFpages(4, f);
    EXPECT(!L4_WasReferenced(f[0]) && !L4_WasReferenced(f[3]));
    EXPECT(L4_WasReferenced(f[1]) && !L4_WasWritten(f[1]));
    EXPECT(L4_WasReferenced(f[2]) && L4_WasWritten(f[2]));
    EXPECT_EQUAL(f[2].raw & ~7ul, page(mine + 0x2000, 12, 0).raw);
    return PASS;
}

CHECK_SPREAD(status_of_revoked, "4.9", "revoking tells the status, too")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    L4_Fpage_t s;

    EXPECT(give_at(t, AT, mine, 12));
    L4_GetStatus(page(mine, 12, 0));
    EXPECT(ask(t, do_write, AT, 1, &r));
    s = L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT(L4_WasWritten(s));
    return PASS;
}

CHECK_ALMOND(status_of_large, "4.9", "a superpage's status survives its being cut")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t big = get_memory(LARGE_LOG2), r;

    if (!big)
        return SKIP;
    EXPECT(give_at(t, BIG, big, LARGE_LOG2));
    L4_GetStatus(page(big, LARGE_LOG2, 0));
    EXPECT(ask(t, do_write, BIG + 0x3000, 1, &r));
    L4_UnmapFpage(page(big + 0x8000, 12, L4_FullyAccessible));
    EXPECT(L4_WasWritten(L4_GetStatus(page(big, LARGE_LOG2, 0))));
    return PASS;
}

CHECK_SPREAD(sixty_four, "4.9", "64 fpages in one call")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(18);
    L4_Fpage_t f[64];
    struct fault fault;

    EXPECT(give_at(t, AT, mine, 18));
    for (L4_Word_t i = 0; i < 64; i++)
        f[i] = page(mine + i * 4096, 12, L4_FullyAccessible);
    L4_UnmapFpages(64, f);
    EXPECT(ask_fault(t, do_read, AT, 0, &fault));
    for (L4_Word_t i = 1; i < 64; i++) {
        EXPECT(resolve_fault(t, L4_MapItem(L4_Nilpage, 0), &fault));
        EXPECT_EQUAL(f[i].raw & ~7ul, page(mine + i * 4096, 12, 0).raw);
    }
    return PASS;
}
