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

/* A test of what uses these has its own. */
struct cpuid cpuid(u32 leaf, u32 subleaf);
u64 rdtsc(void);
u32 inl(u16 port);
u8 inb(u16 port);
void outb(u16 port, u8 value);

#endif
