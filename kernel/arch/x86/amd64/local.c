/* SPDX-License-Identifier: BSD-2-Clause */
/* FS's base. */
#include "arch/local.h"

#include "arch/insn.h"
#include "arch/switch.h"
#include "core/arch.h"

/* Into a register that users can load: what they load then is not what the kernel thinks. */
static void load_special(struct cpu *cpu)
{
    cpu->arch.gdt[SEL_UGS / 8] |= SEG_PRESENT_BIT;
    asm volatile("mov %0, %%fs" : : "r"(SEL_UGS) : "memory");
    cpu->arch.gdt[SEL_UGS / 8] &= ~SEG_PRESENT_BIT;
}

void local_load(struct cpu *cpu, const struct arch_local *l)
{
    word_t base = l ? l->fs_base : 0, fs;

    if (!base) {
        asm volatile("mov %0, %%fs" : : "r"(SEL_UDATA)); /* whose base is 0 */
        cpu->work &= ~(u32)WORK_SEGMENTS;
    } else {
        cpu->work |= WORK_SEGMENTS;
        asm volatile("mov %%fs, %0" : "=r"(fs));
        if ((u16)fs != SEL_UGS)
            load_special(cpu);
        else if (cpu->arch.fs_base == base)
            return;
        wrmsr(MSR_FS_BASE, base);
        cpu->arch.fs_base = base;
    }
    cpu_set_gate(cpu);
}

bool arch_local_set(struct thread *cur, word_t index, word_t low, word_t high)
{
    if (index != 0 || !base_valid(low) || high != 0)
        return false;
    cur->local.fs_base = low;
    cur->flags = (u8)((cur->flags & ~TF_SEGMENTS) | (low ? TF_SEGMENTS : 0));
    this_cpu()->loaded = NULL;
    return true;
}

void arch_local_unload(struct thread *t)
{
    if (this_cpu()->loaded == t)
        this_cpu()->loaded = NULL;
}
