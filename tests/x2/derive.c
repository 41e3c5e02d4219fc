/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings that are passed on: chains, fans, aliases; what revoking reaches, and how much of it. */
#include "x2.h"

#define AT ACCEPT_AT

/* Rights for the next do_pass_on(): those of the fpage that is sent. */
static L4_Word_t do_pass_on(L4_Word_t to, L4_Word_t rights)
{
    L4_MapItem_t m = L4_MapItem(page(AT, 12, rights), 0);

    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_Send_Timeout((L4_ThreadId_t){.raw = to}, SOON).raw & L4_TAG_ERROR;
}

static L4_Word_t do_unmap(L4_Word_t fpage, L4_Word_t b)
{
    return L4_UnmapFpage((L4_Fpage_t){.raw = fpage}).raw;
}

/* A page goes from us to t[0], and on to the others, each from the one before. */
static enum result chain(L4_ThreadId_t *t, unsigned n, L4_Word_t mine)
{
    L4_Word_t r;

    t[0] = spawn_remote(agent);
    EXPECT(give(t[0], L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    for (unsigned i = 1; i < n; i++) {
        t[i] = spawn_remote(accept_page);
        EXPECT(ask(t[i - 1], do_pass_on, t[i].raw, L4_FullyAccessible, &r));
        EXPECT_EQUAL(r, 0);
    }
    for (unsigned i = 0; i < n; i++)
        EXPECT(ask(t[i], do_write, AT + i * sizeof(r), i + 1, &r));
    for (unsigned i = 0; i < n; i++)
        EXPECT_EQUAL(((volatile L4_Word_t *)mine)[i], i + 1);
    return PASS;
}

/* Those from t[first] on have lost it, those before have not. */
static enum result lost_from(L4_ThreadId_t *t, unsigned n, unsigned first)
{
    struct fault f;
    L4_Word_t r;

    for (unsigned i = 0; i < first; i++)
        EXPECT(ask(t[i], do_read, AT, 0, &r));
    for (unsigned i = first; i < n; i++) {
        EXPECT(ask_fault(t[i], do_read, AT, 0, &f));
        EXPECT_EQUAL(f.word[0], AT);
    }
    return PASS;
}

CHECK_SPREAD(chain_of_six, "4.9", "a page on the way through six spaces, all of it revoked")
{
    L4_ThreadId_t t[6];
    L4_Word_t mine = get_memory(12);

    EXPECT_PASS(chain(t, 6, mine));
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 1);
    return lost_from(t, 6, 0);
}

CHECK_SPREAD(middle_of_chain, "4.9", "somebody in the middle revokes what he passed on")
{
    L4_ThreadId_t t[6];
    L4_Word_t r;

    EXPECT_PASS(chain(t, 6, get_memory(12)));
    EXPECT(ask(t[2], do_unmap, page(AT, 12, L4_FullyAccessible).raw, 0, &r));
    return lost_from(t, 6, 3);
}

CHECK_SPREAD(flush_in_middle, "4.9", "somebody in the middle flushes")
{
    L4_ThreadId_t t[4];
    L4_Word_t r;

    EXPECT_PASS(chain(t, 4, get_memory(12)));
    EXPECT(ask(t[1], do_flush, AT, 0, &r));
    return lost_from(t, 4, 1);
}

CHECK_SPREAD(space_in_middle, "4.4", "a space in the middle goes")
{
    L4_ThreadId_t t[4];

    EXPECT_PASS(chain(t, 4, get_memory(12)));
    kill(t[1]);
    t[1] = t[3]; /* what is left: t[0], and two that have lost it */
    EXPECT_PASS(lost_from(t, 1, 1));
    return lost_from(t + 1, 2, 0);
}

CHECK_SPREAD(revoke_twice, "4.9", "revoked, given again, revoked again")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    L4_MapItem_t m = L4_MapItem(page(mine, 12, L4_FullyAccessible), AT);
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    for (int i = 0; i < 5; i++) {
        EXPECT(resolve(t, m, &r));
        L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
        EXPECT(ask_fault(t, do_read, AT, 0, &f));
    }
    return PASS;
}

CHECK_SPREAD(fan_of_eight, "4.9", "one page in eight spaces, revoked at once")
{
    L4_ThreadId_t t[8];
    L4_Word_t mine = get_memory(12), r;

    for (unsigned i = 0; i < 8; i++) {
        t[i] = spawn_remote(agent);
        EXPECT(give(t[i], L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
        EXPECT(ask(t[i], do_read, AT, 0, &r));
    }
    L4_UnmapFpage(page(mine, 12, L4_FullyAccessible));
    return lost_from(t, 8, 0);
}

/* ---- one page at several places ---- */

CHECK_SPREAD(alias, "5.8", "a page at two places of one space")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    L4_MapItem_t m = L4_MapItem(page(mine, 12, L4_FullyAccessible), 0);
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), m));
    EXPECT(give(t, L4_FpageLog2(AT + 0x5000, 12), m));
    EXPECT(ask(t, do_write, AT, 0x77, &r));
    EXPECT(ask(t, do_read, AT + 0x5000, 0, &r));
    EXPECT_EQUAL(r, 0x77);
    EXPECT(ask(t, do_flush, AT, 0, &r)); /* one of the two */
    EXPECT(ask(t, do_read, AT + 0x5000, 0, &r));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

