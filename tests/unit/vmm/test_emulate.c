/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/vmm/fake_host.c tests/unit/vmm/machine.c vmm/console.c vmm/lock.c vmm/board/aml.c vmm/board/acpi.c vmm/board/board.c vmm/board/bus.c vmm/board/cpus.c vmm/board/ram.c vmm/devices/apic_bus.c vmm/devices/ioapic.c vmm/devices/kvmclock.c vmm/devices/lapic.c vmm/devices/lapic_registers.c vmm/devices/lapic_timer.c vmm/devices/pci.c vmm/devices/reset.c vmm/devices/uart.c vmm/vcpu/access.c vmm/vcpu/alu.c vmm/vcpu/cpuid.c vmm/vcpu/decode.c vmm/vcpu/emulate.c vmm/vcpu/event.c vmm/vcpu/exits.c vmm/vcpu/io.c vmm/vcpu/length.c vmm/vcpu/msr.c vmm/vcpu/operand.c vmm/vcpu/report.c vmm/vcpu/reset.c vmm/vcpu/signal.c vmm/vcpu/spin.c vmm/vcpu/vcpu.c vmm/vcpu/walk.c vmm/board/wdat.c vmm/devices/watchdog.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* Nested page faults: RAM that is yet to be mapped, instructions on device registers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"

/* Put code where the guest is, and let it touch this address. */
static void touch(uint64_t address, const void *code, unsigned size)
{
    memcpy(board->ram.base + CODE, code, size);
    st->rip = CODE;
    st->qual[0] = address;
    st->qual[1] = L4_NPF_FINAL;
    vcpu_handle(vcpu, L4_EXIT_NPF);
}

#define TOUCH(address, ...)                                                                        \
    touch(address, (uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))

static void loads_and_stores_reach_the_device(void **state)
{
    st->gpr[L4_RBX] = REGISTERS + 0x10;
    st->gpr[L4_RAX] = 0xdeadbeef;
    TOUCH(REGISTERS + 0x14, 0x89, 0x43, 0x04); /* mov %eax, 4(%rbx) */
    assert_int_equal(reg_value, 0xdeadbeef);
    assert_int_equal(reg_last_offset, 0x14);
    assert_int_equal(reg_last_size, 4);
    assert_int_equal(st->rip, CODE + 3);

    reg_value = 0x8899;
    st->gpr[L4_RCX] = UINT64_MAX;
    TOUCH(REGISTERS + 0x10, 0x66, 0x8b, 0x0b); /* mov (%rbx), %cx */
    assert_int_equal(st->gpr[L4_RCX], 0xffffffffffff8899);
    TOUCH(REGISTERS + 0x10, 0x0f, 0xb7, 0x0b); /* movzwl (%rbx), %ecx */
    assert_int_equal(st->gpr[L4_RCX], 0x8899);
    TOUCH(REGISTERS + 0x10, 0x0f, 0xbf, 0x0b); /* movswl (%rbx), %ecx */
    assert_int_equal(st->gpr[L4_RCX], 0xffff8899);
    TOUCH(REGISTERS + 0x10, 0x8a, 0x2b); /* mov (%rbx), %ch */
    assert_int_equal(st->gpr[L4_RCX], 0xffff9999);
    TOUCH(REGISTERS + 0x10, 0xc7, 0x03, 0x01, 0x02, 0x03, 0x04); /* movl $0x4030201, (%rbx) */
    assert_int_equal(reg_value, 0x04030201);
}

static void read_modify_write(void **state)
{
    st->gpr[L4_RBX] = REGISTERS;
    reg_value = 0xf0;
    TOUCH(REGISTERS, 0xf0, 0x83, 0x0b, 0x0f); /* lock orl $0xf, (%rbx) */
    assert_int_equal(reg_value, 0xff);
    assert_int_equal(reg_reads, 1);
    assert_int_equal(reg_writes, 1);
    TOUCH(REGISTERS, 0x81, 0x3b, 0xff, 0x00, 0x00, 0x00); /* cmpl $0xff, (%rbx) */
    assert_int_equal(reg_writes, 1);
    assert_true(st->rflags & RFLAGS_ZF);
    TOUCH(REGISTERS, 0xf6, 0x03, 0x80); /* testb $0x80, (%rbx) */
    assert_true(st->rflags & RFLAGS_SF);
    st->gpr[L4_RDX] = 5;
    TOUCH(REGISTERS, 0x87, 0x13); /* xchg %edx, (%rbx) */
    assert_int_equal(st->gpr[L4_RDX], 0xff);
    assert_int_equal(reg_value, 5);
    st->gpr[L4_RAX] = 5;
    st->gpr[L4_RCX] = 77;
    TOUCH(REGISTERS, 0xf0, 0x0f, 0xb1, 0x0b); /* lock cmpxchg %ecx, (%rbx) */
    assert_int_equal(reg_value, 77);
    assert_true(st->rflags & RFLAGS_ZF);
    TOUCH(REGISTERS, 0xff, 0x0b); /* decl (%rbx) */
    assert_int_equal(reg_value, 76);
}

