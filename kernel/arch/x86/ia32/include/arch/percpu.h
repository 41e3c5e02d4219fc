/* SPDX-License-Identifier: BSD-2-Clause */
/* What belongs to a processor: the architecture's part of struct cpu, and how to find that. */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include "arch/area.h"
#include "arch/frame.h"
#include "arch/tss.h"
#include "types.h"

#define GDT_ENTRIES 11

/* Its own table of interrupt gates, since those of NMI and machine check name its own stack. */
struct gate {
    u16 offset0, selector;
    u8 reserved, type;
    u16 offset1;
};

struct guest;
struct arch_local;

struct arch_cpu {
    u64 gdt[GDT_ENTRIES];
    struct tss tss;
    struct gate idt[256];
    u32 lapic_id;
    const struct arch_local *local; /* whose descriptors are in gdt                */
    struct guest *guest;            /* in user mode, loaded: see guest.c           */
    struct arch_frame guest_frame;  /* where its registers go                      */
};

#define IRQ_WORDS 8 /* interrupts that can be waiting, as bits */

struct cpu;

/* The kernel stack lies below the processor's struct cpu. */
static inline struct cpu *this_cpu(void)
{
    word_t sp;

    asm("movl %%esp, %0" : "=r"(sp));
    return (struct cpu *)(ALIGN_DOWN(sp, AREA_SIZE) + AREA_CPU);
}

/* The same, whatever stack is in use, from the descriptor table; NULL: too early. */
struct cpu *this_cpu_safe(void);

#endif
