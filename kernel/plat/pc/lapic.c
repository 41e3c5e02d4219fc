/* SPDX-License-Identifier: BSD-2-Clause */
/* The local APIC: by memory (xAPIC) or, where the processor can, by MSRs (x2APIC). */
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/insn.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "core/cpu.h"
#include "plat/apic.h"

enum lapic_register {
    REG_ID = 0x20,
    REG_TPR = 0x80,
    REG_EOI = 0xb0,
    REG_SPURIOUS = 0xf0,
    REG_ICR = 0x300,
    REG_ICR_HIGH = 0x310,
    REG_LVT_TIMER = 0x320,
    REG_LVT_LINT0 = 0x350,
    REG_LVT_LINT1 = 0x360,
    REG_LVT_ERROR = 0x370,
    REG_TIMER_INITIAL = 0x380,
    REG_TIMER_CURRENT = 0x390,
    REG_TIMER_DIVIDE = 0x3e0
};

#define SPURIOUS_ENABLE (1u << 8)
#define LVT_MASKED      (1u << 16)
#define LVT_NMI         (4u << 8)
#define TIMER_DEADLINE  (2u << 17)
#define DIVIDE_BY_1     0xb
#define ICR_OTHERS      (3u << 18)
#define ICR_NMI         (4u << 8)
#define ICR_INIT        (5u << 8 | ICR_ASSERT)
#define ICR_STARTUP     (6u << 8 | ICR_ASSERT)
#define ICR_ASSERT      (1u << 14)
#define ICR_PENDING     (1u << 12)

static bool x2apic;
static volatile u32 *registers;

static u32 lapic_read(enum lapic_register r)
{
    return x2apic ? (u32)rdmsr(MSR_X2APIC + r / 16) : registers[r / sizeof(u32)];
}

static void lapic_write(enum lapic_register r, u32 v)
{
    if (x2apic)
        wrmsr(MSR_X2APIC + r / 16, v);
    else
        registers[r / sizeof(u32)] = v;
}

INIT void lapic_start(void)
{
    u64 base = rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE;

    wrmsr(MSR_APIC_BASE, base);
    if (x2apic)
        wrmsr(MSR_APIC_BASE, base | APIC_BASE_X2APIC);
    lapic_write(REG_TPR, 0);
    lapic_write(REG_LVT_TIMER, LVT_MASKED);
    lapic_write(REG_LVT_LINT0, LVT_MASKED);
    lapic_write(REG_LVT_LINT1, LVT_NMI);
    lapic_write(REG_LVT_ERROR, LVT_MASKED | VEC_ERROR);
    lapic_write(REG_TIMER_DIVIDE, DIVIDE_BY_1);
    lapic_write(REG_SPURIOUS, SPURIOUS_ENABLE | VEC_SPURIOUS);
    this_cpu()->arch.lapic_id = lapic_id();
}

INIT void lapic_init(u64 address)
{
    x2apic = cpu_features.x2apic;
    if (!x2apic)
        registers = map_device(address);
    lapic_start();
}

u32 lapic_id(void)
{
    u32 id = lapic_read(REG_ID);

    return x2apic ? id : id >> 24;
}

void lapic_eoi(void)
{
    lapic_write(REG_EOI, 0);
}

/* The interrupt command register; with memory, once the last command has gone out. */
static void command(u32 id, u32 low)
{
    if (x2apic) {
        /* Unlike memory, the MSR does not wait for the stores before it. */
        asm volatile("mfence" : : : "memory");
        wrmsr(MSR_X2APIC + REG_ICR / 16, (u64)id << 32 | low);
        return;
    }
    while (lapic_read(REG_ICR) & ICR_PENDING)
        cpu_relax();
    registers[REG_ICR_HIGH / sizeof(u32)] = id << 24;
    registers[REG_ICR / sizeof(u32)] = low;
}

void lapic_send(u32 id, u8 vector)
{
    command(id, vector);
}

void lapic_send_init(u32 id)
{
    command(id, ICR_INIT);
}

void lapic_send_startup(u32 id, u32 address)
{
    command(id, ICR_STARTUP | address >> PAGE_SHIFT);
}

void lapic_send_nmi_to_others(void)
{
    command(0, ICR_OTHERS | ICR_NMI);
}

void lapic_timer_deadline_mode(u8 vector)
{
    lapic_write(REG_LVT_TIMER, TIMER_DEADLINE | vector);
    /* The mode must be in effect before the first deadline is written. */
    asm volatile("mfence" : : : "memory");
}

void lapic_timer_one_shot_mode(u8 vector)
{
    lapic_write(REG_LVT_TIMER, vector);
}

void lapic_timer_start(u32 ticks)
{
    lapic_write(REG_TIMER_INITIAL, ticks);
}

u32 lapic_timer_left(void)
{
    return lapic_read(REG_TIMER_CURRENT);
}
