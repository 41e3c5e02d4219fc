/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways to reset a PC, one behind the other. */
#include "arch/insn.h"
#include "core/arch.h"
#include "debug/kdb.h"

#define RESET_CONTROL  0xcf9
#define RESET_FULL     0x06
#define KEYBOARD       0x64
#define KEYBOARD_RESET 0xfe

void arch_reset(void)
{
    static const struct {
        u16 limit;
        word_t base;
    } __attribute__((packed)) no_vectors = {0, 0};

    outb(RESET_CONTROL, RESET_FULL & ~0x04);
    outb(RESET_CONTROL, RESET_FULL);
    outb(KEYBOARD, KEYBOARD_RESET);
    asm volatile("lidt %0; int3" : : "m"(no_vectors)); /* a triple fault */
    for (;;)
        arch_pause();
}
