/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/vmm/fake_host.c tests/unit/vmm/machine.c vmm/console.c vmm/lock.c vmm/board/aml.c vmm/board/acpi.c vmm/board/board.c vmm/board/bus.c vmm/board/cpus.c vmm/board/ram.c vmm/board/wdat.c vmm/devices/watchdog.c vmm/devices/apic_bus.c vmm/devices/ioapic.c vmm/devices/kvmclock.c vmm/devices/lapic.c vmm/devices/lapic_registers.c vmm/devices/lapic_timer.c vmm/devices/pci.c vmm/devices/reset.c vmm/devices/uart.c vmm/vcpu/access.c vmm/vcpu/alu.c vmm/vcpu/cpuid.c vmm/vcpu/decode.c vmm/vcpu/emulate.c vmm/vcpu/event.c vmm/vcpu/exits.c vmm/vcpu/io.c vmm/vcpu/length.c vmm/vcpu/msr.c vmm/vcpu/operand.c vmm/vcpu/report.c vmm/vcpu/reset.c vmm/vcpu/signal.c vmm/vcpu/spin.c vmm/vcpu/vcpu.c vmm/vcpu/walk.c
// CFLAGS: -Ivmm -Iidl/include -Ibuild/idl -Ilib/l4/include -Itests/unit/vmm
/* Four vCPUs on one board: who is told what, when they start, and when the VM has come to its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"
#include "vcpu/walk.h"

#define ICR_SELF   0x40000u
#define ICR_ALL    0x80000u
#define ICR_OTHERS 0xc0000u
#define ICR_INIT   0xc500u
#define ICR_START  0x600u
#define ICR_NMI    0x400u

/* From now on it is vCPU n's thread that runs; what it has been notified of ends its run. */
static struct vcpu *on(unsigned n)
{
    fake_self = n;
    if (fake_notified[n]) {
        vcpu[n].state->notify = fake_notified[n];
        fake_notified[n] = 0;
        vcpu_handle(&vcpu[n], L4_EXIT_NOTIFY);
    }
    if (vcpu[n].attention)
        vcpu_events(&vcpu[n]);
    return &vcpu[n];
}

static void wrmsr(struct vcpu *v, uint32_t number, uint64_t value)
{
    struct l4_vcpu_state *s = v->state;
    memcpy(board->ram.base + CODE, "\x0f\x30", 2);
    s->rip = CODE;
    s->gpr[L4_RCX] = number;
    s->gpr[L4_RAX] = (uint32_t)value;
    s->gpr[L4_RDX] = value >> 32;
    s->qual[0] = 1;
    vcpu_handle(v, L4_EXIT_MSR);
}

static void halt(struct vcpu *v, bool interrupts)
{
    board->ram.base[CODE] = 0xf4;
    v->state->seg[L4_SEG_CS].base = 0;
    v->state->rip = CODE;
    v->state->rflags = interrupts ? v->state->rflags | RFLAGS_IF : v->state->rflags & ~RFLAGS_IF;
    vcpu_handle(v, L4_EXIT_HLT);
    vcpu_events(v);
}

static void send(unsigned from, uint64_t icr)
{
    wrmsr(on(from), 0x830, icr);
    on(from);
}

static uint64_t to(unsigned n)
{
    return (uint64_t)n << 32;
}

/* x2APIC mode, switched on by software. */
static void use_apic(unsigned n)
{
    wrmsr(on(n), MSR_APIC_BASE, vcpu[n].lapic.base | 0x400);
    wrmsr(on(n), 0x80f, 0x1ff);
}

/* As Linux does it. */
static void start(unsigned n, uint8_t page)
{
    send(0, to(n) | ICR_INIT);
    on(n);
    send(0, to(n) | ICR_START | page);
    on(n);
    send(0, to(n) | ICR_START | page);
    on(n);
}

static void start_all(void)
{
    use_apic(0);
    for (unsigned n = 1; n < CPUS; n++) {
        start(n, 0x9a);
        use_apic(n);
    }
}

