/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/vmm/fake_host.c tests/unit/vmm/machine.c vmm/console.c vmm/lock.c vmm/board/aml.c vmm/board/acpi.c vmm/board/board.c vmm/board/bus.c vmm/board/cpus.c vmm/board/ram.c vmm/devices/apic_bus.c vmm/devices/ioapic.c vmm/devices/kvmclock.c vmm/devices/lapic.c vmm/devices/lapic_registers.c vmm/devices/lapic_timer.c vmm/devices/pci.c vmm/devices/reset.c vmm/devices/uart.c vmm/vcpu/access.c vmm/vcpu/alu.c vmm/vcpu/cpuid.c vmm/vcpu/decode.c vmm/vcpu/emulate.c vmm/vcpu/event.c vmm/vcpu/exits.c vmm/vcpu/io.c vmm/vcpu/length.c vmm/vcpu/msr.c vmm/vcpu/operand.c vmm/vcpu/report.c vmm/vcpu/reset.c vmm/vcpu/signal.c vmm/vcpu/spin.c vmm/vcpu/vcpu.c vmm/vcpu/walk.c vmm/board/wdat.c vmm/devices/watchdog.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* Ports, MSRs, interrupts, sleep of a whole vCPU on its board. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"
#include "vcpu/walk.h"

static void in(uint16_t port, unsigned size)
{
    st->qual[0] = L4_IO(port, size) | L4_IO_IN;
    st->qual[1] = CODE + 2;
    vcpu_handle(vcpu, L4_EXIT_IO);
}

static void out(uint16_t port, unsigned size, uint32_t value)
{
    st->qual[0] = L4_IO(port, size);
    st->qual[1] = CODE + 2;
    st->gpr[L4_RAX] = value;
    vcpu_handle(vcpu, L4_EXIT_IO);
}

static void unused_ports_read_ones(void **state)
{
    st->gpr[L4_RAX] = 0x1122334455667788;
    in(0x5e0, 1);
    assert_int_equal(st->gpr[L4_RAX], 0x11223344556677ff);
    in(0x5e0, 2);
    assert_int_equal(st->gpr[L4_RAX], 0x112233445566ffff);
    in(0xffff, 4);
    assert_int_equal(st->gpr[L4_RAX], 0xffffffff);
    out(0x5e0, 4, 1);
    assert_int_equal(st->rip, CODE + 2);
}

static void pci_shows_a_host_bridge_and_nothing_else(void **state)
{
    out(0xcf8, 4, 0x80000000);
    in(0xcfc, 4);
    assert_int_not_equal((uint32_t)st->gpr[L4_RAX], 0xffffffff);
    out(0xcf8, 4, 0x80000008);
    in(0xcfe, 2);
    assert_int_equal((uint16_t)st->gpr[L4_RAX], 0x0600);
    out(0xcf8, 4, 0x80000800);
    in(0xcfc, 4);
    assert_int_equal((uint32_t)st->gpr[L4_RAX], 0xffffffff);
    in(0xcff, 4); /* runs over the end of the register */
    assert_int_equal((uint32_t)st->gpr[L4_RAX], 0xffffffff);
}

static void ways_to_end(void **state)
{
    static const struct {
        uint16_t port;
        uint8_t value;
        enum mz_exit_cause kind;
    } ways[] = {{0xcf9, 0x06, MZ_EXIT_REBOOT},
                {0x64, 0xfe, MZ_EXIT_REBOOT},
                {0x600, 0x34, MZ_EXIT_POWEROFF}};
    for (volatile unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (!FAKE_RUN()) {
            out(ways[i].port, 1, ways[i].value);
            fail();
        }
        assert_int_equal(fake_exit_kind, ways[i].kind);
    }
    out(0x600, 1, 0x14); /* the type without the enable bit */
    out(0x64, 1, 0x60);
}

