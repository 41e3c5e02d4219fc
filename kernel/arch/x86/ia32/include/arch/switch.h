/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch_switch(). */
#ifndef ARCH_SWITCH_H
#define ARCH_SWITCH_H

#include "arch/area.h"
#include "arch/layout.h"
#include "arch/memory.h"
#include "core/cpu.h"

/* Where the processor stores the registers of user code that it interrupts. */
static inline void switch_frame(struct cpu *cpu, word_t frame_top)
{
    cpu->arch.tss.esp0 = frame_top;
}

static inline struct utcb_slot *switch_slot(struct cpu *cpu)
{
    return (struct utcb_slot *)((char *)cpu + CPU_SLOT);
}

/* Whatever the last thread loaded: users find the UTCB pointer at gs:0, FS is flat.  DS and ES
 * have been the kernel's since it was entered. */
static inline void switch_segments(struct cpu *cpu)
{
    (void)cpu;
    asm volatile("mov %0, %%gs; mov %1, %%fs" : : "r"(SEL_UTCB), "r"(SEL_UDATA));
}

#endif