static bool real_mode_at(const struct l4_vcpu_state *s, uint64_t address)
{
    const struct l4_vcpu_seg *cs = &s->seg[L4_SEG_CS];
    return !(s->cr0 & (CR0_PE | CR0_PG)) && cs->base + s->rip == address &&
           cs->selector == cs->base >> 4 && cs->limit == 0xffff && s->efer == 0;
}

static void the_others_wait_for_their_start(void **state)
{
    for (unsigned n = 1; n < CPUS; n++) {
        vcpu[n].attention = true;
        on(n);
        assert_int_equal(vcpu[n].state->flags, L4_VCPU_HALTED);
    }
    use_apic(0);
    send(0, to(1) | ICR_START | 0x9a); /* a START for a processor that waits needs no INIT */
    assert_int_equal(fake_notified[1], MZ_NOTIFY_PEER);
    on(1);
    assert_int_equal(vcpu[1].state->flags, 0);
    assert_true(real_mode_at(vcpu[1].state, 0x9a000));
    assert_int_equal(vcpu[1].state->dirty, L4_VCPU_G_ALL);
    assert_true(vcpu[2].waiting);
}

static void only_the_first_start_counts(void **state)
{
    use_apic(0);
    send(0, to(1) | ICR_INIT);
    send(0, to(1) | ICR_START | 0x9a);
    send(0, to(1) | ICR_START | 0x9b); /* before the first was taken */
    on(1);
    assert_true(real_mode_at(vcpu[1].state, 0x9a000));
    vcpu[1].state->rip = 0x123;
    send(0, to(1) | ICR_START | 0x9b);
    on(1);
    assert_int_equal(vcpu[1].state->rip, 0x123);
}

static void init_begins_anew(void **state)
{
    start_all();
    wrmsr(on(1), 0x83f, 0x51);
    halt(&vcpu[1], false);
    start(1, 0x77);
    assert_true(real_mode_at(vcpu[1].state, 0x77000));
    assert_false(vcpu[1].halted);
    assert_int_equal(lapic_pending(&vcpu[1].lapic), -1);
    assert_int_equal(vcpu[1].lapic.svr, 0xff);
    send(0, to(1) | ICR_START | 0x9a);
    send(0, to(1) | ICR_INIT); /* the START was for the life before */
    on(1);
    assert_true(vcpu[1].waiting);
    assert_int_equal(vcpu[1].state->flags, L4_VCPU_HALTED);
}

static void init_of_the_first_is_a_reboot(void **state)
{
    start_all();
    send(1, to(0) | ICR_INIT);
    if (!FAKE_RUN()) {
        on(0);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_REBOOT);
}

static void each_has_its_own_apic_page(void **state)
{
    for (unsigned n = 0; n < CPUS; n++) {
        struct mmio_device *page = &vcpu[n].apic_page;
        assert_int_equal(page->read(page->device, 0x20, 4), n << 24);
    }
}

static void all_have_the_same_clock(void **state)
{
    for (unsigned n = 1; n < CPUS; n++)
        assert_int_equal(vcpu[n].state->tsc_offset, st->tsc_offset);
    wrmsr(&vcpu[0], MSR_KVM_SYSTEM_TIME, DATA | 1);
    assert_int_equal(vcpu[0].clock.system_time, DATA | 1);
    assert_int_equal(vcpu[1].clock.system_time, 0);
}

/* Bit n: vCPU n has vector 0x51 to take. */
static unsigned who_has_51(void)
{
    unsigned who = 0;
    for (unsigned n = 0; n < CPUS; n++) {
        on(n);
        if (vcpu[n].lapic.irr[1] & 1u << 17)
            who |= 1u << n;
        vcpu[n].lapic.irr[1] = 0;
        vcpu[n].attention = false;
    }
    return who;
}