static void bit_operations_reach_beyond_the_operand(void **state)
{
    st->gpr[L4_RBX] = REGISTERS + 0x20;
    st->gpr[L4_RCX] = 32 + 3;
    TOUCH(REGISTERS + 0x24, 0x0f, 0xab, 0x0b); /* bts %ecx, (%rbx) */
    assert_int_equal(reg_last_offset, 0x24);
    assert_int_equal(reg_value, 8);
    st->gpr[L4_RCX] = (uint32_t)-1;
    TOUCH(REGISTERS + 0x1c, 0x0f, 0xa3, 0x0b); /* bt %ecx, (%rbx) */
    assert_int_equal(reg_last_offset, 0x1c);
}

static void strings_move_between_device_and_memory(void **state)
{
    reg_value = 0x11223344;
    st->gpr[L4_RSI] = REGISTERS;
    st->gpr[L4_RDI] = DATA;
    st->gpr[L4_RCX] = 3;
    TOUCH(REGISTERS, 0xf3, 0xa5); /* rep movsl */
    assert_int_equal(st->gpr[L4_RCX], 0);
    assert_int_equal(st->gpr[L4_RDI], DATA + 12);
    assert_int_equal(st->rip, CODE + 2);
    assert_memory_equal(board->ram.base + DATA + 8, "\x44\x33\x22\x11", 4);

    st->gpr[L4_RDI] = REGISTERS;
    st->gpr[L4_RCX] = 1500; /* more than one batch: interrupts get a chance */
    st->gpr[L4_RAX] = 7;
    st->rflags |= RFLAGS_DF;
    TOUCH(REGISTERS, 0xf3, 0xaa); /* rep stosb */
    assert_int_equal(st->rip, CODE);
    assert_in_range(st->gpr[L4_RCX], 1, 1499);
    vcpu_handle(vcpu, L4_EXIT_NPF);
    assert_int_equal(st->gpr[L4_RCX], 0);
    assert_int_equal((uint32_t)st->gpr[L4_RDI], (uint32_t)(REGISTERS - 1500));
}

static void an_unknown_instruction_ends_the_vm(void **state)
{
    if (!FAKE_RUN()) {
        TOUCH(REGISTERS, 0x0f, 0x28, 0x03); /* movaps (%rbx), %xmm0 */
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_BAD_INSN);
    assert_non_null(strstr(fake_exit_text, "0f2803"));
    assert_non_null(strstr(fake_exit_text, "at rip 0x8000"));
}

static void an_access_beyond_ram_ends_the_vm(void **state)
{
    if (!FAKE_RUN()) {
        TOUCH(RAM_SIZE + 0x1000, 0x8b, 0x0b);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_BAD_ACCESS);
    if (!FAKE_RUN()) { /* the instruction's own operand, while another one faulted */
        st->gpr[L4_RSI] = REGISTERS;
        st->gpr[L4_RDI] = RAM_SIZE;
        TOUCH(REGISTERS, 0xa4);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_BAD_ACCESS);
}

static void unclaimed_registers_read_ones(void **state)
{
    st->gpr[L4_RBX] = UINT64_C(0xd0000000);
    TOUCH(0xd0000000, 0x8b, 0x0b);
    assert_int_equal(st->gpr[L4_RCX], 0xffffffff);
    TOUCH(0xd0000000, 0x89, 0x0b);
    assert_int_equal(st->rip, CODE + 2);
}

static void a_code_fetch_from_the_hole_ends_the_vm(void **state)
{
    if (!FAKE_RUN()) {
        st->rip = st->qual[0] = REGISTERS;
        st->qual[1] = L4_NPF_FINAL | L4_NPF_FETCH;
        vcpu_handle(vcpu, L4_EXIT_NPF);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_BAD_ACCESS);
}

static void a_ram_fault_maps_the_chunk(void **state)
{
    st->qual[0] = MIB(2) + 0x3000;
    fake_maps = 0;
    vcpu_handle(vcpu, L4_EXIT_NPF);
    assert_int_equal(fake_maps, 1);
    if (!FAKE_RUN()) { /* one that never goes away is noticed */
        for (unsigned i = 0; i < 100; i++)
            vcpu_handle(vcpu, L4_EXIT_NPF);
        fail();
    }
    assert_int_equal(fake_exit_kind, MZ_EXIT_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_and_stores_reach_the_device),
        TEST(read_modify_write),
        TEST(bit_operations_reach_beyond_the_operand),
        TEST(strings_move_between_device_and_memory),
        TEST(an_unknown_instruction_ends_the_vm),
        TEST(an_access_beyond_ram_ends_the_vm),
        TEST(unclaimed_registers_read_ones),
        TEST(a_code_fetch_from_the_hole_ends_the_vm),
        TEST(a_ram_fault_maps_the_chunk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
