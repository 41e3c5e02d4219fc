/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch_switch(). */
#ifndef ARCH_SWITCH_H
#define ARCH_SWITCH_H

#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "arch/tss.h"

/* Where the processor stores the registers of user code that it interrupts. */
static inline void switch_frame(word_t frame_top)
{
    this_tss()->rsp[0] = frame_top;
}

/* Whatever the last thread loaded into GS: users find the UTCB pointer at gs:0. */
static inline void switch_segments(unsigned cpu)
{
    wrmsr(MSR_KERNEL_GS_BASE, USER_UTCB_PTR + cpu * sizeof(struct utcb_slot));
}

#endif
