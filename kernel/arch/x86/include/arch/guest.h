/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests in user mode.  A processor has the guest loaded whose state page is cpu.guest_state:
 * its page table, its segments, and the place for its registers at the next trap, which is not
 * in a thread but in struct cpu.
 */
#ifndef ARCH_GUEST_H
#define ARCH_GUEST_H

#include "arch/guest_regs.h"
#include "virt/vcpu.h"

struct cpu;
struct arch_frame;

struct guest {
    struct vcpu v;          /* first: vcpu_kind.alloc() */
    struct guest_user user; /* what does not stay in the state page */
    struct guest_segments segments;
    word_t table;   /* of v.space */
    u32 exceptions; /* of the state page */
};

/* guest.S: go on with the registers of the state page and these. */
_Noreturn void guest_resume(vcpu_state_t *state, const struct guest_user *user);

/* ---- what the width decides (guest_regs.c) ---- */

void guest_reset(struct guest *g);
/* G_SEG. */
void guest_segments_set(struct guest *g, vcpu_state_t *s);
void guest_segments_get(const struct guest *g, vcpu_state_t *s);
/* Into this processor, and back: what GS and the system call instructions are for threads. */
void guest_segments_load(struct cpu *cpu, struct guest *g);
void guest_segments_leave(struct cpu *cpu, struct guest *g);

/* The guest of t, which is where cpu.arch.guest_frame says, raises an exception: the run ends. */
void guest_exception(struct thread *t, word_t vector, word_t error);

/* arch_switch(): another one's turn. */
void guest_leave(struct cpu *cpu);

#endif
