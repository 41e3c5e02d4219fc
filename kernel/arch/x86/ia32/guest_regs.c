/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in 32-bit mode: CS and SS are flat, the other segments as it loads them. */
#include "arch/entry.h"
#include "arch/guest.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "core/cpu.h"

INIT void user_init(void)
{
}

static bool plain(const struct guest *g)
{
    const struct arch_local *l = &g->segments.local;

    for (unsigned i = 0; i < LOCAL_SEGMENTS; i++)
        if (l->segment[i])
            return false;
    return l->fs == SEL_UDATA && l->gs == SEL_UTCB && g->user.ds == SEL_UDATA &&
           g->user.es == SEL_UDATA;
}

void guest_reset(struct guest *g)
{
    g->user.flags = GUEST_FLAGS_FIXED;
    g->user.ds = g->user.es = SEL_UDATA;
    g->segments.local.fs = SEL_UDATA;
    g->segments.local.gs = SEL_UTCB;
    g->segments.plain = true;
}

void guest_segments_set(struct guest *g, vcpu_state_t *s)
{
    struct arch_local *l = &g->segments.local;

    for (unsigned i = 0; i < LOCAL_SEGMENTS; i++) {
        u64 descriptor = s->seg[L4_SEG_LOCAL(i)].base;

        l->segment[i] = local_valid(&descriptor) ? descriptor : 0;
    }
    g->user.ds = local_selector(l, s->seg[L4_SEG_DS].selector, SEL_UDATA);
    g->user.es = local_selector(l, s->seg[L4_SEG_ES].selector, SEL_UDATA);
    l->fs = s->seg[L4_SEG_FS].selector;
    l->gs = s->seg[L4_SEG_GS].selector;
    g->segments.plain = plain(g);
    this_cpu()->arch.local = NULL;
}

void guest_segments_get(const struct guest *g, vcpu_state_t *s)
{
    const struct arch_local *l = &g->segments.local;

    for (unsigned i = 0; i < LOCAL_SEGMENTS; i++)
        s->seg[L4_SEG_LOCAL(i)].base = l->segment[i];
    s->seg[L4_SEG_CS].selector = SEL_UCODE;
    s->seg[L4_SEG_SS].selector = SEL_UDATA;
    s->seg[L4_SEG_DS].selector = (u16)g->user.ds;
    s->seg[L4_SEG_ES].selector = (u16)g->user.es;
    s->seg[L4_SEG_FS].selector = l->fs;
    s->seg[L4_SEG_GS].selector = l->gs;
}

void guest_segments_load(struct cpu *cpu, struct guest *g)
{
    if (!g->segments.plain)
        local_load(cpu, &g->segments.local);
    else if (cpu->work & WORK_SEGMENTS)
        local_load(cpu, NULL);
    else
        switch_segments(cpu);
    wrmsr(MSR_SYSENTER_CS, 0);
}

void guest_segments_leave(struct cpu *cpu, struct guest *g)
{
    (void)cpu;
    local_save(&g->segments.local);
    g->segments.plain = plain(g);
    wrmsr(MSR_SYSENTER_CS, SEL_KCODE);
}

/* Called by guest.S: see trap_v86(). */
void trap_guest_v86(struct thread *cur, word_t vector);

void trap_guest_v86(struct thread *cur, word_t vector)
{
    struct arch_frame *f = &this_cpu()->arch.guest_frame;

    if ((vector >= VEC_PIC && vector < VEC_IRQ_END) || vector >= VEC_TIMER)
        irq_handle((unsigned)vector);
    *f = (struct arch_frame){.flags = GUEST_FLAGS_FIXED, .ds = SEL_UDATA, .es = SEL_UDATA};
    guest_exception(cur, VEC_GP, 0);
}
