/* SPDX-License-Identifier: BSD-2-Clause */
/* The SYSENTER instruction's MSRs. */
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "arch/tss.h"

extern u64 stub_clock_factor; /* stubs.S */

INIT void syscall_init(void)
{
    wrmsr(MSR_SYSENTER_CS, SEL_KCODE); /* the other selectors follow by their numbers */
    wrmsr(MSR_SYSENTER_ESP, (word_t)&this_tss()->esp0);
    wrmsr(MSR_SYSENTER_EIP, (word_t)entry_syscall);
}

INIT void syscall_set_clock(u64 factor)
{
    stub_clock_factor = factor;
}
