/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in 64-bit mode: of its segments the bases of FS and GS are its own. */
#include "arch/desc.h"
#include "arch/entry.h"
#include "arch/guest.h"
#include "arch/insn.h"
#include "arch/switch.h"
#include "core/cpu.h"

unsigned guest_error_shift;

INIT void user_init(void)
{
    guest_error_shift = desc_error_shift();
}

void guest_reset(struct guest *g)
{
    g->user.flags = GUEST_FLAGS_FIXED;
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
    cpu->arch.ipc_return = GUEST_IPC_RETURN;
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
