/* SPDX-License-Identifier: BSD-2-Clause */
/* What belongs to a processor: the architecture's part of struct cpu, and how to find that. */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include "arch/tss.h"
#include "types.h"

#define GDT_ENTRIES 9

struct arch_cpu {
    u64 gdt[GDT_ENTRIES + 1];
    struct tss tss;
    u32 lapic_id;
};

#define IRQ_WORDS 4 /* interrupts that can be waiting, as bits */

struct cpu;

/* The kernel's GS base points to the processor's struct cpu, whose third word says where that is. */
static inline struct cpu *this_cpu(void)
{
    struct cpu *cpu;

    asm("movq %%gs:0x10, %0" : "=r"(cpu));
    return cpu;
}

/* The same, whatever is in GS, from the descriptor table in use; NULL: too early. */
struct cpu *this_cpu_safe(void);

#endif
