/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a thread, or a guest in user mode, has of segments: descriptors of data segments, and
 * the selectors in FS and GS, which stay as it loads them.
 */
#ifndef ARCH_LOCAL_H
#define ARCH_LOCAL_H

#include "types.h"

struct cpu;

#define LOCAL_SEGMENTS 3

struct arch_local {
    u64 segment[LOCAL_SEGMENTS]; /* as in the GDT, 0: none */
    u16 fs, gs;
};

/* Into this processor's registers; NULL: what threads have that never asked for anything. */
void local_load(struct cpu *cpu, const struct arch_local *l);
/* What FS and GS are. */
void local_save(struct arch_local *l);

/* Users' data, or nothing: the descriptor to load, with the accessed bit. */
bool local_valid(u64 *descriptor);
/* The selector, if it can be loaded, else `otherwise`. */
u16 local_selector(const struct arch_local *l, u16 selector, u16 otherwise);

#endif
