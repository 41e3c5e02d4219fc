/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel looks at itself: only in builds with `make CHECK=1` (kernel/debug/check.c). */
#ifndef DEBUG_CHECK_H
#define DEBUG_CHECK_H

#include "types.h"

#ifdef KERNEL_CHECKS
/* On the way out of the kernel: now and then verify all that should hold, and panic if it does not. */
void check_kernel(void);
/* Freed memory, so that whoever still uses it finds out. */
void check_poison(void *p, size_t n);
#else
static inline void check_kernel(void)
{
}

static inline void check_poison(void *p, size_t n)
{
}
#endif

#endif
