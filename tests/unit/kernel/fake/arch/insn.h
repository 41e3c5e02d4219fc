/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARCH_INSN_H
#define ARCH_INSN_H

#include "fake.h"
#include "types.h"

struct cpuid {
    u32 a, b, c, d;
};

static inline struct cpuid cpuid_if(u32 leaf, u32 subleaf)
{
    (void)leaf;
    (void)subleaf;
    return (struct cpuid){0, 0, 0, fake_cpuid_d};
}

void invlpg(word_t va);

#endif
