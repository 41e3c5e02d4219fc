/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local descriptors, FS and GS. */
#include "arch/local.h"

#include "arch/layout.h"
#include "arch/switch.h"
#include "core/arch.h"
#include "core/cpu.h"

/* A descriptor's bits, as the Intel SDM has them (vol. 3, 3.4.5). */
#define SEG_ACCESSED (1ULL << 40)
#define SEG_CODE     (1ULL << 43)
#define SEG_MEMORY   (1ULL << 44)
#define SEG_DPL3     (3ULL << 45)
#define SEG_PRESENT  (1ULL << 47)
#define SEG_64       (1ULL << 53)
#define SEG_DATA3    (SEG_MEMORY | SEG_DPL3 | SEG_PRESENT)

bool local_valid(u64 *descriptor)
{
    u64 d = *descriptor;

    if (d == 0)
        return true;
    *descriptor |= SEG_ACCESSED;
    return (d & (SEG_DATA3 | SEG_CODE | SEG_64)) == SEG_DATA3;
}

u16 local_selector(const struct arch_local *l, u16 selector, u16 otherwise)
{
    unsigned n = selector / 8u - SEL_LOCAL / 8u;

    if (selector < 4 || selector == SEL_UDATA || selector == SEL_UTCB)
        return selector;
    if (selector % 8 == SEL_LOCAL % 8 && n < LOCAL_SEGMENTS && l->segment[n])
        return selector;
    return otherwise;
}

void local_load(struct cpu *cpu, const struct arch_local *l)
{
    static const struct arch_local none = {{0}, SEL_UDATA, SEL_UTCB};

    cpu->work = l ? cpu->work | WORK_SEGMENTS : cpu->work & ~(u32)WORK_SEGMENTS;
    cpu_set_gate(cpu);
    if (!l)
        l = &none;
    if (cpu->arch.local != l)
        for (unsigned i = 0; i < LOCAL_SEGMENTS; i++)
            cpu->arch.gdt[SEL_LOCAL / 8 + i] = l->segment[i];
    cpu->arch.local = l;
    asm volatile("mov %0, %%fs" : : "r"((word_t)local_selector(l, l->fs, SEL_UDATA)));
    asm volatile("mov %0, %%gs" : : "r"((word_t)local_selector(l, l->gs, SEL_UTCB)));
}

void local_save(struct arch_local *l)
{
    word_t fs, gs;

    asm volatile("mov %%fs, %0; mov %%gs, %1" : "=r"(fs), "=r"(gs));
    l->fs = (u16)fs;
    l->gs = (u16)gs;
}

/* A descriptor may be taken away that is in FS, GS, DS or ES: so these are loaded anew. */
bool arch_local_set(struct thread *cur, word_t index, word_t low, word_t high)
{
    u64 descriptor = (u64)high << 32 | low, all;
    struct arch_local *l = &cur->local;

    if (index >= LOCAL_SEGMENTS || !local_valid(&descriptor))
        return false;
    local_save(l);
    l->segment[index] = descriptor;
    all = l->segment[0] | l->segment[1] | l->segment[2];
    cur->flags = (u8)((cur->flags & ~TF_SEGMENTS) | (all ? TF_SEGMENTS : 0));
    this_cpu()->arch.local = NULL;
    this_cpu()->loaded = NULL;
    return true;
}

void arch_local_unload(struct thread *t)
{
    struct cpu *cpu = this_cpu();

    if (cpu->loaded == t && t->flags & TF_SEGMENTS)
        local_save(&t->local);
    if (cpu->loaded == t)
        cpu->loaded = NULL;
    if (cpu->arch.local == &t->local)
        cpu->arch.local = NULL;
}
