/* SPDX-License-Identifier: BSD-2-Clause */
/* Map and grant items. */
#include "x2.h"

#define AT 0x50000000ul /* where the other space gets things */

static enum result map_page(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    EXPECT(mine);
    *(L4_Word_t *)mine = 0x1111;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x1111);
    EXPECT(ask(t, do_write, AT + 8, 0x2222, &r));
    EXPECT_EQUAL(((volatile L4_Word_t *)mine)[1], 0x2222);
    return PASS;
}

/* The send base selects the place in a larger window. */
static enum result window_larger(void)
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
static enum result window_smaller(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(16), r;

    *(L4_Word_t *)(mine + 0x7000) = 0x4444;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 16, L4_Readable), 0x7000)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x4444);
    return PASS;
}

static enum result many_pages(void)
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

static enum result read_only(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT(ask_fault(t, do_write, AT, 5, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_ReadWriteOnly), AT), &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 5);
    return PASS;
}

static enum result no_execute(void)
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
static L4_Word_t do_pass_on(L4_Word_t to, L4_Word_t rights)
{
    L4_MapItem_t m = L4_MapItem(page(AT, 12, rights & 7), 0);

    if (rights & 8)
        m.raw[0] |= L4_ITEM_GRANT << 1;
    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_Send_Timeout((L4_ThreadId_t){.raw = to}, SOON).raw & L4_TAG_ERROR;
}

static void accept_page(void)
{
    L4_ThreadId_t from;

    L4_Accept(L4_MapGrantItems(L4_FpageLog2(AT, 12)));
    L4_Wait(&from);
    L4_Accept(L4_UntypedWordsAcceptor);
    agent();
}

static enum result rights_do_not_grow(void)
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(a, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(a, do_pass_on, b.raw, L4_FullyAccessible, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT(ask_fault(b, do_write, AT, 6, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    return PASS;
}

static enum result grant(void)
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    *(L4_Word_t *)mine = 0x7777;
    EXPECT(give(a, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(a, do_pass_on, b.raw, L4_FullyAccessible | 8, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x7777);
    EXPECT(ask_fault(a, do_read, AT, 0, &f)); /* it is gone */
    /* We are the giver's parent, so now b's. */
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT(ask_fault(b, do_read, AT, 0, &f));
    return PASS;
}

static enum result replaced(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t one = get_memory(12), two = get_memory(12), r;

    *(L4_Word_t *)one = 1;
    *(L4_Word_t *)two = 2;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(one, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(two, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 2);
    return PASS;
}

static enum result areas_protected(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    *(L4_Word_t *)mine = 0x666;
    EXPECT(give(t, L4_FpageLog2(KIP_AREA, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, KIP_AREA, 0, &r));
    EXPECT_EQUAL(r, L4_KIP_MAGIC);
    EXPECT(give(t, L4_FpageLog2(UTCB_AREA, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_nothing, 9, 0, &r));
    EXPECT_EQUAL(r, 9);
    return PASS;
}

static enum result nil_item(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(L4_Nilpage, 0)));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

static enum result two_items(void)
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
    EXPECT(give(t, L4_FpageLog2(at, (int)log2),
                L4_MapItem(page(mine, log2, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_read, at, 0, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(ask(t, do_read, at + size - 8, 0, &r));
    EXPECT_EQUAL(r, 2);
    EXPECT(ask(t, do_write, at + size / 2, 3, &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)(mine + size / 2), 3);
    return PASS;
}

static enum result large_2m(void)
{
    return large(21, 0x40000000);
}

static enum result large_16m(void)
{
    return large(24, 0x40000000);
}

/* A gibibyte that is no RAM: sigma0 gives what is shared, nobody reads it. */
static enum result large_1g(void)
{
    const L4_Word_t far = 64ul << 30;
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Fpage_t f = L4_Sigma0_GetPage(L4_nilthread, L4_FpageLog2(far, 30));
    L4_Word_t r;

    EXPECT_EQUAL(L4_Address(f), far);
    EXPECT(give(t, L4_FpageLog2(far, 30), L4_MapItem(page(far, 30, L4_Readable), 0)));
    EXPECT(ask(t, do_read, far, 0, &r));
    EXPECT(ask(t, do_read, far + (1ul << 30) - 8, 0, &r));
    L4_Flush(page(far, 30, L4_FullyAccessible));
    return PASS;
}

static enum result piece_of_large(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(21), r;
    struct fault f;

    *(L4_Word_t *)(mine + 0x3000) = 0x99;
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine + 0x3000, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 0x99);
    EXPECT(ask_fault(t, do_read, AT + 4096, 0, &f));
    return PASS;
}

const struct check mapping_checks[] = {
    {"5.8", "a page to another space, and data both ways", map_page, false},
    {"5.8", "the send base selects within a larger window", window_larger, false},
    {"5.8", "the send base selects within a larger fpage", window_smaller, false},
    {"5.8", "64 pages in one item", many_pages, false},
    {"5.8", "read-only, then more rights", read_only, false},
    {"5.8", "no execute right", no_execute, false},
    {"5.8", "rights do not grow on the way", rights_do_not_grow, true},
    {"5.8", "grant moves a page and keeps its parent", grant, false},
    {"5.8", "a new mapping replaces the old one", replaced, false},
    {"5.8", "KIP and UTCB areas cannot be mapped over", areas_protected, false},
    {"5.7", "a nil fpage maps nothing", nil_item, false},
    {"5.7", "two items and a word in one message", two_items, false},
    {"8.5", "2 MiB page", large_2m, false},
    {"8.5", "16 MiB in one item", large_16m, false},
    {"8.5", "1 GiB in one item", large_1g, false},
    {"5.8", "4 KiB out of a 2 MiB page", piece_of_large, false},
    {0},
};
