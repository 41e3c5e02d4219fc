/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a thread, or a guest in user mode, has of segments: FS's base.  As with GS (arch/switch.h),
 * FS holds a selector that only the kernel can load while its base is not 0.
 */
#ifndef ARCH_LOCAL_H
#define ARCH_LOCAL_H

#include "types.h"

struct cpu;

struct arch_local {
    word_t fs_base;
};

/* Into this processor's registers; NULL: what threads have that never asked for anything. */
void local_load(struct cpu *cpu, const struct arch_local *l);

/* There is nothing that a thread could change by itself, for longer than until it is preempted. */
static inline void local_save(struct arch_local *l)
{
    (void)l;
}

/* Users can have this base, and the kernel load it. */
static inline bool base_valid(u64 base)
{
    return (u64)((int64_t)(base << 16) >> 16) == base;
}

#endif
