/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread's user registers.  Entries from user mode store them straight into
 * the thread control block, whose first member this is: TSS.esp0 points behind
 * it, so the processor itself pushes the last five words.
 */
#ifndef ARCH_FRAME_H
#define ARCH_FRAME_H

#include "types.h"

struct arch_frame {
    word_t below[4]; /* an NMI pushes here while the registers are being popped */
    word_t di, si, bp;
    u16 ds, es; /* as they were at a trap, to find out about it; they are not restored */
    word_t bx, dx, cx, ax;
    word_t vector; /* FRAME_SYSENTER, or the exception's or interrupt's vector */
    word_t error;
    word_t ip, cs, flags, sp, ss; /* of a trap in the kernel without the last two */
};

/* Entered by SYSENTER: ecx, edx and the flags are dead, return by SYSEXIT. */
#define FRAME_SYSENTER 0x100
#define FRAME_IPC      0xd0 /* the same call, entered by INT */

/* CF PF AF ZF SF OF: what kernel protocols let users set (l4-x2 compatible). */
#define USER_FLAGS 0x8d5

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

/* Only IRET brings flags along.  The call may have to start over: it stays what it was. */
static inline void frame_set_flags(struct arch_frame *f, word_t flags)
{
    f->flags = (f->flags & ~(word_t)USER_FLAGS) | (flags & USER_FLAGS);
    if (f->vector == FRAME_SYSENTER)
        f->vector = FRAME_IPC;
}

/* Registers of a new thread: user segments, interrupts on, IOPL 0, all else 0. */
void arch_frame_init(struct arch_frame *f);

#endif
