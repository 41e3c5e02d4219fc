/* SPDX-License-Identifier: BSD-2-Clause */
/* The user thread control block. */
#include "x2.h"

CHECK(own_ids, "3.1", "gs:0 is the local id; conversion of ids")
{
    EXPECT(L4_IsLocalId(L4_MyLocalId()));
    EXPECT(L4_IsGlobalId(L4_MyGlobalId()));
    EXPECT_EQUAL(L4_MyLocalId().raw & (L4_UtcbSize(L4_Kip()) - 1),
                 L4_UTCB_MR0_WORDS * sizeof(L4_Word_t));
    EXPECT_EQUAL(L4_GlobalIdOf(L4_MyLocalId()).raw, me.raw);
    EXPECT_EQUAL(L4_LocalIdOf(me).raw, L4_MyLocalId().raw);
    return PASS;
}

CHECK(root_tcrs, "6.9", "the root task's pager, handler, processor")
{
    EXPECT_EQUAL(L4_Pager().raw, L4_Sigma0Id().raw);
    EXPECT_EQUAL(L4_ExceptionHandler().raw, 0);
    EXPECT_EQUAL(L4_ProcessorNo(), 0);
    return PASS;
}

static void report_tcrs(void)
{
    shared[0] = L4_MyGlobalId().raw;
    shared[1] = L4_Pager().raw;
    shared[2] = L4_ExceptionHandler().raw;
    shared[3] = L4_UserDefinedHandle();
    shared[4] = L4_XferTimeouts();
    shared[5] = L4_Tcr(L4_TCR_FLAGS) & 0xffff;
    shared[6] = L4_Accepted().raw;
    shared[7] = L4_MyLocalId().raw;
}

static enum result check_fresh(L4_ThreadId_t t, void *utcb)
{
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], t.raw);
    EXPECT_EQUAL(shared[1], me.raw);
    for (int i = 2; i <= 6; i++)
        EXPECT_EQUAL(shared[i], 0);
    EXPECT_EQUAL(shared[7], (L4_Word_t)utcb + L4_UTCB_MR0_WORDS * sizeof(L4_Word_t));
    return PASS;
}

CHECK_SPREAD(fresh_tcrs, "3.4", "a fresh UTCB")
{
    void *utcb = (char *)new_utcb() + L4_UtcbSize(L4_Kip());

    return check_fresh(spawn(report_tcrs), utcb);
}

static void dirty_tcrs(void)
{
    L4_Set_UserDefinedHandle(1);
    L4_Set_XferTimeouts(2);
    L4_Set_ExceptionHandler(me);
    L4_Set_Tcr(L4_TCR_FLAGS, 0x3f20);
}

CHECK_ALMOND_SPREAD(reused_tcrs, "3.4", "a reused UTCB is reset")
{
    void *utcb = (char *)new_utcb() + L4_UtcbSize(L4_Kip());
    L4_ThreadId_t t = spawn(dirty_tcrs);

    EXPECT(L4_IpcSucceeded(hear(t)));
    reap();
    new_utcb();
    return check_fresh(spawn(report_tcrs), utcb);
}

static void remember_words(void)
{
    __L4_TCR_Set_ThreadWord(0, 0x1234);
    __L4_TCR_Set_ThreadWord(1, 0x5678);
    L4_Set_UserDefinedHandle(0x9abc);
    L4_Yield();
    L4_Sleep(L4_TimePeriod(1000));
    shared[0] = __L4_TCR_ThreadWord(0);
    shared[1] = __L4_TCR_ThreadWord(1);
    shared[2] = L4_UserDefinedHandle();
}

CHECK_SPREAD(words_kept, "3.2", "thread words and handle belong to their thread")
{
    L4_ThreadId_t a = spawn(remember_words), b = spawn(dirty_tcrs);

    EXPECT(L4_IpcSucceeded(hear(a)));
    EXPECT(L4_IpcSucceeded(hear(b)));
    EXPECT_EQUAL(shared[0], 0x1234);
    EXPECT_EQUAL(shared[1], 0x5678);
    EXPECT_EQUAL(shared[2], 0x9abc);
    return PASS;
}
