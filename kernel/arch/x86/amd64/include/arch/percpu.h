/* SPDX-License-Identifier: BSD-2-Clause */
/* What belongs to a processor: the architecture's part of struct cpu, and how to find that. */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include "arch/frame.h"
#include "arch/tss.h"
#include "types.h"

#define GDT_ENTRIES 9

struct guest;

struct arch_cpu {
    u64 gdt[GDT_ENTRIES + 1];
    word_t
        ipc_return; /* the address behind the SYSCALL of Ipc; no address while a guest is loaded */
    word_t fs_base; /* while FS holds SEL_UGS */
    struct tss tss;
    u32 lapic_id;
    struct guest *guest;           /* in user mode, loaded: see guest.c */
    struct arch_frame guest_frame; /* where its registers go */
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
