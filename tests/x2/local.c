/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadLocal: segments of a thread's own. */
#include "segment.h"

static L4_Word_t local(void)
{
    L4_Word_t value;

    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    return value;
}

static void keep(unsigned n)
{
    bool good = set_local(&shared[n]);

    shared[n] = 0x100 + n;
    for (unsigned i = 0; i < 30; i++) {
        good = good && local() == 0x100 + n;
        if (i % 3 == 0)
            L4_Yield();
        else if (i % 3 == 1)
            L4_Sleep(L4_TimePeriod(500));
        else
            tell(me, n);
    }
    shared[10 + n] = good;
    finish();
}

static void keep_1(void)
{
    keep(1);
}

static void keep_2(void)
{
    keep(2);
}

/* Have they told all they have to? */
static enum result listen(void)
{
    for (unsigned finished = 0; finished < 3;) {
        L4_ThreadId_t from;
        L4_MsgTag_t tag = L4_Wait_Timeout(SOON, &from);

        EXPECT(L4_IpcSucceeded(tag));
        finished += L4_Label(tag) == 0;
    }
    EXPECT_EQUAL(shared[11], 1);
    EXPECT_EQUAL(shared[12], 1);
    return PASS;
}

CHECK_ALMOND_SPREAD(local_kept, "almond", "thread-local segments stay with their threads")
{
    EXPECT(L4_Almond()->features & L4_ALMOND_F_LOCAL);
    spawn(keep_1);
    spawn_remote(keep_2);
    spawn(finish);
    return listen();
}

CHECK_ALMOND_SEVERAL(local_moves, "almond", "and go with them to other processors")
{
    L4_ThreadId_t a = spawn(keep_1), b = spawn_remote(keep_2);

    spawn(finish);
    for (L4_Word_t i = 0; i < 8; i++) {
        L4_Set_ProcessorNo(a, i % processor_count());
        L4_Set_ProcessorNo(b, (i + 1) % processor_count());
    }
    return listen();
}

static void read_local(void)
{
    shared[20] = local();
    finish();
}

CHECK_ALMOND(local_not_others, "almond", "other threads do not have them")
{
    L4_ThreadId_t t, from;

    shared[0] = 0xabcdef;
    EXPECT(set_local(shared));
    EXPECT_EQUAL(local(), 0xabcdef);
    t = spawn_remote(
        read_local); /* at 0 there is nothing, or the image's first word, but not ours */
    EXPECT(L4_IpcSucceeded(L4_Wait_Timeout(SOON, &from)));
    EXPECT_EQUAL(from.raw, t.raw);
    EXPECT(shared[20] != 0xabcdef);
    EXPECT_EQUAL(local(), 0xabcdef);
    EXPECT(drop_local());
    return PASS;
}

CHECK_ALMOND(local_errors, "almond", "what is no segment of a user's is refused")
{
    for (unsigned i = 0; i < BAD_SEGMENTS; i++) {
        EXPECT_EQUAL(L4_ThreadLocal(bad_segments[i][0], bad_segments[i][1], bad_segments[i][2]), 0);
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    }
    return PASS;
}