static void destinations(void **state)
{
    static const struct {
        uint64_t icr;
        unsigned who;
    } cases[] = {
        {0, 1},
        {UINT64_C(2) << 32, 4},
        {UINT64_C(9) << 32, 0},
        {UINT64_C(0xffffffff) << 32, 15},
        {ICR_SELF, 2},
        {ICR_ALL, 15},
        {ICR_OTHERS, 13},
        {UINT64_C(0xa) << 32 | 0x800, 10},        /* logical, cluster 0 */
        {UINT64_C(0x1000f) << 32 | 0x800, 0},     /* another cluster    */
        {UINT64_C(0xc) << 32 | 0x800 | 0x100, 4}, /* lowest priority  */
    };
    start_all();
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wrmsr(on(1), 0x830, cases[i].icr | 0x51);
        assert_int_equal(who_has_51(), cases[i].who);
    }
    apic_bus_msi(&board->apics, LAPIC_BASE | 3u << 12, 0x51);
    assert_int_equal(who_has_51(), 8);
}

static void one_notification_for_many_messages(void **state)
{
    start_all();
    send(0, to(1) | 0x51);
    assert_int_equal(fake_notified[1], MZ_NOTIFY_PEER);
    fake_notified[1] = 0; /* on its way */
    send(0, to(1) | 0x52);
    assert_int_equal(fake_notified[1], 0);
    vcpu[1].state->notify = MZ_NOTIFY_PEER;
    fake_self = 1;
    vcpu_handle(&vcpu[1], L4_EXIT_NOTIFY);
    vcpu[1].state->rflags |= RFLAGS_IF;
    vcpu_events(&vcpu[1]);
    assert_int_equal(vcpu[1].state->inject, L4_VCPU_EV_VALID | 0x52);
    assert_int_equal(lapic_pending(&vcpu[1].lapic), -1); /* 0x51 is of the same class */
    assert_int_equal(vcpu[1].lapic.irr[1], 1u << 17);
}

static void an_interrupt_wakes_who_sleeps(void **state)
{
    start_all();
    halt(on(2), true);
    assert_int_equal(vcpu[2].state->flags, L4_VCPU_HALTED);
    send(0, to(2) | 0x51);
    on(2);
    assert_false(vcpu[2].halted);
    assert_int_equal(vcpu[2].state->inject, L4_VCPU_EV_VALID | 0x51);
}

static bool ends_when_halted(unsigned n)
{
    if (!FAKE_RUN()) {
        halt(on(n), false);
        return false;
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_HALTED);
    return true;
}

static void the_end_is_when_all_have_halted(void **state)
{
    start_all();
    assert_false(ends_when_halted(0));
    assert_false(ends_when_halted(2));
    assert_false(ends_when_halted(1));
    assert_true(ends_when_halted(3));
}

static void who_waits_for_a_start_has_halted_too(void **state)
{
    use_apic(0);
    start(2, 0x9a);
    assert_false(ends_when_halted(0));
    assert_true(ends_when_halted(2));
}

static void who_was_halted_goes_on_with_an_nmi(void **state)
{
    start_all();
    for (unsigned n = 1; n < CPUS; n++)
        assert_false(ends_when_halted(n));
    send(0, ICR_OTHERS | ICR_NMI);
    assert_false(ends_when_halted(0)); /* the NMIs are still on their way */
    on(1);
    assert_false(vcpu[1].halted);
    assert_int_equal(vcpu[1].state->inject, L4_VCPU_EV_VALID | L4_VCPU_EV_NMI | 2);
    vcpu[1].state->inject = 0;
    on(2);
    on(3);
    vcpu[2].state->inject = vcpu[3].state->inject = 0;
    assert_false(ends_when_halted(1));
    assert_false(ends_when_halted(2));
    send(3, to(1) | 0x51); /* interrupts do not wake who has them off */
    on(1);
    assert_int_equal(vcpu[1].state->flags, L4_VCPU_HALTED);
    assert_true(ends_when_halted(3));
}

/* Not even with one that was there before. */
static void who_has_interrupts_off_sleeps_well(void **state)
{
    start_all();
    send(0, to(1) | 0x51);
    on(1);
    assert_false(ends_when_halted(1));
    assert_int_equal(lapic_pending(&vcpu[1].lapic), 0x51);
    assert_int_equal(vcpu[1].state->flags, L4_VCPU_HALTED);
    assert_true(vcpu[1].stopped);
}

