/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch/guest.h, and is on a short way. */
#ifndef ARCH_GUEST_REGS_H
#define ARCH_GUEST_REGS_H

#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/local.h"
#include "arch/msr.h"
#include "arch/switch.h"
#include "virt/vcpu.h"

/* guest.S knows the order. */
struct guest_user {
    word_t ip, sp, flags, ds, es;
};

struct guest_segments {
    struct arch_local local;
    bool plain; /* it is what threads have, and so are DS and ES */
};

/* CF PF AF ZF SF TF DF OF NT RF AC ID; IF is always set. */
#define GUEST_FLAGS       0x254dd5
#define GUEST_FLAGS_FIXED 0x202

/* What has brought the guest into the kernel?  SYSENTER faults while a guest is loaded. */
static inline bool guest_syscall_vector(word_t vector)
{
    (void)vector;
    return false;
}

static inline bool guest_int_vector(word_t vector)
{
    return vector >= VEC_SYSCALL && vector < VEC_SYSCALL + SYS_COUNT;
}

/* Which entry of the IDT does an error code tell of?  Intel SDM vol. 3, 6.13. */
static inline word_t guest_error_entry(word_t error)
{
    return error >> 3 & 0xff;
}

/* The state page's words are wider than registers are; their upper halves belong to the VMM. */
static inline volatile word_t *guest_word(volatile u64 *word)
{
    return (volatile word_t *)word;
}

/* False: no such registers can be loaded. */
static inline bool guest_user_load(struct guest_user *u, vcpu_state_t *s)
{
    u->ip = *guest_word(&s->rip);
    u->sp = *guest_word(&s->gpr[L4_RSP]);
    u->flags = (*guest_word(&s->rflags) & GUEST_FLAGS) | GUEST_FLAGS_FIXED;
    return true;
}

static inline void guest_user_store(const struct guest_user *u, vcpu_state_t *s)
{
    *guest_word(&s->rip) = u->ip;
    *guest_word(&s->gpr[L4_RSP]) = u->sp;
    *guest_word(&s->rflags) = u->flags;
}

/* From where a trap has left them: the guest goes on. */
static inline void guest_user_trapped(struct guest_user *u, const struct arch_frame *f)
{
    *u = (struct guest_user){f->ip, f->sp, f->flags, f->ds, f->es};
}

/* The same, and the run ends. */
static inline void guest_user_ended(struct guest_user *u, vcpu_state_t *s,
                                    const struct arch_frame *f)
{
    u->ds = f->ds; /* the state page gets them with the other segments only */
    u->es = f->es;
    *guest_word(&s->rip) = f->ip;
    *guest_word(&s->gpr[L4_RSP]) = f->sp;
    *guest_word(&s->rflags) = f->flags;
}

/* From a thread to a guest and back while cpu.work is 0; false, and nothing has changed: one of them
 * has segments that take longer. */
static inline bool guest_segments_enter(struct cpu *cpu, const struct guest_segments *s)
{
    if (unlikely(!s->plain))
        return false;
    switch_segments(cpu);
    wrmsr(MSR_SYSENTER_CS, 0); /* then SYSENTER faults, and nothing of the guest's is lost */
    return true;
}

static inline bool guest_segments_exit(struct cpu *cpu)
{
    const struct arch_frame *f = &cpu->arch.guest_frame;
    word_t fs, gs;

    asm volatile("mov %%fs, %0; mov %%gs, %1" : "=r"(fs), "=r"(gs));
    if (unlikely((u16)fs != SEL_UDATA || (u16)gs != SEL_UTCB || f->ds != SEL_UDATA ||
                 f->es != SEL_UDATA))
        return false;
    wrmsr(MSR_SYSENTER_CS, SEL_KCODE);
    return true;
}

#endif
