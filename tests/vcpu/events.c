/* SPDX-License-Identifier: BSD-2-Clause */
/* Events into the guest, windows, deadlines, notifications. */
#include "vm.h"

#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/self.h>

GUEST(interrupt);
GUEST(shadow);
GUEST(spin);
GUEST(step);
GUEST(fault);
GUEST(hlt);

#define HANDLER (CODE + 0x80)
#define SS_PAGE 0x7000u

static L4_ThreadId_t main_thread;

static uint64_t ms(unsigned n)
{
    return L4_Almond()->tsc_khz * n;
}

static bool inject(void)
{
    LOAD_REAL(interrupt);
    vm_vector(0x40, HANDLER);
    vs->inject = L4_VCPU_EV_VALID | L4_VCPU_EV_INTR | 0x40;
    CHECK(vm_expect_out(0x83, 0x77));
    CHECK(vs->inject == 0 && vs->gpr[L4_RSP] == STACK - 6);
    CHECK(vm_expect_out(0x80, 0));
    return true;
}

static bool software_interrupt(void)
{
    LOAD_REAL(interrupt);
    vm_vector(0x41, HANDLER);
    CHECK(vm_expect_out(0x80, 0));
    CHECK(vm_expect_out(0x81, 0));
    vm_unmap(SS_PAGE, 12);
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->inject == 0); /* rip still points to the INT */
    CHECK(vm_map(SS_PAGE, 12));
    CHECK(vm_expect_out(0x83, 0x77));
    CHECK(vm_expect_out(0x82, 0));
    return true;
}

static bool inject_page_missing(void)
{
    uint64_t event = L4_VCPU_EV_VALID | L4_VCPU_EV_INTR | 0x40;

    LOAD_REAL(interrupt);
    vm_vector(0x40, HANDLER);
    vm_unmap(SS_PAGE, 12);
    vs->inject = event;
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->inject == event && vs->rip == CODE);
    CHECK(vm_map(SS_PAGE, 12));
    CHECK(vm_expect_out(0x83, 0x77));
    CHECK(vm_expect_out(0x80, 0));
    return true;
}