static void a_start_restarts_who_was_halted(void **state)
{
    start_all();
    assert_false(ends_when_halted(1));
    send(0, to(1) | ICR_START | 0x9a); /* no INIT: ignored */
    on(1);
    assert_true(vcpu[1].halted);
    start(1, 0x55);
    assert_true(real_mode_at(vcpu[1].state, 0x55000));
    for (unsigned n = 2; n < CPUS; n++)
        assert_false(ends_when_halted(n));
    assert_false(ends_when_halted(0));
    assert_true(ends_when_halted(1));
}

static void console_input_comes_where_the_guest_wants_it(void **state)
{
    start_all();
    struct mmio_device io = ioapic_page(&board->ioapic);
    io.write(io.device, 0, 4, 0x19);
    io.write(io.device, 0x10, 4, 3u << 24); /* to vCPU 3 */
    io.write(io.device, 0, 4, 0x18);
    io.write(io.device, 0x10, 4, 0x51);
    struct io_device uart = *io_bus_find(&board->ports, BOARD_COM1);
    uart.write(uart.device, BOARD_COM1 + 1, 1, 1);
    rings->in[0] = 'x';
    rings->in_head = 1;
    fake_notified[0] = MZ_NOTIFY_INPUT;
    on(0);
    assert_int_equal(fake_notified[3], MZ_NOTIFY_PEER);
    assert_int_equal(who_has_51(), 8);
    assert_int_equal(uart.read(uart.device, BOARD_COM1, 1), 'x');
    assert_int_equal(board->lock.held, 0);
}

static uint64_t noise(void)
{
    return (uint64_t)rand() << 33 ^ (uint64_t)rand() << 8 ^ (uint64_t)rand();
}

/* Any of them tells any other anything, and halts now and then: the board knows at each time who
 * could still go on, and says it when nobody can. */
static void random_signals(void **state)
{
    volatile unsigned ends = 0;
    srand(3);
    for (volatile unsigned n = 0; n < 50000; n++) {
        volatile bool ended = false;
        if (n % 100 == 0) {
            machine_teardown(state);
            machine_setup_smp(state);
            start_all();
        }
        if (!FAKE_RUN()) {
            struct vcpu *v = on(noise() % CPUS);
            if (v->waiting || v->halted)
                continue;
            if (noise() % 4 == 0)
                halt(v, noise() % 4 == 0);
            else
                wrmsr(v, 0x830, noise() & UINT64_C(0x0000000f000cefff));
        } else {
            ended = true;
        }
        unsigned awake = 0;
        for (unsigned i = 0; i < CPUS; i++)
            awake += !vcpu[i].stopped;
        for (unsigned i = 0; i < CPUS && !ended; i++)
            assert_true(!vcpu[i].stopped || vcpu[i].state->flags == L4_VCPU_HALTED);
        assert_int_equal(board->cpus.awake, awake);
        if (ended) {
            assert_true(fake_exit_kind == MZ_EXIT_HALTED ? awake == 0 : !vcpu[0].waiting);
            ends += fake_exit_kind == MZ_EXIT_HALTED;
            n += 99 - n % 100;
        }
    }
    assert_true(ends > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SMP(the_others_wait_for_their_start),
        TEST_SMP(only_the_first_start_counts),
        TEST_SMP(init_begins_anew),
        TEST_SMP(init_of_the_first_is_a_reboot),
        TEST_SMP(each_has_its_own_apic_page),
        TEST_SMP(all_have_the_same_clock),
        TEST_SMP(destinations),
        TEST_SMP(one_notification_for_many_messages),
        TEST_SMP(an_interrupt_wakes_who_sleeps),
        TEST_SMP(the_end_is_when_all_have_halted),
        TEST_SMP(who_waits_for_a_start_has_halted_too),
        TEST_SMP(who_was_halted_goes_on_with_an_nmi),
        TEST_SMP(who_has_interrupts_off_sleeps_well),
        TEST_SMP(a_start_restarts_who_was_halted),
        TEST_SMP(console_input_comes_where_the_guest_wants_it),
        TEST_SMP(random_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
