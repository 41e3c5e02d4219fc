/* SPDX-License-Identifier: BSD-2-Clause */
/* The SYSCALL instruction: its MSRs, and what entry.S finds wrong. */
#include "api/api.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "core/cpu.h"

/* Flags that SYSCALL clears: TF IF DF IOPL NT AC, and the arithmetic ones. */
#define SYSCALL_FLAGS 0x47fd5

/* Called by entry.S like trap_user(). */
void trap_bad_ip(struct thread *cur);
void syscall_bad(struct thread *cur);

INIT void syscall_init(struct cpu *cpu)
{
    cpu->arch.ipc_return = stub_ipc_return;
    wrmsr(MSR_GS_BASE, (u64)cpu);
    wrmsr(MSR_KERNEL_GS_BASE, USER_UTCB_PTR + cpu->number * PAGE_SIZE);
    wrmsr(MSR_FS_BASE, 0);
    wrmsr(MSR_STAR, (u64)(SEL_UCODE32 & ~3) << 48 | 3UL << 48 | (u64)SEL_KCODE << 32);
    wrmsr(MSR_LSTAR, (u64)entry_syscall);
    wrmsr(MSR_CSTAR, 0);
    wrmsr(MSR_SFMASK, SYSCALL_FLAGS);
    wrmsr(MSR_SYSENTER_CS, 0);
}

/* Each processor's slot has the factor: clock.c. */
INIT void syscall_set_clock(u64 factor)
{
}

/* Give t the exception v as if its current instruction had raised it. */
static void raise(struct thread *t, unsigned v)
{
    t->frame.vector = v;
    t->frame.error = 0;
    api_exception(t);
}

/* A thread was about to resume at an address that is none. */
void trap_bad_ip(struct thread *cur)
{
    raise(cur, VEC_GP);
}

void syscall_bad(struct thread *cur)
{
    cur->frame.ip -= 2; /* back to the SYSCALL */
    raise(cur, VEC_UD);
}
