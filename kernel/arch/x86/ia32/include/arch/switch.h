/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch_switch(). */
#ifndef ARCH_SWITCH_H
#define ARCH_SWITCH_H

#include "arch/layout.h"
#include "arch/memory.h"
#include "arch/tss.h"

/* Where the processor stores the registers of user code that it interrupts. */
static inline void switch_frame(word_t frame_top)
{
    this_tss()->esp0 = frame_top;
}

/* Whatever the last thread loaded into GS: users find the UTCB pointer at gs:0.  What it loaded
 * into other segment registers is found out when it does harm (segment.c). */
static inline void switch_gs(unsigned cpu)
{
    (void)cpu;
    asm volatile("mov %0, %%gs" : : "r"(SEL_UTCB));
}

#endif
