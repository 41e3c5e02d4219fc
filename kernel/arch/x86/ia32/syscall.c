/* SPDX-License-Identifier: BSD-2-Clause */
/* The SYSENTER instruction's MSRs; and who comes where users cannot come from. */
#include "api/api.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "core/cpu.h"

extern u64 stub_clock_factor; /* stubs.S */

/* Called by entry.S like trap_user(). */
void trap_v86(struct thread *cur, word_t vector);

INIT void syscall_init(struct cpu *cpu)
{
    wrmsr(MSR_SYSENTER_CS, SEL_KCODE); /* the other selectors follow by their numbers */
    wrmsr(MSR_SYSENTER_ESP, (word_t)cpu);
    wrmsr(MSR_SYSENTER_EIP, (word_t)entry_syscall);
}

INIT void syscall_set_clock(u64 factor)
{
    stub_clock_factor = factor;
}

/* Its registers are lost; the handler may give it new ones. */
void trap_v86(struct thread *cur, word_t vector)
{
    if ((vector >= VEC_PIC && vector < VEC_IRQ_END) || vector >= VEC_TIMER)
        irq_handle((unsigned)vector);
    arch_frame_init(&cur->frame);
    cur->frame.vector = VEC_GP;
    api_exception(cur);
}
