/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts how often an interrupt comes while the handler of an earlier one still has
 * interrupts off, which no processor does.  Each handler takes rounds=N rounds of a loop
 * before its first exit, times=N of them.
 */
#include "payload.h"

enum { VECTOR = 0x40, GATES = VECTOR + 1, SELECTOR = 8, GATE_INTERRUPT = 0x8e };
enum { EOI = 0xb0, SVR = 0xf0, LVT_TIMER = 0x320, INITIAL = 0x380, DIVIDE = 0x3e0 };
enum { SVR_ENABLE = 0x1ff, DIVIDE_BY_1 = 0xb, SOON = 10000 };

struct gate {
    uint16_t offset_low, selector;
    uint16_t type;
    uint16_t offset_mid;
    uint32_t offset_high, reserved;
};

struct frame;

static struct gate idt[GATES];
static volatile unsigned depth, handled, again;
static uint64_t rounds;

static void apic_write(unsigned reg, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)(0xfee00000 + reg) = value;
}

__attribute__((interrupt)) static void on_timer(struct frame *frame)
{
    (void)frame;
    if (depth++) {
        again++;
        depth--;
        return;
    }
    for (uint64_t i = 0; i < rounds; i++)
        __asm__ volatile("");
    handled++;
    apic_write(EOI, 0);
    depth--;
}

/* Exceptions stay what they are: their gates are copied. */
static void set_gate(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) pointer;
    uint64_t address = (uintptr_t)on_timer;

    traps_init();
    __asm__ volatile("sidt %0" : "=m"(pointer));
    const struct gate *old = (const struct gate *)pointer.base;
    for (unsigned i = 0; i < (pointer.limit + 1u) / sizeof *idt; i++)
        idt[i] = old[i];
    idt[VECTOR] = (struct gate){(uint16_t)address,         SELECTOR,
                                GATE_INTERRUPT << 8,       (uint16_t)(address >> 16),
                                (uint32_t)(address >> 32), 0};
    pointer.limit = sizeof idt - 1;
    pointer.base = (uintptr_t)idt;
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

void payload_main(void)
{
    uint64_t times = argument_number("times", 20);

    rounds = argument_number("rounds", 10000000);
    set_gate();
    apic_write(SVR, SVR_ENABLE);
    apic_write(DIVIDE, DIVIDE_BY_1);
    apic_write(LVT_TIMER, VECTOR);
    print("reenter: begins\n");
    while (handled < times) {
        unsigned before = handled;
        apic_write(INITIAL, SOON);
        while (handled == before)
            __asm__ volatile("sti; hlt; cli" : : : "memory");
    }
    print("reenter: %u handled, %u within another\n", handled, again);
}
