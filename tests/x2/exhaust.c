/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel memory that runs out: threads, spaces, UTCBs, mappings, page tables. */
#include "exhaust.h"

#define STEP  256  /* bytes: less than any kernel object */
#define PAGES 1024 /* of 4 KiB that are given, at most */

L4_Word_t used_by(L4_Word_t account)
{
    L4_Word_t limit;

    return L4_KmemControl(account, ~0ul, &limit);
}

void set_limit(L4_Word_t account, L4_Word_t bytes)
{
    L4_Word_t limit;

    L4_KmemControl(account, bytes, &limit);
}

void leave(L4_Word_t bytes)
{
    set_limit(POOR, used_by(POOR) + bytes);
}

L4_ThreadId_t pauper(void)
{
    L4_ThreadId_t t;

    set_limit(POOR, PLENTY);
    spaces_of_account(POOR);
    t = spawn_remote(agent);
    leave(0);
    return t;
}

enum result others_are_well(void)
{
    L4_ThreadId_t t;
    L4_Word_t r;

    set_limit(RICH, PLENTY);
    spaces_of_account(RICH);
    t = spawn_remote(agent);
    spaces_of_account(POOR);
    EXPECT(!L4_IsNilThread(t));
    EXPECT(ask(t, do_nothing, 5, 0, &r));
    EXPECT_EQUAL(r, 5);
    EXPECT(used_by(RICH) > 0);
    kill(t);
    EXPECT_EQUAL(used_by(RICH), 0);
    return PASS;
}

enum result all_is_back(void)
{
    reap();
    EXPECT_EQUAL(used_by(POOR), 0);
    set_limit(POOR, PLENTY);
    return PASS;
}

CHECK_ALMOND(no_spaces, "4.3", "no memory for a space, up to the last byte of it")
{
    L4_Word_t limit = 0;
    L4_ThreadId_t t = L4_nilthread;

    spaces_of_account(POOR);
    for (; L4_IsNilThread(t) && limit < PLENTY; limit += STEP) {
        set_limit(POOR, limit);
        t = new_space();
        if (!L4_IsNilThread(t))
            break;
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrNoMem);
        reap();
        spaces_of_account(POOR);
        EXPECT_EQUAL(used_by(POOR), 0);
    }
    EXPECT(limit > 3 * 4096 && limit - used_by(POOR) < STEP);
    EXPECT_PASS(others_are_well());
    return all_is_back();
}

CHECK_ALMOND(no_threads, "4.4", "no memory for a thread of a domain")
{
    L4_ThreadId_t t = pauper(), more = new_id();
    L4_Word_t before = used_by(POOR), r;

    EXPECT(!L4_IsNilThread(t));
    EXPECT_EQUAL(L4_ThreadControl(more, t, me, L4_nilthread, (void *)~0ul), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrNoMem);
    EXPECT_EQUAL(used_by(POOR), before);
    EXPECT_PASS(others_are_well());
    EXPECT(ask(t, do_nothing, 1, 0, &r));
    set_limit(POOR, PLENTY);
    EXPECT(L4_ThreadControl(more, t, me, L4_nilthread, (void *)~0ul));
    kill(more);
    EXPECT_EQUAL(used_by(POOR), before);
    return all_is_back();
}

CHECK_ALMOND(no_utcbs, "4.4", "the UTCB area is full")
{
    L4_Word_t size = L4_UtcbSize(L4_Kip()), count = (1ul << UTCB_LOG2) / size, r;
    L4_ThreadId_t t = pauper(), last = L4_nilthread;
    void *place = (void *)(UTCB_AREA + (count - 1) * size);

    set_limit(POOR, PLENTY);
    for (L4_Word_t n = 1; n < count; n++) {
        last = spawn_beside(t, (int)n, agent);
        EXPECT(!L4_IsNilThread(last));
    }
    for (L4_Word_t n = 0; n <= count; n++) { /* the last one is outside */
        EXPECT_EQUAL(L4_ThreadControl(new_id(), t, me, me, (void *)(UTCB_AREA + n * size)), 0);
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    }
    EXPECT_PASS(others_are_well());
    EXPECT(ask(last, do_nothing, 1, 0, &r));
    kill(last);
    last = spawn_beside(t, (int)count - 1, agent);
    EXPECT(ask(last, do_nothing, 1, 0, &r));
    EXPECT_EQUAL(L4_ThreadControl(new_id(), t, me, me, place), 0);
    return all_is_back();
}

CHECK_ALMOND(no_utcb_page, "4.4", "no memory for a page of UTCBs")
{
    L4_ThreadId_t t = pauper(), more = new_id();
    void *far = (void *)(UTCB_AREA + 4096);
    L4_Word_t before = used_by(POOR), r;

    set_limit(POOR, PLENTY);
    EXPECT(L4_ThreadControl(more, t, me, L4_nilthread, far));
    leave(4095);
    EXPECT_EQUAL(L4_ThreadControl(more, more, me, me, (void *)~0ul), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrNoMem);
    EXPECT_PASS(others_are_well());
    leave(4096);
    EXPECT(L4_ThreadControl(more, more, me, me, (void *)~0ul));
    EXPECT(ask(t, do_nothing, 1, 0, &r));
    kill(more);
    EXPECT_EQUAL(used_by(POOR), before + 4096); /* the area's pages stay until the space goes */
    return all_is_back();
}

/* As many pages as a domain can have, one after the other, this far apart: all of them work. */
static enum result fill(L4_ThreadId_t t, L4_Word_t distance, L4_Word_t *count)
{
    L4_Word_t mine = get_memory(12), r, at = ACCEPT_AT;
    struct fault f;

    *(L4_Word_t *)mine = 0x600d;
    for (*count = 0; *count < PAGES; ++*count, at += distance) {
        EXPECT(give(t, L4_FpageLog2(at, 12), L4_MapItem(page(mine, 12, L4_ReadWriteOnly), 0)));
        if (!ask(t, do_nothing, 0, 0, &r))
            return FAIL;
        EXPECT(order(t, do_read, at, 0));
        f.tag = hear(t);
        if (L4_LABEL_PROTOCOL(L4_Label(f.tag)) == L4_LABEL_PAGEFAULT)
            break; /* the item was left out */
        EXPECT_EQUAL(L4_MR(1), 0x600d);
    }
    EXPECT(*count > 0 && *count < PAGES);
    EXPECT_PASS(others_are_well());
    set_limit(POOR, PLENTY);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_ReadWriteOnly), at), &r));
    EXPECT_EQUAL(r, 0x600d);
    return PASS;
}

CHECK_ALMOND(no_mappings, "4.6", "no memory for more mappings: those that fit are there")
{
    L4_ThreadId_t t = pauper();
    L4_Word_t count;

    leave(3 * 4096 + 30 * 64); /* with page tables */
    EXPECT_PASS(fill(t, 4096, &count));
    EXPECT(count > 10);
    return all_is_back();
}

CHECK_ALMOND(no_page_tables, "4.6", "no memory for more page tables")
{
    L4_ThreadId_t t = pauper();
    L4_Word_t count;

    leave(10 * 4096);
    EXPECT_PASS(fill(t, 1ul << 23, &count));
    EXPECT(count < 10);
    return all_is_back();
}
