/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of pagers: what helps and what does not, and from whom. */
#include "post.h"

#define AT 0x60000000ul

/* If an answer does not help the same fault comes again. */
static L4_Msg_t first_answer, other_answers;

static void pager(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        L4_MsgLoad(shared[0]++ == 0 ? &first_answer : &other_answers);
        if (L4_IpcFailed(L4_ReplyWait(from, &from)))
            L4_Wait(&from);
    }
}

/* The client reads a word at `address`, which the page at `good` resolves; how many faults it takes. */
static enum result faults_of(L4_Word_t address, L4_Word_t good, unsigned faults)
{
    L4_ThreadId_t t = spawn_remote(agent), worker = spawn(pager);
    L4_Word_t r;

    L4_MsgClear(&other_answers);
    L4_MsgAppendMapItem(&other_answers, L4_MapItem(page(good, 12, L4_FullyAccessible), address));
    EXPECT(ask(t, do_set_pager, worker.raw, 0, &r));
    /* Faults that have nothing to do with it: what the kernel keeps of page tables is then ready. */
    shared[0] = 1;
    EXPECT(ask(t, do_read, address & ~0xffful, 0, &r));
    L4_UnmapFpage(page(good, 12, L4_FullyAccessible));
    shared[0] = 0;
    EXPECT(ask(t, do_read, address, 0, &r));
    EXPECT_EQUAL(r, *(volatile L4_Word_t *)(good + (address & 0xfff)));
    EXPECT_EQUAL(shared[0], faults);
    return PASS;
}

static enum result one_answer(L4_MapItem_t item, L4_Word_t good, unsigned faults)
{
    L4_MsgClear(&first_answer);
    L4_MsgAppendMapItem(&first_answer, item);
    return faults_of(AT + 0x120, good, faults);
}

CHECK_SPREAD(good_answer, "6.4", "an answer with the page")
{
    L4_Word_t good = get_memory(12);

    return one_answer(L4_MapItem(page(good, 12, L4_FullyAccessible), AT), good, 1);
}

CHECK_SPREAD(without_rights, "6.4", "an answer without rights")
{
    L4_Word_t good = get_memory(12);

    return one_answer(L4_MapItem(page(good, 12, L4_NoAccess), AT), good, 2);
}

CHECK_SPREAD(elsewhere, "6.4", "an answer for another address")
{
    L4_Word_t good = get_memory(12);

    return one_answer(L4_MapItem(page(good, 12, L4_FullyAccessible), AT + 0x5000), good, 2);
}

CHECK_SPREAD(missing_page, "6.4", "an answer with a page that the pager has not")
{
    return one_answer(L4_MapItem(page(hole, 12, L4_FullyAccessible), AT), get_memory(12), 2);
}

CHECK_SPREAD(own_utcb, "8.1", "a pager cannot give its UTCB away")
{
    L4_MapItem_t m = L4_MapItem(page(L4_MyLocalId().raw & ~0xffful, 12, L4_FullyAccessible), AT);

    return one_answer(m, get_memory(12), 2);
}

CHECK_SPREAD(own_kip, "8.1", "a pager cannot give its KIP away")
{
    L4_MapItem_t m = L4_MapItem(page((L4_Word_t)L4_Kip(), 12, L4_FullyAccessible), AT);

    return one_answer(m, get_memory(12), 2);
}

CHECK_SPREAD(granted_answer, "6.4", "an answer that grants")
{
    L4_Word_t good = get_memory(13);

    L4_MsgClear(&first_answer);
    L4_MsgAppendGrantItem(&first_answer,
                          L4_GrantItem(page(good + 0x1000, 12, L4_FullyAccessible), AT));
    *(L4_Word_t *)(good + 0x120) = *(L4_Word_t *)(good + 0x1120) = 5;
    return faults_of(AT + 0x120, good, 1);
}

CHECK_SPREAD(wordy_answer, "6.4", "an answer with words besides the page")
{
    L4_Word_t good = get_memory(12);

    L4_MsgClear(&first_answer);
    L4_MsgAppendMapItem(&first_answer, L4_MapItem(page(good, 12, L4_FullyAccessible), AT));
    L4_MsgAppendWord(&first_answer, 1);
    L4_MsgAppendWord(&first_answer, 2);
    L4_Set_MsgLabel(&first_answer, 0x3f);
    return faults_of(AT + 0x120, good, 1);
}

