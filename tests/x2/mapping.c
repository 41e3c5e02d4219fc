/* SPDX-License-Identifier: BSD-2-Clause */
/* Map and grant items. */
#include "x2.h"

#define AT ACCEPT_AT

/* Shows one page of ours, read-only, at a place of t's. */
static bool show(L4_ThreadId_t t, L4_Word_t at, L4_Word_t mine)
{
    return give(t, L4_FpageLog2(at, 12), L4_MapItem(page(mine, 12, L4_Readable), 0));
}

CHECK_SPREAD(map_page, "5.8", "a page to another space, and data both ways")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    EXPECT(mine);
    *(L4_Word_t *)mine = 0x1111;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x1111);
    EXPECT(ask(t, do_write, AT + sizeof(r), 0x2222, &r));
    EXPECT_EQUAL(((volatile L4_Word_t *)mine)[1], 0x2222);
    return PASS;
}

/* The send base selects the place in a larger window. */
CHECK_SPREAD(window_larger, "5.8", "the send base selects within a larger window")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    *(L4_Word_t *)mine = 0x3333;
    EXPECT(give(t, L4_FpageLog2(AT, 16), L4_MapItem(page(mine, 12, L4_Readable), 0x5000)));
    EXPECT(ask(t, do_read, AT + 0x5000, 0, &r));
    EXPECT_EQUAL(r, 0x3333);
    return PASS;
}

/* And the part of a larger fpage. */
CHECK_SPREAD(window_smaller, "5.8", "the send base selects within a larger fpage")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(16), r;

    *(L4_Word_t *)(mine + 0x7000) = 0x4444;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 16, L4_Readable), 0x7000)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x4444);
    return PASS;
}

CHECK(many_pages, "5.8", "64 pages in one item")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(18), r;

    for (L4_Word_t i = 0; i < 64; i++)
        *(L4_Word_t *)(mine + i * 4096) = i;
    EXPECT(give(t, L4_FpageLog2(AT, 18), L4_MapItem(page(mine, 18, L4_Readable), 0)));
    for (L4_Word_t i = 0; i < 64; i++) {
        EXPECT(ask(t, do_read, AT + i * 4096, 0, &r));
        EXPECT_EQUAL(r, i);
    }
    return PASS;
}

CHECK_SPREAD(read_only, "5.8", "read-only, then more rights")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(show(t, AT, mine));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT(ask_fault(t, do_write, AT, 5, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_ReadWriteOnly), AT), &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 5);
    return PASS;
}

CHECK_SPREAD(no_execute, "5.8", "no execute right")
{
    static const uint8_t code[] = {0xb8, 0x55, 0, 0, 0, 0xc3}; /* mov $0x55, %eax; ret */
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    memcpy((void *)mine, code, sizeof(code));
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_ReadWriteOnly), 0)));
    if (!(L4_PageRights(L4_Kip()) & L4_eXecutable))
        return SKIP;
    EXPECT(ask_fault(t, do_execute, AT, 0, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_eXecutable);
    EXPECT_EQUAL(f.word[0], AT);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_ReadeXecOnly), AT), &r));
    EXPECT_EQUAL(r, 0x55);
    return PASS;
}

