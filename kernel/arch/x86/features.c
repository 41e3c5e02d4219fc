/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/features.h"

#include "arch/insn.h"
#include "arch/msr.h"

/* Page attributes by PAT index: WB WT UC- UC WC WT UC- WP (MemoryControl relies on it). */
#define PAT_VALUE 0x0507040100070406ULL
/* Entries 0-3 as after reset; 4 write combining, 5 WT, 6 UC-, 7 write protected. */
_Static_assert((PAT_VALUE & 0xff) == 6 && (PAT_VALUE >> 32 & 0xff) == 1, "PAT");

#define BIT(word, n) ((word) >> (n)&1)

struct cpu_features cpu_features;
static word_t cr4_bits;

INIT void features_start(void)
{
    if (cpu_features.pat)
        wrmsr(MSR_PAT, PAT_VALUE);
    write_cr4(read_cr4() | cr4_bits);
}

INIT void features_init(void)
{
    struct cpuid basic = cpuid(1, 0), extended = cpuid_if(7, 0);

    cpu_features.x2apic = BIT(basic.c, 21);
    cpu_features.tsc_deadline = BIT(basic.c, 24);
    cpu_features.hypervisor = BIT(basic.c, 31);
    cpu_features.xsave = BIT(basic.c, 26);
    cpu_features.xsaveopt = cpu_features.xsave && BIT(cpuid_if(0xd, 1).a, 0);
    cpu_features.smap = BIT(extended.b, 20);
    cpu_features.pat = BIT(basic.d, 16);
    cr4_bits = (BIT(basic.d, 13) ? CR4_PGE : 0) | (BIT(basic.d, 7) ? CR4_MCE : 0) |
               (BIT(extended.b, 7) ? CR4_SMEP : 0) | (cpu_features.smap ? CR4_SMAP : 0) |
               (BIT(extended.c, 2) ? CR4_UMIP : 0);
    features_start();
}
