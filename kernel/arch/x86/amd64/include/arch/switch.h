/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the width decides of arch_switch().
 *
 * Users find the UTCB pointer at gs:0.  Loading a selector into GS would change its
 * base, and it takes a slow instruction to see or to set that; so users have a selector in GS
 * that only the kernel can load, since its descriptor is marked as not present: while that
 * is in GS, its base is what the kernel has made it.
 */
#ifndef ARCH_SWITCH_H
#define ARCH_SWITCH_H

#include "arch/area.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "core/cpu.h"

#define SEG_PRESENT_BIT (1UL << 47)

/* Where the processor stores the registers of user code that it interrupts. */
static inline void switch_frame(struct cpu *cpu, word_t frame_top)
{
    cpu->arch.tss.rsp[0] = frame_top;
}

static inline struct utcb_slot *switch_slot(struct cpu *cpu)
{
    return (struct utcb_slot *)((char *)cpu + CPU_SLOT);
}

/* Where GS points to while users run. */
static inline word_t switch_slot_user(const struct cpu *cpu)
{
    const word_t upper = ~(word_t)0 << 32; /* the same for all, as the compiler shall know */

    return (USER_UTCB_PTR & upper) | (u32)(USER_UTCB_PTR + cpu->number * PAGE_SIZE);
}

static inline bool switch_gs_special(void)
{
    word_t gs;

    asm volatile("mov %%gs, %0" : "=r"(gs));
    return (u16)gs == SEL_UGS;
}

/* Whatever the last thread has loaded into GS: the kernel's base is in use meanwhile. */
static inline void switch_segments(struct cpu *cpu)
{
    if (likely(switch_gs_special()))
        return;
    cpu->arch.gdt[SEL_UGS / 8] |= SEG_PRESENT_BIT;
    asm volatile("mov %0, %%gs" : : "r"(SEL_UGS) : "memory");
    wrmsr(MSR_GS_BASE, (u64)cpu);
    cpu->arch.gdt[SEL_UGS / 8] &= ~SEG_PRESENT_BIT;
    wrmsr(MSR_KERNEL_GS_BASE, switch_slot_user(cpu));
}

#endif
