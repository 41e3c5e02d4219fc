/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch of CR0.TS; the rest is in core/fpu.h. */
#ifndef ARCH_LAZY_FPU_H
#define ARCH_LAZY_FPU_H

#include "arch/insn.h"
#include "core/cpu.h"

static inline void fpu_switch(struct cpu *cpu, bool enable)
{
    bool enabled = cpu->work & WORK_FPU;

    if (enable == enabled)
        return;
    cpu->work ^= WORK_FPU;
    cpu_set_gate(cpu);
    if (enable)
        clts();
    else
        write_cr0(read_cr0() | CR0_TS);
}

#endif
