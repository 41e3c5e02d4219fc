/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor that runs is the one that the test says (fake_enter_cpu()). */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include "arch/tss.h"
#include "types.h"

struct arch_cpu {
    struct tss tss;
};

#define IRQ_WORDS 2

struct cpu;

extern struct cpu *fake_this_cpu;

static inline struct cpu *this_cpu(void)
{
    return fake_this_cpu;
}

#endif
