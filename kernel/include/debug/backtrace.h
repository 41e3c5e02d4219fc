/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DEBUG_BACKTRACE_H
#define DEBUG_BACKTRACE_H

#include "types.h"

struct arch_frame;

/* "name+0x1f" of the kernel function that holds address ip. */
void print_symbol(word_t ip);
/* The calls that led to frame pointer fp of a kernel stack. */
void backtrace(word_t fp);

/* Registers (if f is not NULL), the calls that led to frame pointer fp, the current thread; then stop. */
_Noreturn void panic_stop(const struct arch_frame *f, word_t fp);

/* arch: print a frame's registers, and where the kernel was; the first ones only. */
void arch_dump_frame(const struct arch_frame *f);
void arch_dump_registers(const struct arch_frame *f);
/* arch: interrupts off for good, on this processor and on the others. */
_Noreturn void arch_halt(void);
void arch_halt_others(void);

#endif