static bool inject_exception(void)
{
    LOAD_LONG(fault);
    vm_gate(14, HANDLER);
    vs->cr2 = 0x4444;
    vs->rip = CODE + 7;
    vs->inject =
        L4_VCPU_EV_VALID | L4_VCPU_EV_EXCEPTION | L4_VCPU_EV_HAS_ERROR | 14 | L4_VCPU_EV_ERROR(2);
    CHECK(vm_expect_out(0x80, 2));
    CHECK(vm_expect_out(0x81, 0x44));
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool own_fault(void)
{
    LOAD_LONG(fault);
    vm_gate(14, HANDLER);
    CHECK(vm_expect_out(0x80, 2));
    CHECK(vm_expect_skip(L4_EXIT_IO));
    CHECK((uint32_t)vs->gpr[L4_RAX] == 0x200000);
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool single_step(void)
{
    LOAD_LONG(step);
    vm_gate(1, HANDLER);
    CHECK(vm_expect_out(0x80, 1));
    vs->flags = L4_VCPU_SYNC;
    CHECK(vm_expect(L4_EXIT_SYNC));
    CHECK(vs->dr6 & 0x4000);
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool window(void)
{
    LOAD_REAL(interrupt);
    vs->flags = L4_VCPU_IRQ_WINDOW;
    CHECK(vm_expect_out(0x80, 0)); /* IF is still off */
    vs->flags = L4_VCPU_IRQ_WINDOW;
    CHECK(vm_expect(L4_EXIT_IRQ_WINDOW));
    CHECK(vs->rflags & 0x200 && vs->rip > CODE + 2 && vs->rip <= CODE + 5);
    CHECK(vm_expect_out(0x81, 0)); /* only once */
    return true;
}

static bool window_shadow(void)
{
    LOAD_REAL(shadow);
    CHECK(vm_expect_out(0x80, 0));
    vs->flags = L4_VCPU_IRQ_WINDOW;
    CHECK(vm_expect_skip(L4_EXIT_HLT)); /* not between STI and HLT */
    vs->flags = L4_VCPU_IRQ_WINDOW;
    L4_VcpuRun();
    CHECK(vs->exit == L4_EXIT_IRQ_WINDOW ||
          vs->exit == L4_EXIT_HLT); /* Bochs waits for IF to change */
    CHECK(vs->rip == CODE + 4);
    return true;
}

static bool deadline(void)
{
    uint64_t start = rdtsc();

    LOAD_REAL(spin);
    vs->deadline = start + ms(3);
    CHECK(vm_expect(L4_EXIT_TIMER));
    CHECK(rdtsc() >= start + ms(3) && rdtsc() < start + ms(50));
    CHECK(vs->gpr[L4_RCX] > 100 && vs->host_intrs > 0);
    CHECK(vm_expect(L4_EXIT_TIMER)); /* it stays passed */
    return true;
}

static bool halted_deadline(void)
{
    uint64_t start = rdtsc();

    LOAD_REAL(hlt);
    vs->deadline = start + ms(2);
    vs->flags = L4_VCPU_HALTED;
    CHECK(vm_expect(L4_EXIT_TIMER));
    CHECK(rdtsc() >= start + ms(2) && vs->flags == 0 && vs->rip == CODE);
    vs->flags = L4_VCPU_HALTED;
    CHECK(vm_expect(L4_EXIT_TIMER));
    vs->deadline = ~0ull;
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool notify_self(void)
{
    LOAD_REAL(hlt);
    CHECK(L4_Notify(L4_MyGlobalId(), 5));
    CHECK(L4_Notify(L4_MyGlobalId(), 0x10));
    vs->inject = L4_VCPU_EV_VALID | L4_VCPU_EV_INTR | 0x40;
    CHECK(vm_expect(L4_EXIT_NOTIFY));
    CHECK(vs->notify == 0x15 && vs->rip == CODE);
    CHECK(vs->inject == (L4_VCPU_EV_VALID | L4_VCPU_EV_INTR | 0x40)); /* not lost */
    vs->inject = 0;
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool notify_message(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag;
    L4_Word_t bits;

    CHECK(L4_Notify(L4_MyGlobalId(), 0x42));
    tag = L4_Wait_Timeout(L4_ZeroTime, &from);
    L4_StoreMR(1, &bits);
    CHECK(L4_IpcSucceeded(tag) && L4_IsThreadEqual(from, L4_NotifyThread()));
    CHECK(L4_Label(tag) == L4_NOTIFY_LABEL && bits == 0x42);
    CHECK(L4_Notify(L4_MyGlobalId(), 0x43));
    tag = L4_Receive_Timeout(L4_NotifyThread(), L4_ZeroTime);
    L4_StoreMR(1, &bits);
    CHECK(L4_IpcSucceeded(tag) && bits == 0x43);
    tag = L4_Receive_Timeout(L4_NotifyThread(), L4_ZeroTime);
    CHECK(L4_IpcFailed(tag));
    CHECK(!L4_Notify(L4_GlobalId(9999, 1), 1) && L4_ErrorCode() == L4_ErrInvalidThread);
    return true;
}

static void notify_later(void)
{
    L4_Sleep(L4_TimePeriod(2000));
    L4_Notify(main_thread, 0x80);
    L4_Sleep(L4_TimePeriod(2000));
    L4_Notify(main_thread, 0x100);
    for (;;)
        L4_Sleep(L4_Never);
}

static bool notify_other(void)
{
    main_thread = L4_MyGlobalId();
    LOAD_REAL(spin);
    CHECK(helper_start(notify_later));
    CHECK(vm_expect(L4_EXIT_NOTIFY)); /* out of the guest */
    CHECK(vs->notify == 0x80);
    vs->flags = L4_VCPU_HALTED;
    CHECK(vm_expect(L4_EXIT_NOTIFY)); /* out of sleep */
    CHECK(vs->notify == 0x100);
    helper_end();
    return true;
}

const struct test event_tests[] = {
    {"an interrupt is injected", inject},
    {"a software interrupt meets a missing page", software_interrupt},
    {"an injected interrupt meets a missing page", inject_page_missing},
    {"an exception is injected", inject_exception},
    {"the guest's own page faults are its own", own_fault},
    {"single steps are passed on", single_step},
    {"an interrupt window", window},
    {"an interrupt window behind STI", window_shadow},
    {"a deadline ends a run", deadline},
    {"a deadline ends a sleep", halted_deadline},
    {"notifications before a run", notify_self},
    {"notifications as messages", notify_message},
    {"notifications during run and sleep", notify_other},
    {NULL, NULL},
};
