/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARCH_TRAPS_H
#define ARCH_TRAPS_H

#include "arch/frame.h"
#include "types.h"

/* The error code of the last trap that a fixup (arch/entry.h) has dealt with; for a look at boot. */
extern word_t trap_fixed_error;

/* Is an NMI another processor's call to halt, because it panics? */
bool panic_nmi(void);

/* A trap that the kernel must not have caused: print all, stop (arch/.../dump.c). */
_Noreturn void panic_trap(const struct arch_frame *f);

#endif
