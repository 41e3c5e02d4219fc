/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in 32-bit mode: CS and SS are flat, the other segments as it loads them. */
#include "arch/entry.h"
#include "arch/guest.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "core/cpu.h"

/* CF PF AF ZF SF TF DF OF NT RF AC ID; IF is always set. */
#define FLAGS_GUEST 0x254dd5
#define FLAGS_FIXED 0x202

void guest_reset(struct guest *g)
{
    g->user.flags = FLAGS_FIXED;
    g->user.ds = g->user.es = SEL_UDATA;
    g->segments.local.fs = SEL_UDATA;
    g->segments.local.gs = SEL_UTCB;
}

bool guest_user_load(struct guest_user *u, vcpu_state_t *s)
{
    u->ip = (word_t)s->rip;
    u->sp = (word_t)s->gpr[L4_RSP];
    u->flags = ((word_t)s->rflags & FLAGS_GUEST) | FLAGS_FIXED;
    return true;
}

void guest_user_store(const struct guest_user *u, vcpu_state_t *s)
{
    s->rip = u->ip;
    s->gpr[L4_RSP] = u->sp;
    s->rflags = u->flags;
}

void guest_user_trapped(struct guest *g, const struct arch_frame *f)
{
    vcpu_state_t *s = g->v.state;

    g->user.ip = f->ip;
    g->user.sp = f->sp;
    g->user.flags = f->flags;
    g->user.ds = f->ds;
    g->user.es = f->es;
    s->gpr[L4_RAX] = f->ax;
    s->gpr[L4_RCX] = f->cx;
    s->gpr[L4_RDX] = f->dx;
    s->gpr[L4_RBX] = f->bx;
    s->gpr[L4_RBP] = f->bp;
    s->gpr[L4_RSI] = f->si;
    s->gpr[L4_RDI] = f->di;
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
    local_load(cpu, &g->segments.local);
    wrmsr(MSR_SYSENTER_CS, 0); /* then SYSENTER faults, and nothing of the guest's is lost */
}

void guest_segments_leave(struct cpu *cpu, struct guest *g)
{
    (void)cpu;
    local_save(&g->segments.local);
    wrmsr(MSR_SYSENTER_CS, SEL_KCODE);
}

/* Called by guest.S: see trap_v86(). */
void trap_guest_v86(struct thread *cur, word_t vector);

void trap_guest_v86(struct thread *cur, word_t vector)
{
    struct guest *g = (struct guest *)cur->vcpu;

    if ((vector >= VEC_PIC && vector < VEC_IRQ_END) || vector >= VEC_TIMER)
        irq_handle((unsigned)vector);
    g->user = (struct guest_user){.flags = FLAGS_FIXED, .ds = SEL_UDATA, .es = SEL_UDATA};
    guest_exception(g, VEC_GP, 0);
}
