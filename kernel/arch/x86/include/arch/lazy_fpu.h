/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch of CR0.TS; the rest is in core/fpu.h. */
#ifndef ARCH_LAZY_FPU_H
#define ARCH_LAZY_FPU_H

#include "arch/insn.h"
#include "types.h"

extern bool fpu_enabled; /* CR0.TS is clear */

static inline void fpu_switch(bool enable)
{
    if (enable == fpu_enabled)
        return;
    fpu_enabled = enable;
    if (enable)
        clts();
    else
        write_cr0(read_cr0() | CR0_TS);
}

#endif