CHECK_SPREAD(within_space, "5.8", "from one thread to another of the same space, at another place")
{
    L4_ThreadId_t t = spawn_remote(agent), near = spawn_beside(t, 1, accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(
        give(t, L4_FpageLog2(AT + 0x8000, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_map, AT + 0x8000, near.raw, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(t, do_write, AT, 0x88, &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 0x88);
    EXPECT(ask(t, do_flush, AT + 0x8000, 0, &r)); /* the parent: both go */
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}

CHECK_SPREAD(onto_itself, "5.8", "a page onto its own place")
{
    L4_ThreadId_t t = spawn_remote(agent), near = spawn_beside(t, 1, accept_page);
    L4_Word_t mine = get_memory(12), r;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_map, AT, near.raw, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT(ask(t, do_write, AT, 0x99, &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 0x99);
    return PASS;
}

/* ---- some rights only ---- */

CHECK_SPREAD(write_from_chain, "4.9", "the right to write goes from a whole chain")
{
    L4_ThreadId_t t[3];
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT_PASS(chain(t, 3, mine));
    L4_UnmapFpage(page(mine, 12, L4_Writable));
    for (unsigned i = 0; i < 3; i++) {
        EXPECT(ask(t[i], do_read, AT, 0, &r));
        EXPECT(ask_fault(t[i], do_write, AT, 0, &f));
        EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_Writable);
    }
    return PASS;
}

CHECK_SPREAD(own_write, "4.9", "flushing the right to write from oneself")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    L4_Flush(page(mine, 12, L4_Writable));
    EXPECT(ask(t, do_read, AT, 0, &r));
    EXPECT(ask_fault(t, do_write, AT, 0, &f));
    *(volatile L4_Word_t *)mine = 3; /* our own pager gives it back */
    return PASS;
}

static const uint8_t code[] = {0xb8, 0x55, 0, 0, 0, 0xc3}; /* mov $0x55, %eax; ret */

CHECK_SPREAD(execute_only_goes, "4.9", "the right to execute goes alone, where pages have one")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    if (!(L4_PageRights(L4_Kip()) & L4_eXecutable))
        return SKIP;
    memcpy((void *)mine, code, sizeof(code));
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(t, do_execute, AT, 0, &r));
    EXPECT_EQUAL(r, 0x55);
    L4_UnmapFpage(page(mine, 12, L4_eXecutable));
    EXPECT(ask(t, do_write, AT + 0x100, 1, &r));
    EXPECT(ask_fault(t, do_execute, AT, 0, &f));
    EXPECT_EQUAL(L4_Label(f.tag), L4_LABEL_PAGEFAULT | L4_eXecutable);
    return PASS;
}

CHECK_SPREAD(no_rights, "4.9", "no rights to revoke: nothing goes")
{
    L4_ThreadId_t t[2];
    L4_Word_t mine = get_memory(12), r;

    EXPECT_PASS(chain(t, 2, mine));
    L4_UnmapFpage(page(mine, 12, L4_NoAccess));
    L4_Flush(page(mine, 12, L4_NoAccess));
    EXPECT(ask(t[0], do_write, AT, 1, &r));
    EXPECT(ask(t[1], do_write, AT, 1, &r));
    return PASS;
}

CHECK_SPREAD(fewer_rights_on, "5.8", "fewer rights are passed on than one has")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(accept_page);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(a, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(ask(a, do_pass_on, b.raw, L4_Readable, &r));
    EXPECT(ask(a, do_write, AT, 5, &r));
    EXPECT(ask(b, do_read, AT, 0, &r));
    EXPECT_EQUAL(r, 5);
    EXPECT(ask_fault(b, do_write, AT, 6, &f));
    return PASS;
}

CHECK_SPREAD(never_reduced, "5.8", "mapping the same page with fewer rights takes none away")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_FullyAccessible), 0)));
    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(t, do_write, AT, 0x17, &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 0x17);
    return PASS;
}

CHECK_SPREAD(zero_rights_map, "5.8", "mapping without rights maps nothing")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(give(t, L4_FpageLog2(AT, 12), L4_MapItem(page(get_memory(12), 12, L4_NoAccess), 0)));
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    return PASS;
}
