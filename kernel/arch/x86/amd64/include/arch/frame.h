/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread's user registers.  Entries from user mode store them straight into
 * the thread control block, whose first member this is: TSS.rsp0 points behind
 * it, so the processor itself pushes the last five words.
 */
#ifndef ARCH_FRAME_H
#define ARCH_FRAME_H

#include "types.h"

struct arch_frame {
    word_t r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
    word_t vector; /* FRAME_SYSCALL, or the exception's or interrupt's vector */
    word_t error;
    word_t ip, cs, flags, sp, ss;
} __attribute__((aligned(16))); /* the processor aligns rsp0 before it pushes */

/* Entered by SYSCALL: rcx and r11 are dead, return by SYSRET. */
#define FRAME_SYSCALL 0x100

/* CF PF AF ZF SF OF: what kernel protocols let users set (l4-x2 compatible). */
#define USER_FLAGS 0x8d5

_Static_assert(sizeof(struct arch_frame) == 22 * 8, "entry.S relies on the layout");
_Static_assert(sizeof(struct arch_frame) % 16 == 0, "rsp0 must stay 16-byte aligned");

static inline word_t frame_ip(const struct arch_frame *f)
{
    return f->ip;
}

static inline word_t frame_vector(const struct arch_frame *f)
{
    return f->vector;
}

static inline word_t frame_sp(const struct arch_frame *f)
{
    return f->sp;
}

static inline word_t frame_flags(const struct arch_frame *f)
{
    return f->flags;
}

static inline void frame_set_ip(struct arch_frame *f, word_t ip)
{
    f->ip = ip;
}

static inline void frame_set_sp(struct arch_frame *f, word_t sp)
{
    f->sp = sp;
}

static inline void frame_set_flags(struct arch_frame *f, word_t flags)
{
    f->flags = (f->flags & ~(word_t)USER_FLAGS) | (flags & USER_FLAGS);
}

/* Registers of a new thread: user segments, interrupts on, IOPL 0, all else 0. */
void arch_frame_init(struct arch_frame *f);

#endif