static void outs_writes_to_the_console(void **state)
{
    memcpy(board->ram.base + DATA, "hello", 5);
    memcpy(board->ram.base + CODE, "\xf3\x6e", 2); /* rep outsb */
    st->gpr[L4_RSI] = DATA;
    st->gpr[L4_RCX] = 5;
    st->gpr[L4_RDX] = 0x3f8;
    st->rip = CODE;
    st->qual[0] = L4_IO(0x3f8, 1) | L4_IO_STRING | L4_IO_REP;
    vcpu_handle(vcpu, L4_EXIT_IO);
    assert_int_equal(rings->out_head, 5);
    assert_memory_equal(rings->out, "hello", 5);
    assert_int_equal(st->rip, CODE + 2);
}

static void output_is_flushed_when_the_guest_sleeps(void **state)
{
    out(0x3f8, 1, 'x');
    assert_int_equal(fake_flushes, 0);
    st->rflags |= RFLAGS_IF;
    st->rip = CODE;
    board->ram.base[CODE] = 0xf4;
    vcpu_handle(vcpu, L4_EXIT_HLT);
    assert_int_equal(fake_flushes, 1);
    assert_true(vcpu->halted);
}

static void halted_for_good(void **state)
{
    st->rflags &= ~RFLAGS_IF;
    board->ram.base[CODE] = 0xf4;
    if (!FAKE_RUN()) {
        vcpu_handle(vcpu, L4_EXIT_HLT);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_HALTED);
}

static void wrmsr(uint32_t number, uint64_t value)
{
    memcpy(board->ram.base + CODE, "\x0f\x30", 2);
    st->rip = CODE;
    st->inject = 0;
    st->gpr[L4_RCX] = number;
    st->gpr[L4_RAX] = (uint32_t)value;
    st->gpr[L4_RDX] = value >> 32;
    st->qual[0] = 1;
    vcpu_handle(vcpu, L4_EXIT_MSR);
}

static uint64_t rdmsr(uint32_t number)
{
    memcpy(board->ram.base + CODE, "\x0f\x32", 2);
    st->rip = CODE;
    st->inject = 0;
    st->gpr[L4_RCX] = number;
    st->qual[0] = 0;
    vcpu_handle(vcpu, L4_EXIT_MSR);
    return st->gpr[L4_RDX] << 32 | (uint32_t)st->gpr[L4_RAX];
}

static bool faulted(uint8_t vector)
{
    return (st->inject & L4_VCPU_EV_VALID) && (st->inject & 0xff) == vector && st->rip == CODE;
}

static void msrs(void **state)
{
    assert_int_equal(rdmsr(0x2ff), 0xc06);
    rdmsr(0x12345);
    assert_true(faulted(VECTOR_GP));
    wrmsr(0x277, 0x0007010600070106);
    assert_int_equal(st->pat, 0x0007010600070106);
    assert_true(st->dirty & L4_VCPU_G_SYS);
    wrmsr(0x277, 0x02);
    assert_true(faulted(VECTOR_GP));
    wrmsr(0xc0000080, EFER_SCE);
    assert_int_equal(st->efer, EFER_SCE);
    assert_int_equal(st->rip, CODE + 2);
    wrmsr(0xc0000080, 0x1000 | EFER_SCE); /* SVME */
    assert_true(faulted(VECTOR_GP));
    assert_int_equal(st->efer, EFER_SCE);
    wrmsr(0xc0000082, UINT64_C(0x8000000000000000));
    assert_true(faulted(VECTOR_GP));
}

static void an_interrupt_waits_for_the_window(void **state)
{
    wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | 0x400);
    wrmsr(0x80f, 0x1ff);
    st->rflags &= ~RFLAGS_IF;
    wrmsr(0x83f, 0x51); /* self IPI */
    vcpu_events(vcpu);
    assert_int_equal(st->flags, L4_VCPU_IRQ_WINDOW);
    assert_int_equal(st->inject, 0);
    st->rflags |= RFLAGS_IF;
    vcpu_handle(vcpu, L4_EXIT_IRQ_WINDOW);
    vcpu_events(vcpu);
    assert_int_equal(st->inject, L4_VCPU_EV_VALID | 0x51);
    assert_int_equal(st->flags, 0);
    assert_false(vcpu->attention);
}

