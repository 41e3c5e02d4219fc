/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in 64-bit mode: of its segments the bases of FS and GS are its own. */
#include "arch/entry.h"
#include "arch/guest.h"
#include "arch/insn.h"
#include "arch/switch.h"
#include "core/cpu.h"

/* CF PF AF ZF SF TF DF OF NT RF AC ID; IF is always set. */
#define FLAGS_GUEST 0x254dd5
#define FLAGS_FIXED 0x202

void guest_reset(struct guest *g)
{
    g->user.flags = FLAGS_FIXED;
}

bool guest_user_load(struct guest_user *u, vcpu_state_t *s)
{
    u->ip = s->rip;
    u->sp = s->gpr[L4_RSP];
    u->flags = (s->rflags & FLAGS_GUEST) | FLAGS_FIXED;
    return base_valid(u->ip); /* IRET would fault, in the kernel */
}

void guest_user_store(const struct guest_user *u, vcpu_state_t *s)
{
    s->rip = u->ip;
    s->gpr[L4_RSP] = u->sp;
    s->rflags = u->flags;
}

void guest_user_trapped(struct guest *g, const struct arch_frame *f)
{
    g->user.ip = f->ip;
    g->user.sp = f->sp;
    g->user.flags = f->flags;
}

void guest_segments_set(struct guest *g, vcpu_state_t *s)
{
    u64 fs = s->seg[L4_SEG_FS].base, gs = s->seg[L4_SEG_GS].base;

    g->segments.local.fs_base = base_valid(fs) ? fs : 0;
    g->segments.gs_base = base_valid(gs) ? gs : 0;
}

void guest_segments_get(const struct guest *g, vcpu_state_t *s)
{
    s->seg[L4_SEG_FS].base = g->segments.local.fs_base;
    s->seg[L4_SEG_GS].base = g->segments.gs_base;
}

void guest_segments_load(struct cpu *cpu, struct guest *g)
{
    switch_segments(cpu); /* the last thread may have loaded GS */
    wrmsr(MSR_KERNEL_GS_BASE, g->segments.gs_base);
    if (unlikely(cpu->work & WORK_SEGMENTS || g->segments.local.fs_base))
        local_load(cpu, &g->segments.local);
    cpu->arch.ipc_return = ~(word_t)0 >> 1; /* no address: Ipc is no call of its own */
}

/* Selectors that a guest can load have the base 0. */
static void save(struct guest_segments *s)
{
    word_t fs;

    asm volatile("mov %%fs, %0" : "=r"(fs));
    if (s->local.fs_base && (u16)fs != SEL_UGS)
        s->local.fs_base = 0;
    if (!switch_gs_special())
        s->gs_base = 0;
}

void guest_segments_leave(struct cpu *cpu, struct guest *g)
{
    save(&g->segments);
    wrmsr(MSR_KERNEL_GS_BASE, switch_slot_user(cpu));
    cpu->arch.ipc_return = stub_ipc_return;
}
