/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests in user mode: time, notifications, other threads and processors. */
#include "guest.h"

static struct l4_vcpu_state *begin(void (*code)(void))
{
    return guest_begin(0, new_space(), code) ? guest_state(0) : NULL;
}

CHECK_ALMOND(guest_deadline, "almond", "a deadline ends the run of a guest that never does")
{
    struct l4_vcpu_state *s = begin(guest_spin);

    EXPECT(s);
    for (unsigned i = 0; i < 3; i++) {
        L4_Word64_t end = __builtin_ia32_rdtsc() + L4_Almond()->tsc_khz; /* a millisecond */

        s->deadline = end;
        EXPECT_PASS(guest_runs_to(0, L4_EXIT_TIMER));
        EXPECT(__builtin_ia32_rdtsc() >= end);
        EXPECT_EQUAL(s->rip, (L4_Word_t)guest_spin);
    }
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_TIMER)); /* it has passed */
    s->deadline = ~(L4_Word64_t)0;
    guest_end();
    return PASS;
}

static void notify_root(void)
{
    L4_Sleep(L4_TimePeriod(3000));
    shared[0] = L4_Notify(me, 0x40);
    finish();
}

CHECK_ALMOND_SPREAD(guest_notified, "almond", "a notification ends the run")
{
    struct l4_vcpu_state *s = begin(guest_spin);
    L4_ThreadId_t t;

    EXPECT(s);
    t = spawn(notify_root);
    L4_Set_Priority(t, 255); /* it has to come before our guest */
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_NOTIFY));
    EXPECT_EQUAL(s->notify, 0x40);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[0], 1);
    L4_Notify(me, 0x2);
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_NOTIFY));
    EXPECT_EQUAL(s->notify, 0x2);
    guest_end();
    return PASS;
}

CHECK_ALMOND_SPREAD(guest_sleep, "almond",
                    "a halted vCPU sleeps until it is notified, or for a time")
{
    struct l4_vcpu_state *s = begin(guest_spin);
    L4_ThreadId_t t;

    EXPECT(s);
    t = spawn(notify_root);
    s->flags = L4_VCPU_HALTED;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_NOTIFY));
    EXPECT(L4_IpcSucceeded(hear(t)));
    s->flags = L4_VCPU_HALTED;
    s->deadline = __builtin_ia32_rdtsc() + L4_Almond()->tsc_khz;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_TIMER));
    guest_end();
    return PASS;
}

/* Two VMMs of equal rank whose guests never end by themselves, and a third thread that calls. */
static void vmm(unsigned n)
{
    struct l4_vcpu_state *s = guest_state(n);

    if (guest_begin(n, (L4_ThreadId_t){.raw = shared[10]}, guest_count)) {
        s->gpr[GUEST_ARG0] = n;
        s->deadline = __builtin_ia32_rdtsc() + 30 * L4_Almond()->tsc_khz;
        shared[20 + n] = L4_VcpuRun();
    }
    finish();
}

static void vmm_1(void)
{
    vmm(1);
}

static void vmm_2(void)
{
    vmm(2);
}

static void echo_once(void)
{
    L4_ThreadId_t from;

    for (L4_Wait(&from);; L4_ReplyWait(from, &from))
        ;
}

CHECK_ALMOND_SPREAD(guest_many, "almond", "guests take turns with guests and threads")
{
    L4_ThreadId_t a, b, c, space = new_space();

    shared[10] = space.raw;
    a = spawn(vmm_1);
    b = spawn(vmm_2);
    c = spawn(echo_once);
    L4_Set_Timeslice(a, L4_TimePeriod(1000), L4_Never);
    L4_Set_Timeslice(b, L4_TimePeriod(1000), L4_Never);
    for (unsigned i = 0; i < 20; i++) {
        L4_Set_MsgTag(L4_MakeTag(i, 0, 0));
        EXPECT_EQUAL(L4_Label(L4_Call(c)), i);
        L4_Sleep(L4_TimePeriod(1000));
    }
    EXPECT(L4_IpcSucceeded(hear(a)));
    EXPECT(L4_IpcSucceeded(hear(b)));
    EXPECT_EQUAL(shared[21], L4_EXIT_TIMER);
    EXPECT_EQUAL(shared[22], L4_EXIT_TIMER);
    EXPECT(shared[1] > 0);
    EXPECT(shared[2] > 0);
    return PASS;
}

CHECK_ALMOND_SEVERAL(guest_moves, "almond", "a vCPU goes from processor to processor in its run")
{
    L4_ThreadId_t a;
    L4_Word_t before;

    shared[10] = new_space().raw;
    a = spawn(vmm_1);
    for (L4_Word_t i = 0; i < 10; i++) {
        before = shared[1];
        L4_Set_ProcessorNo(a, i % processor_count());
        L4_Sleep(L4_TimePeriod(1000));
        if (!shared[21])
            AWAIT(shared[1] != before || shared[21]);
    }
    EXPECT(L4_IpcSucceeded(hear(a)));
    EXPECT_EQUAL(shared[21], L4_EXIT_TIMER);
    return PASS;
}

static void delete_space(void)
{
    L4_Sleep(L4_TimePeriod(3000));
    kill((L4_ThreadId_t){.raw = shared[10]});
    finish();
}

CHECK_ALMOND_SPREAD(guest_space_gone, "almond", "the guest's space goes: an error ends the run")
{
    struct l4_vcpu_state *s = begin(guest_spin);
    L4_ThreadId_t t;

    EXPECT(s);
    guest_end();
    shared[10] = new_space().raw;
    EXPECT(guest_begin(0, (L4_ThreadId_t){.raw = shared[10]}, guest_spin));
    t = spawn(delete_space);
    L4_Set_Priority(t, 255);
    EXPECT_EQUAL(L4_VcpuRun(), L4_EXIT_ERROR);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(L4_VcpuRun(), L4_EXIT_ERROR);
    return PASS;
}
