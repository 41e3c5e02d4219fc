/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width decides of arch/guest.h. */
#ifndef ARCH_GUEST_REGS_H
#define ARCH_GUEST_REGS_H

#include "arch/entry.h"
#include "arch/local.h"

/* guest.S knows the order. */
struct guest_user {
    word_t ip, sp, flags, ds, es;
};

struct guest_segments {
    struct arch_local local;
};

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

#endif