static void the_timer_wakes_a_halted_processor(void **state)
{
    wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | 0x400);
    wrmsr(0x80f, 0x1ff);
    wrmsr(0x832, 0x400ec);
    wrmsr(MSR_TSC_DEADLINE, 1); /* long ago */
    assert_true(st->deadline <= host_tsc());
    st->rflags |= RFLAGS_IF;
    st->rip = CODE;
    board->ram.base[CODE] = 0xf4;
    vcpu_handle(vcpu, L4_EXIT_HLT);
    vcpu_events(vcpu);
    assert_int_equal(st->flags, L4_VCPU_HALTED);
    vcpu_handle(vcpu, L4_EXIT_TIMER);
    vcpu_events(vcpu);
    assert_int_equal(st->inject, L4_VCPU_EV_VALID | 0xec);
    assert_int_equal(st->deadline, UINT64_MAX);
    assert_false(vcpu->halted);
}

static void a_notification_without_interrupt_goes_on_sleeping(void **state)
{
    st->rflags |= RFLAGS_IF;
    board->ram.base[CODE] = 0xf4;
    vcpu_handle(vcpu, L4_EXIT_HLT);
    st->flags = 0;
    st->notify = MZ_NOTIFY_INPUT | MZ_NOTIFY_POWER | MZ_NOTIFY_PEER;
    vcpu_handle(vcpu, L4_EXIT_NOTIFY);
    vcpu_events(vcpu);
    assert_int_equal(st->flags, L4_VCPU_HALTED);
}

/* What a guest's kernel does with the IO-APIC to listen to an edge at a pin. */
static void listen(unsigned pin, uint8_t vector)
{
    uint32_t high = 0x11 + 2 * pin, low = 0x10 + 2 * pin;
    mmio_bus_write(&board->mmio, gpa(IOAPIC_BASE), 4, high);
    mmio_bus_write(&board->mmio, gpa(IOAPIC_BASE + 0x10), 4, 0); /* to APIC 0 */
    mmio_bus_write(&board->mmio, gpa(IOAPIC_BASE), 4, low);
    mmio_bus_write(&board->mmio, gpa(IOAPIC_BASE + 0x10), 4, vector);
}

static void enable_apic(void)
{
    wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | 0x400);
    wrmsr(0x80f, 0x1ff);
}

static void press(void)
{
    st->notify = MZ_NOTIFY_POWER;
    vcpu_handle(vcpu, L4_EXIT_NOTIFY);
    vcpu_events(vcpu);
}

static void the_power_button_wakes_a_halted_guest(void **state)
{
    enable_apic();
    listen(5, 0x61);
    st->rflags |= RFLAGS_IF;
    st->rip = CODE;
    board->ram.base[CODE] = 0xf4;
    vcpu_handle(vcpu, L4_EXIT_HLT);
    press();
    assert_int_equal(st->inject, L4_VCPU_EV_VALID | 0x61);
    assert_false(vcpu->halted);
    wrmsr(0x80b, 0); /* end of interrupt */
    press();         /* each time is an edge */
    assert_int_equal(st->inject, L4_VCPU_EV_VALID | 0x61);
}

static void a_press_waits_for_a_guest_that_listens(void **state)
{
    enable_apic();
    st->rflags |= RFLAGS_IF;
    press();
    press();
    assert_int_equal(st->inject, 0);
    listen(5, 0x61);
    vcpu_events(vcpu);
    assert_int_equal(st->inject, L4_VCPU_EV_VALID | 0x61);
    wrmsr(0x80b, 0);
    vcpu_events(vcpu);
    assert_int_equal(st->inject, 0); /* once, however often it was pressed */
}

