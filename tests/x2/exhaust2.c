/* SPDX-License-Identifier: BSD-2-Clause */
/* What else runs out, or takes nothing: FPU, vCPUs, ports, notifications, interrupts, timeouts. */
#include <l4/arch.h>
#include "exhaust.h"

#define STEP       256
#define VECTOR_NM  7
#define PORT       0x300 /* nothing is there */
#define ROOT_LIMIT (~0ul >> 1)

static L4_Word_t do_float(L4_Word_t a, L4_Word_t b)
{
    uint16_t control;

    __asm__ volatile("fninit; fnstcw %0" : "=m"(control));
    return control;
}

CHECK_ALMOND(no_fpu, "6.6", "no memory for FPU registers: an exception")
{
    L4_ThreadId_t t = pauper();
    L4_Word_t before = used_by(POOR), r;
    struct fault f;

    EXPECT(ask(t, do_set_handler, me.raw, 0, &r));
    EXPECT(ask_fault(t, do_float, 0, 0, &f));
    EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_ARCH_EXCEPTION);
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_NM);
    EXPECT_EQUAL(used_by(POOR), before);
    EXPECT_PASS(others_are_well());
    set_limit(POOR, PLENTY);
    L4_Set_MsgTag(L4_Niltag);
    L4_Reply(t); /* the instruction again */
    EXPECT(answer(t, &r));
    EXPECT_EQUAL(r, 0x37f);
    EXPECT(used_by(POOR) > before);
    return all_is_back();
}

CHECK_ALMOND(no_vcpus, "almond", "no memory for a vCPU and its state page")
{
    L4_ThreadId_t t = pauper();
    L4_Word_t before = used_by(POOR), first, more = 0, r;
    void *state = (void *)(UTCB_AREA + 4096);

    EXPECT(L4_Almond()->features & L4_ALMOND_F_USER_VCPU);
    for (; !L4_VcpuControl(t, t, state); more += STEP) {
        EXPECT_EQUAL(L4_ErrorCode(), L4_ErrNoMem);
        EXPECT_EQUAL(used_by(POOR), before);
        EXPECT(more < 16 * 4096);
        leave(more);
    }
    first = used_by(POOR);
    EXPECT(more > 4096 && first > before + 4096);
    EXPECT_PASS(others_are_well());
    EXPECT(ask(t, do_nothing, 1, 0, &r));
    EXPECT(L4_VcpuControl(t, L4_nilthread, NULL));
    EXPECT_EQUAL(used_by(POOR), before);
    EXPECT(L4_VcpuControl(t, t, state)); /* there is place for it once more */
    EXPECT_EQUAL(used_by(POOR), first);
    return all_is_back();
}

CHECK_ALMOND(no_ports, "6.3", "no memory for IO ports")
{
    L4_Fpage_t port = L4_IoFpageLog2(PORT, 0);
    L4_ThreadId_t t;
    struct fault f;
    L4_Word_t before, r;

    EXPECT(!L4_IsNilFpage(L4_Sigma0_GetPage(L4_nilthread, port)));
    for (L4_Word_t pages = 0; pages < 4; pages++) { /* two for the bitmap, two for the mappings */
        t = pauper();
        before = used_by(POOR);
        leave(pages * 4096);
        EXPECT(ask_fault(t, do_in, PORT, 0, &f));
        EXPECT(resolve_fault(t, L4_MapItem(port, 0), &f)); /* it faults again */
        EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_IO_FAULT);
        EXPECT_PASS(others_are_well());
        set_limit(POOR, PLENTY);
        EXPECT(resolve(t, L4_MapItem(port, 0), &r));
        EXPECT(used_by(POOR) > before + 4 * 4096);
        EXPECT_PASS(all_is_back());
    }
    return PASS;
}

CHECK_ALMOND(notifications_are_free, "almond", "notifications take no memory")
{
    L4_ThreadId_t t = pauper();
    L4_Word_t before = used_by(POOR);

    for (L4_Word_t i = 0; i < 1000; i++)
        EXPECT(L4_Notify(t, 1ul << i % L4_WORD_BITS));
    EXPECT_EQUAL(used_by(POOR), before);
    return all_is_back();
}

static L4_Word_t do_sleep(L4_Word_t us, L4_Word_t b)
{
    L4_Sleep(L4_TimePeriod(us));
    return us;
}

CHECK_ALMOND(timeouts_are_free, "5.6", "timeouts take no memory")
{
    L4_ThreadId_t t[7];
    L4_Word_t before, r;

    t[0] = pauper();
    set_limit(POOR, PLENTY);
    for (int i = 1; i < 7; i++)
        t[i] = spawn_beside(t[0], i, agent);
    leave(0);
    before = used_by(POOR);
    for (int i = 0; i < 7; i++)
        EXPECT(order(t[i], do_sleep, 1000 * (L4_Word_t)(7 - i), 0));
    EXPECT_EQUAL(used_by(POOR), before);
    for (int i = 0; i < 7; i++)
        EXPECT(answer(t[i], &r));
    return all_is_back();
}

/* Of the interrupts 3 to 7 and 10 to 12, those that can be had. */
static L4_Word_t take_interrupts(L4_ThreadId_t got[])
{
    L4_Word_t n = 0;

    for (L4_Word_t i = 3; i < 13; i++) {
        L4_ThreadId_t irq = L4_GlobalId(i, 1);

        if (i != 4 && i != 8 && i != 9 && L4_AssociateInterrupt(irq, me))
            got[n++] = irq;
    }
    return n;
}

/* The first account pays for interrupts: all that it has is taken for a moment. */
CHECK_ALMOND(no_interrupts, "6.2", "no memory for interrupt threads")
{
    L4_ThreadId_t got[10];
    L4_Word_t before, n, error;

    for (L4_Word_t i = take_interrupts(got); i > 0; i--)
        EXPECT(L4_DeassociateInterrupt(got[i - 1]));
    before = used_by(0);
    set_limit(0, before);
    n = take_interrupts(got);
    error = L4_ErrorCode();
    set_limit(0, ROOT_LIMIT);
    EXPECT_EQUAL(n, 0);
    EXPECT_EQUAL(error, L4_ErrNoMem);
    EXPECT_EQUAL(used_by(0), before);
    n = take_interrupts(got);
    EXPECT(n > 0 && used_by(0) > before);
    EXPECT_PASS(others_are_well());
    while (n > 0)
        EXPECT(L4_DeassociateInterrupt(got[--n]));
    EXPECT_EQUAL(used_by(0), before);
    return PASS;
}
