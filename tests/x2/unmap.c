/* SPDX-License-Identifier: BSD-2-Clause */
/* Unmap: revoking, flushing, access bits. */
#include "x2.h"

#define AT ACCEPT_AT

static bool share(L4_ThreadId_t t, L4_Word_t mine, unsigned log2, L4_Word_t rights)
{
    return give(t, L4_FpageLog2(AT, (int)log2), L4_MapItem(page(mine, log2, rights), 0));
}

CHECK_SPREAD(revoke, "4.9", "revokes a page from another space")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    *(L4_Word_t *)mine = 1;
    EXPECT(share(t, mine, 12, L4_FullyAccessible));
    EXPECT(ask(t, do_read, AT, 0, &r));
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 1); /* still ours */
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | ACCESS_READ);
    EXPECT_EQUAL(f.word[0], AT);
    return PASS;
}

CHECK_SPREAD(revoke_write, "4.9", "revokes the right to write alone")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(share(t, mine, 12, L4_FullyAccessible));
    EXPECT(ask(t, do_write, AT, 7, &r));
    L4_UnmapFpage(page(mine, 12, L4_Writable));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 7);
    EXPECT(ask_fault(t, do_write, AT, 8, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    return PASS;
}

CHECK_SPREAD(several, "4.9", "two fpages in one call")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(14), r;
    L4_Fpage_t f[2];
    struct fault fault;

    EXPECT(share(t, mine, 14, L4_FullyAccessible));
    f[0] = page(mine, 12, L4_FullyAccessible);
    f[1] = page(mine + 0x2000, 12, L4_FullyAccessible);
    L4_UnmapFpages(2, f);
    EXPECT(ask(t, do_read, AT + 0x1000, 0, &r));
    EXPECT(ask(t, do_read, AT + 0x3000, 0, &r));
    EXPECT(ask_fault(t, do_read, AT + 0x2000, 0, &fault));
    return PASS;
}

/* Status bits: what the other space did since the last query. */
CHECK_SPREAD(status, "4.9", "status bits, and their reset")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    L4_Fpage_t f = page(mine, 12, 0), s;

    EXPECT(share(t, mine, 12, L4_FullyAccessible));
    L4_GetStatus(f);
    s = L4_GetStatus(f);
    EXPECT(!L4_WasWritten(s));
    EXPECT(!L4_WasReferenced(s));
    EXPECT(ask(t, do_read, AT, 0, &r));
    s = L4_GetStatus(f);
    EXPECT(L4_WasReferenced(s));
    EXPECT(!L4_WasWritten(s));
    EXPECT_EQUAL(s.raw & ~0xful, f.raw & ~0xful);
    EXPECT(ask(t, do_write, AT, 1, &r));
    EXPECT(L4_WasWritten(L4_GetStatus(f)));
    s = L4_GetStatus(f);
    EXPECT(!L4_WasWritten(s));          /* and reset */
    EXPECT(ask(t, do_read, AT, 0, &r)); /* nothing was revoked */
    return PASS;
}

CHECK_SPREAD(flush, "4.9", "flush takes the caller's own page")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(share(t, mine, 12, L4_FullyAccessible));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT(ask(t, do_flush, AT, 0, &r));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_Readable), AT), &r));
    return PASS;
}

/* a has it from us and gives it to b: revoking reaches both. */
CHECK_SPREAD(recursive, "4.9", "reaches what was passed on")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(share(a, mine, 12, L4_FullyAccessible));
    EXPECT(ask(a, do_map, AT, b.raw, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT(ask_fault(a, do_read, AT, 0, &f));
    EXPECT(ask_fault(b, do_read, AT, 0, &f));
    return PASS;
}

CHECK_SPREAD(deletion, "4.4", "deleting a space takes back what it passed on")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(share(a, mine, 12, L4_FullyAccessible));
    EXPECT(ask(a, do_map, AT, b.raw, &r));
    EXPECT(ask(b, do_read, AT, 0, &r));
    kill(a);
    EXPECT(ask_fault(b, do_read, AT, 0, &f)); /* what it had from the dead is gone */
    return PASS;
}

CHECK_ALMOND_SPREAD(inside_large, "4.9", "4 KiB inside a superpage")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(LARGE_LOG2), at = 0x40000000, r;
    struct fault f;

    EXPECT(mine);
    EXPECT(give(t, L4_FpageLog2(at, LARGE_LOG2),
                L4_MapItem(page(mine, LARGE_LOG2, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, at, 0, &r));
    L4_UnmapFpage(page(mine + 0x5000, 12, L4_FullyAccessible));
    EXPECT(ask(t, do_read, at + 0x4000, 0, &r));
    EXPECT(ask(t, do_read, at + 0x6000, 0, &r));
    EXPECT(ask_fault(t, do_read, at + 0x5000, 0, &f));
    return PASS;
}

CHECK_SPREAD(large_at_once, "4.9", "16 MiB at once")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(24), at = 0x40000000, r;
    struct fault f;

    if (!mine)
        return SKIP;
    EXPECT(give(t, L4_FpageLog2(at, 24), L4_MapItem(page(mine, 24, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, at + 0xfff000, 0, &r));
    L4_UnmapFpage(page(mine, 24, L4_FullyAccessible));
    EXPECT(ask_fault(t, do_read, at + 0xfff000, 0, &f));
    return PASS;
}

CHECK(harmless, "4.9", "nil, empty, KIP and UTCB areas are no harm")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    L4_UnmapFpage(L4_Nilpage);
    L4_UnmapFpage(page(0x70000000, 20, L4_FullyAccessible));
    L4_Flush(page((L4_Word_t)L4_Kip(), 12, L4_FullyAccessible));
    EXPECT_EQUAL(L4_Kip()->magic, L4_KIP_MAGIC);
    L4_Flush(page(L4_MyLocalId().raw, 12, L4_FullyAccessible));
    EXPECT_EQUAL(L4_MyGlobalId().raw, me.raw);
    EXPECT(ask(t, do_flush, UTCB_AREA, 0, &r));
    EXPECT(ask(t, do_flush, KIP_AREA, 0, &r));
    EXPECT(ask(t, do_nothing, 1, 0, &r));
    return PASS;
}

static L4_Word_t do_flush_all(L4_Word_t a, L4_Word_t b)
{
    L4_Fpage_t all = L4_FpageAddRights(L4_CompleteAddressSpace, L4_FullyAccessible);

    return L4_Flush(all).raw;
}

CHECK_SPREAD(complete, "4.9", "the complete address space")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_flush_all, 0, 0, &f)); /* its own code is gone */
    EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_PAGEFAULT);
    return PASS;
}