static void the_watchdog_bites(void **state)
{
    wrmsr(MSR_TSC_DEADLINE, 0);
    out(0x614, 4, 1); /* start */
    assert_true(board->console.changed);
    vcpu_set_deadline(vcpu);
    assert_int_equal(st->deadline, board->watchdog.due);
    out(0x614, 4, 0);
    vcpu_set_deadline(vcpu);
    assert_int_equal(st->deadline, UINT64_MAX);
    out(0x614, 4, 1);
    if (!FAKE_RUN()) {
        for (unsigned i = 0; i < 100; i++) {
            board->watchdog.due = host_tsc();
            vcpu_set_deadline(vcpu);
            vcpu_handle(vcpu, L4_EXIT_TIMER);
        }
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_WATCHDOG);
    assert_string_equal(fake_exit_text, "for 5000 ms");
}

static void prefixes_are_skipped(void **state)
{
    memcpy(board->ram.base + CODE, "\x66\x66\x0f\xa2", 4);
    st->rip = CODE;
    st->exit_len = 2; /* the kernel's guess */
    vcpu_handle(vcpu, L4_EXIT_CPUID);
    assert_int_equal(st->rip, CODE + 4);
    memset(board->ram.base + CODE, 0, 4); /* now it is known */
    st->rip = CODE;
    vcpu_handle(vcpu, L4_EXIT_CPUID);
    assert_int_equal(st->rip, CODE + 4);
}

static uint64_t noise(void)
{
    return (uint64_t)rand() << 33 ^ (uint64_t)rand() << 8 ^ (uint64_t)rand();
}

/* Any state that a guest could bring about, and any reason. */
static unsigned random_exit(void)
{
    for (unsigned i = 0; i < 16; i++) {
        st->gpr[i] = noise();
        board->ram.base[CODE + i] = (uint8_t)noise();
    }
    if (noise() % 2)
        st->gpr[L4_RCX] = 0x800 + noise() % 0x40;
    st->rip = noise() % 4 ? CODE : noise();
    st->qual[0] = noise() % 2 ? REGISTERS + noise() % 4096 : noise();
    st->qual[1] = noise();
    st->inject = 0;
    unsigned reason = (unsigned)(noise() % (L4_EXIT_COUNT + 2));
    if (reason == L4_EXIT_IO)
        st->qual[0] = L4_IO(noise() & 0xffff, 1u << noise() % 3) | (noise() % 2 ? L4_IO_IN : 0) |
                      (noise() % 8 ? 0 : L4_IO_STRING);
    if (reason == L4_EXIT_MSR)
        st->qual[0] = noise() % 2;
    return reason;
}

static void random_exits_hurt_only_the_guest(void **state)
{
    srand(2);
    for (volatile unsigned n = 0; n < 200000; n++) {
        if (n % 1000 == 0) {
            machine_teardown(state);
            machine_setup(state);
        }
        if (!FAKE_RUN()) {
            vcpu_handle(vcpu, random_exit());
            vcpu_events(vcpu);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unused_ports_read_ones),
        TEST(pci_shows_a_host_bridge_and_nothing_else),
        TEST(ways_to_end),
        TEST(outs_writes_to_the_console),
        TEST(output_is_flushed_when_the_guest_sleeps),
        TEST(halted_for_good),
        TEST(msrs),
        TEST(an_interrupt_waits_for_the_window),
        TEST(the_timer_wakes_a_halted_processor),
        TEST(a_notification_without_interrupt_goes_on_sleeping),
        TEST(the_power_button_wakes_a_halted_guest),
        TEST(a_press_waits_for_a_guest_that_listens),
        TEST(the_watchdog_bites),
        TEST(prefixes_are_skipped),
        TEST(random_exits_hurt_only_the_guest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
