/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FPU state, switched lazily: the processor holds the state of cpu.live_fpu,
 * and CR0.TS is set while somebody else's code runs (arch_switch()).
 */
#ifndef CORE_FPU_H
#define CORE_FPU_H

#include "core/thread.h"

/* Find out about FXSAVE/XSAVE, sizes and features; and switch them on, on each processor. */
void fpu_init(void);
void fpu_start(void);
/* #NM in user mode: make t's state live; false: no memory for its area. */
bool fpu_trap(struct thread *t);
/* A fresh state area in initial state, NULL: no memory. */
void *fpu_area_alloc(struct account *a);
/* Also forgets it if it is live on processor `cpu`, the only one where it can be. */
void fpu_area_free(struct account *a, void *area, struct cpu *cpu);
/* Bytes that an account pays for one. */
word_t fpu_area_size(void);
/* Save the live state, load this one; clears CR0.TS. For vCPUs. */
void fpu_make_live(void *area);
/* If this one is live, save it: another processor will load it. */
void fpu_save_live(void *area);
/* XCR0 bits that the processor supports, 0 without XSAVE; and what the kernel runs with. */
u64 fpu_xcr0_supported(void);

#endif
