/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch/guest.h. */
#ifndef ARCH_GUEST_REGS_H
#define ARCH_GUEST_REGS_H

#include "arch/frame.h"
#include "arch/local.h"

/* guest.S knows the order. */
struct guest_user {
    word_t ip, sp, flags;
};

struct guest_segments {
    struct arch_local local;
    word_t gs_base;
};

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

#endif