CHECK_SPREAD(words_only, "6.4", "an answer with words instead of a page")
{
    L4_MsgClear(&first_answer);
    L4_MsgAppendWord(&first_answer, 1);
    L4_MsgAppendWord(&first_answer, AT);
    return faults_of(AT + 0x120, get_memory(12), 2);
}

CHECK_SPREAD(second_item, "6.4", "an answer whose second item has the page")
{
    L4_Word_t good = get_memory(12);

    L4_MsgClear(&first_answer);
    L4_MsgAppendMapItem(&first_answer, L4_MapItem(L4_Nilpage, 0));
    L4_MsgAppendMapItem(&first_answer, L4_MapItem(page(good, 12, L4_FullyAccessible), AT));
    return faults_of(AT + 0x120, good, 1);
}

/* Places of UTCBs that are in no use are no place for the pager's pages. */
CHECK_SPREAD(into_utcb_area, "3.1", "an answer for an empty place of the UTCB area")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t at = UTCB_AREA + (1ul << UTCB_LOG2) - 0x1000, good = get_memory(12);
    struct fault f;

    EXPECT(ask_fault(t, do_read, at, 0, &f));
    for (int i = 0; i < 3; i++) {
        EXPECT(resolve_fault(t, L4_MapItem(page(good, 12, L4_FullyAccessible), at), &f));
        EXPECT_EQUAL(f.word[0], at);
    }
    return PASS;
}

CHECK_SPREAD(not_the_pager, "6.4", "nobody but the pager may answer")
{
    L4_ThreadId_t t = spawn_remote(agent), other = spawn(agent);
    L4_Word_t good = get_memory(12), r;
    struct post *p = new_post();
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    p->to = t;
    p->timeouts = L4_Timeouts(L4_ZeroTime, L4_ZeroTime);
    L4_MsgAppendMapItem(&p->msg, L4_MapItem(page(good, 12, L4_FullyAccessible), AT));
    EXPECT(start_post(other, p));
    EXPECT(end_post(other));
    EXPECT_EQUAL(p->error, ipc_error(L4_IPC_TIMEOUT, 0));
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_WAITING);
    return resolve(t, L4_MapItem(page(good, 12, L4_FullyAccessible), AT), &r) ? PASS : FAIL;
}

static void receive_for_ever(void)
{
    L4_ThreadId_t from;

    for (;;) {
        L4_Wait(&from);
        shared[0]++;
    }
}

CHECK_SPREAD(new_pager, "6.4", "a fault under way stays with the pager that had it")
{
    L4_ThreadId_t t = spawn_remote(agent), other = spawn(receive_for_ever);
    L4_Word_t good = get_memory(13), r;
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    L4_Set_PagerOf(t, other);
    EXPECT(resolve(t, L4_MapItem(page(good, 12, L4_FullyAccessible), AT), &r));
    EXPECT_EQUAL(shared[0], 0);
    EXPECT(order(t, do_read, AT + 0x1000, 0)); /* the next one goes to the new pager */
    AWAIT(shared[0] == 1);
    return PASS;
}

CHECK_ALMOND_SPREAD(halted_in_fault, "4.3", "halted during a fault, which is answered")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t good = get_memory(12), r;
    struct l4_exregs go_on = {.control = L4_EXREGS_SET_HALT};
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    L4_Stop(t);
    EXPECT(reply_item(t, L4_MapItem(page(good, 12, L4_FullyAccessible), AT)));
    settle();
    EXPECT_EQUAL(state_of(t), L4_SCHEDRESULT_INACTIVE);
    L4_Exregs(t, &go_on);
    EXPECT(answer(t, &r));
    return PASS;
}

CHECK_ALMOND_SPREAD(string_answer, "6.4", "a string as the answer does not fit")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_StringItem_t s = L4_StringItem(5, "12345");
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    L4_LoadMRs(1, 2, s.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    EXPECT(L4_IpcFailed(L4_Reply(t)));
    EXPECT_EQUAL(L4_ErrorCode(), ipc_error(L4_IPC_OVERFLOW, 0));
    return PASS;
}
