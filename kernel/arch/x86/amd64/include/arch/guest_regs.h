/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch/guest.h, and is on a short way. */
#ifndef ARCH_GUEST_REGS_H
#define ARCH_GUEST_REGS_H

#include "arch/entry.h"
#include "arch/frame.h"
#include "arch/local.h"
#include "arch/switch.h"
#include "virt/vcpu.h"

/* guest.S knows the order. */
struct guest_user {
    word_t ip, sp, flags;
};

struct guest_segments {
    struct arch_local local;
    word_t gs_base;
};

/* CF PF AF ZF SF TF DF OF NT RF AC ID; IF is always set. */
#define GUEST_FLAGS       0x254dd5
#define GUEST_FLAGS_FIXED 0x202

/* What has brought the guest into the kernel?  INT n with a gate of its own there is none. */
static inline bool guest_syscall_vector(word_t vector)
{
    return vector == FRAME_SYSCALL;
}

static inline bool guest_int_vector(word_t vector)
{
    (void)vector;
    return false;
}

extern unsigned guest_error_shift; /* desc_error_shift() */

/* Which entry of the IDT does an error code tell of? */
static inline word_t guest_error_entry(word_t error)
{
    return error >> guest_error_shift & 0xff;
}

/* False: no such registers can be loaded. */
static inline bool guest_user_load(struct guest_user *u, vcpu_state_t *s)
{
    u->ip = s->rip;
    u->sp = s->gpr[L4_RSP];
    u->flags = (s->rflags & GUEST_FLAGS) | GUEST_FLAGS_FIXED;
    return base_valid(u->ip); /* IRET would fault, in the kernel */
}

static inline void guest_user_store(const struct guest_user *u, vcpu_state_t *s)
{
    s->rip = u->ip;
    s->gpr[L4_RSP] = u->sp;
    s->rflags = u->flags;
}

/* From where a trap has left them: the guest goes on. */
static inline void guest_user_trapped(struct guest_user *u, const struct arch_frame *f)
{
    *u = (struct guest_user){f->ip, f->sp, f->flags};
}

/* The same, and the run ends. */
static inline void guest_user_ended(struct guest_user *u, vcpu_state_t *s,
                                    const struct arch_frame *f)
{
    (void)u;
    s->rip = f->ip;
    s->gpr[L4_RSP] = f->sp;
    s->rflags = f->flags;
}

#define GUEST_IPC_RETURN (~(word_t)0 >> 1) /* no address: Ipc is no call of its own */

/* From a thread to a guest and back while cpu.work is 0; false, and nothing has changed: one of them
 * has segments that take longer. */
static inline bool guest_segments_enter(struct cpu *cpu, const struct guest_segments *s)
{
    if (unlikely(s->local.fs_base || !switch_gs_special()))
        return false;
    wrmsr(MSR_KERNEL_GS_BASE, s->gs_base);
    cpu->arch.ipc_return = GUEST_IPC_RETURN;
    return true;
}

static inline bool guest_segments_exit(struct cpu *cpu)
{
    if (unlikely(!switch_gs_special()))
        return false;
    wrmsr(MSR_KERNEL_GS_BASE, switch_slot_user(cpu));
    cpu->arch.ipc_return = stub_ipc_return;
    return true;
}

#endif
