/* SPDX-License-Identifier: BSD-2-Clause */
/* SpaceControl, and the privileged calls for those who are not. */
#include <l4/misc.h>
#include "x2.h"

static L4_Word_t control(L4_ThreadId_t t, L4_Fpage_t kip, L4_Fpage_t utcb)
{
    L4_Word_t old;

    return L4_SpaceControl(t, 0, kip, utcb, L4_nilthread, &old);
}

/* A thread in a space that is not initialised yet. */
static L4_ThreadId_t raw_space(void)
{
    L4_ThreadId_t t = new_id();

    return L4_ThreadControl(t, t, me, L4_nilthread, (void *)~0ul) ? t : L4_nilthread;
}

CHECK(bad_areas, "4.10", "wrong UTCB and KIP areas")
{
    L4_ThreadId_t t = raw_space();
    L4_Fpage_t kip = L4_FpageLog2(KIP_AREA, 12), utcb = L4_FpageLog2(UTCB_AREA, 14);

    EXPECT_EQUAL(control(t, kip, L4_FpageLog2(UTCB_AREA, 10)), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(control(t, kip, L4_FpageLog2(KERNEL_AREA, 14)), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT_EQUAL(control(t, L4_FpageLog2(KIP_AREA, 10), utcb), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrKipArea);
    EXPECT_EQUAL(control(t, L4_FpageLog2(UTCB_AREA + 0x1000, 12), utcb), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrKipArea);
    EXPECT(control(t, kip, utcb)); /* after all that, still possible */
    kill(t);
    return PASS;
}

CHECK(missing, "4.10", "a space that does not exist")
{
    EXPECT_EQUAL(control(new_id(), L4_FpageLog2(KIP_AREA, 12), L4_FpageLog2(UTCB_AREA, 14)), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    return PASS;
}

CHECK_SPREAD(again, "4.10", "a second call changes no areas")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    EXPECT(control(t, L4_FpageLog2(0x10000000, 12), L4_FpageLog2(0x20000000, 14)));
    EXPECT(ask(t, do_read, KIP_AREA, 0, &r)); /* the areas stay where they are */
    EXPECT_EQUAL(r, L4_KIP_MAGIC);
    return PASS;
}

static L4_Word_t do_find_kip(L4_Word_t a, L4_Word_t b)
{
    return (L4_Word_t)L4_GetKernelInterface();
}

static L4_Word_t do_local_id(L4_Word_t a, L4_Word_t b)
{
    return L4_MyLocalId().raw;
}

CHECK_SPREAD(inside, "2.1", "KIP and UTCB in a new space")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    EXPECT(ask(t, do_find_kip, 0, 0, &r));
    EXPECT_EQUAL(r, KIP_AREA);
    EXPECT(ask(t, do_local_id, 0, 0, &r));
    EXPECT_EQUAL(r, UTCB_AREA + L4_UTCB_MR0_WORDS * sizeof(L4_Word_t));
    EXPECT(ask_fault(t, do_write, KIP_AREA, 0, &f)); /* the KIP is read-only */
    return PASS;
}

CHECK_SPREAD(capacity, "2.7", "as many threads as the UTCB area holds")
{
    L4_ThreadId_t home = spawn_remote(agent), t[15];
    L4_Word_t r;

    for (int i = 0; i < 15; i++) {
        t[i] = spawn_beside(home, i + 1, agent);
        EXPECT(!L4_IsNilThread(t[i]));
        EXPECT(ask(t[i], do_local_id, 0, 0, &r));
        EXPECT_EQUAL(r, UTCB_AREA + (L4_Word_t)(i + 1) * L4_UtcbSize(L4_Kip()) +
                            L4_UTCB_MR0_WORDS * sizeof(L4_Word_t));
    }
    EXPECT(L4_IsNilThread(spawn_beside(home, 16, agent)));
    return PASS;
}

CHECK_SPREAD(isolated, "8.1", "a space sees only what it was given")
{
    L4_ThreadId_t a = spawn_remote(agent), b = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(give(a, L4_FpageLog2(0x50000000, 12), L4_MapItem(page(mine, 12, L4_Readable), 0)));
    EXPECT(ask(a, do_read, 0x50000000, 0, &r));
    EXPECT(ask_fault(b, do_read, 0x50000000, 0, &f));
    return PASS;
}

CHECK(many, "4.4", "forty spaces, one after the other")
{
    L4_Word_t r;

    for (int i = 0; i < 40; i++) {
        L4_ThreadId_t t = spawn_remote(agent);
        EXPECT(!L4_IsNilThread(t));
        EXPECT(ask(t, do_nothing, 5, 0, &r));
        reap();
    }
    return PASS;
}

/* ---- callers without privilege ---- */

static L4_Word_t do_space_control(L4_Word_t t, L4_Word_t b)
{
    return control((L4_ThreadId_t){.raw = t}, L4_FpageLog2(KIP_AREA, 12),
                   L4_FpageLog2(UTCB_AREA, 14));
}

static L4_Word_t do_memory_control(L4_Word_t a, L4_Word_t b)
{
    return L4_Set_PageAttribute(L4_FpageLog2(a, 12), L4_UncacheableMemory);
}

static L4_Word_t do_processor_control(L4_Word_t a, L4_Word_t b)
{
    return L4_ProcessorControl(0, 0, 0, 0);
}

static L4_Word_t do_interrupt(L4_Word_t a, L4_Word_t b)
{
    return L4_AssociateInterrupt(L4_GlobalId(4, 1), L4_MyGlobalId());
}

CHECK_ALMOND_SPREAD(unprivileged, "4.1", "privileged calls of an unprivileged caller")
{
    static const action_t actions[] = {do_space_control, do_memory_control, do_processor_control,
                                       do_interrupt};
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    for (unsigned i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        EXPECT(ask(t, actions[i], t.raw, 0, &r));
        EXPECT_EQUAL(r, 0);
        EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    }
    return PASS;
}

static L4_Word_t do_rdmsr(L4_Word_t handler, L4_Word_t b)
{
    L4_Word_t low;

    L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = handler});
    __asm__ volatile("rdmsr" : "=a"(low) : "c"(0xc0000080) : "rdx");
    return low;
}

CHECK_SPREAD(rdmsr_refused, "6.6", "MSRs are not for unprivileged spaces")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_rdmsr, me.raw, 0, &f));
    EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_ARCH_EXCEPTION);
    return PASS;
}