/* Nobody can give more rights than he has: from here to a, read-only, to b, all. */
CHECK_ALMOND_SPREAD(rights_do_not_grow, "5.8", "rights do not grow on the way")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(a, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(a, do_map, AT, b.raw, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT(ask_fault(b, do_write, AT, 6, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    return PASS;
}

CHECK_SPREAD(grant, "5.8", "grant moves a page and keeps its parent")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    *(L4_Word_t *)mine = 0x7777;
    EXPECT(give(a, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(a, do_grant, AT, b.raw, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x7777);
    EXPECT(ask_fault(a, do_read, AT, 0, &f)); /* it is gone */
    /* We are the giver's parent, so now b's. */
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT(ask_fault(b, do_read, AT, 0, &f));
    return PASS;
}

CHECK_SPREAD(replaced, "5.8", "a new mapping replaces the old one")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t one = get_memory(12), two = get_memory(12), r;

    *(L4_Word_t *)one = 1;
    *(L4_Word_t *)two = 2;
    EXPECT(show(t, AT, one));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(show(t, AT, two));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 2);
    return PASS;
}

CHECK_SPREAD(areas_protected, "5.8", "KIP and UTCB areas cannot be mapped over")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    *(L4_Word_t *)mine = 0x666;
    EXPECT(show(t, KIP_AREA, mine));
    EXPECT(ask(t, do_read, KIP_AREA, 0, &r));
    EXPECT_EQUAL(r, L4_KIP_MAGIC);
    EXPECT(show(t, UTCB_AREA, mine));
    EXPECT(ask(t, do_nothing, 9, 0, &r));
    EXPECT_EQUAL(r, 9);
    return PASS;
}

CHECK_SPREAD(nil_item, "5.7", "a nil fpage maps nothing")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(L4_Nilpage, 0)));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

CHECK_SPREAD(two_items, "5.7", "two items and a word in one message")
{
    L4_ThreadId_t t = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(13), r;
    L4_Msg_t m;

    *(L4_Word_t *)mine = 0x10;
    *(L4_Word_t *)(mine + 4096) = 0x20;
    L4_MsgClear(&m);
    L4_MsgAppendMapItem(&m, L4_MapItem(page(mine, 12, L4_Readable), 0));
    L4_MsgAppendMapItem(&m, L4_MapItem(page(mine + 4096, 12, L4_Readable), 0));
    L4_MsgAppendWord(&m, 0x5a5a);
    L4_MsgLoad(&m);
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(ask(t, do_read, AT, 0, &r)); /* the second replaced the first */
    EXPECT_EQUAL(r, 0x20);
    return PASS;
}

/* ---- large pages ---- */

static enum result large(unsigned log2, L4_Word_t at)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(log2), size = 1ul << log2, r;

    if (!mine)
        return SKIP;
    *(L4_Word_t *)mine = 0x1;
    *(L4_Word_t *)(mine + size - 8) = 0x2;
    EXPECT(
        give(t, L4_FpageLog2(at, (int)log2), L4_MapItem(page(mine, log2, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, at, 0, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(ask(t, do_read, at + size - 8, 0, &r));
    EXPECT_EQUAL(r, 2);
    EXPECT(ask(t, do_write, at + size / 2, 3, &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)(mine + size / 2), 3);
    return PASS;
}

CHECK_SPREAD(large_page, "8.5", "a superpage")
{
    return large(LARGE_LOG2, 0x40000000);
}

CHECK(large_16m, "8.5", "16 MiB in one item")
{
    return large(24, 0x40000000);
}

/* No RAM: sigma0 gives what is shared, nobody reads it. */
CHECK(large_far, "8.5", "much in one item")
{
    const L4_Word_t far = FAR_AWAY;
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Fpage_t f = L4_Sigma0_GetPage(L4_nilthread, L4_FpageLog2(far, FAR_LOG2));
    L4_Word_t r;

    EXPECT_EQUAL(L4_Address(f), far);
    EXPECT(give(t, L4_FpageLog2(far, FAR_LOG2), L4_MapItem(page(far, FAR_LOG2, L4_Readable), 0)));
    EXPECT(ask(t, do_read, far, 0, &r));
    EXPECT(ask(t, do_read, far + (1ul << FAR_LOG2) - 8, 0, &r));
    L4_Flush(page(far, FAR_LOG2, L4_FullyAccessible));
    return PASS;
}

CHECK_SPREAD(piece_of_large, "5.8", "4 KiB out of a superpage")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(LARGE_LOG2), r;
    struct fault f;

    *(L4_Word_t *)(mine + 0x3000) = 0x99;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine + 0x3000, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x99);
    EXPECT(ask_fault(t, do_read, AT + 4096, 0, &f));
    return PASS;
}
