/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions of a payload: a guarded instruction is skipped, any other ends the payload. */
#include "payload.h"

enum { VECTORS = 20, STRIDE = 16, GATE_INTERRUPT = 0x8e, CODE_SELECTOR = 8 };

struct gate {
    uint16_t offset_low, selector;
    uint8_t ist, type;
    uint16_t offset_mid;
    uint32_t offset_high, reserved;
};

struct trap {
    uint64_t r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

struct fixup {
    uint64_t from, to;
};

extern const char trap_vectors[];
extern const struct fixup fixups_start[], fixups_end[];

static struct gate idt[VECTORS];
volatile int trap_vector = -1;
volatile uint64_t trap_error, trap_address;

void traps_init(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) pointer = {sizeof idt - 1, (uintptr_t)idt};

    for (unsigned i = 0; i < VECTORS; i++) {
        uint64_t address = (uintptr_t)trap_vectors + i * STRIDE;
        idt[i] = (struct gate){(uint16_t)address,
                               CODE_SELECTOR,
                               0,
                               GATE_INTERRUPT,
                               (uint16_t)(address >> 16),
                               (uint32_t)(address >> 32),
                               0};
    }
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

void trap(struct trap *frame);
void trap(struct trap *frame)
{
    trap_vector = (int)frame->vector;
    trap_error = frame->error;
    __asm__ volatile("mov %%cr2, %0" : "=r"(*(uint64_t *)&trap_address));
    for (const struct fixup *f = fixups_start; f < fixups_end; f++)
        if (f->from == frame->rip) {
            frame->rip = f->to;
            return;
        }
    print("payload: exception %lu error 0x%lx at 0x%lx address 0x%lx\n", frame->vector,
          frame->error, frame->rip, trap_address);
    power_off();
}
