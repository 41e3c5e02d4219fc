/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, assertions and the end. */
#ifndef DEBUG_PANIC_H
#define DEBUG_PANIC_H

#include "types.h"

/* %s %c %d %u %x %lx %lu %lld %llx %llu %p, width and leading zero.  CR is added to LF. */
void kprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* No other processor prints, or one that did has been halted: nobody waits for the console. */
extern bool print_alone;

/* Print the reason, registers, a backtrace with symbols, and stop for good. */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For invariants only: no condition here may depend on what a user passes. */
#define ASSERT(c)                                                                                  \
    do {                                                                                           \
        if (unlikely(!(c)))                                                                        \
            panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #c);                          \
    } while (0)

#endif
