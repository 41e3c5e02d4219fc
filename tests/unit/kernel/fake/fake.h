/* SPDX-License-Identifier: BSD-2-Clause */
/* What the core asks of an architecture, for tests on the host. */
#ifndef FAKE_H
#define FAKE_H

#include "types.h"

#define FAKE_CPUS 2

/* A fresh pool of that many bytes, and one processor, this one; call before each test. */
void fake_init(u64 pool_bytes);
/* From now on processor n is this one. */
void fake_enter_cpu(unsigned n);

extern u64 fake_now;          /* arch_tsc(): a microsecond long                  */
extern u64 fake_timer;        /* the last arch_timer_set()                       */
extern u32 fake_cpuid_d;      /* what every leaf of CPUID has in EDX             */
extern unsigned fake_flushes; /* how often another processor had to forget translations */

/* The so-many-th look for an interrupt finds one, 0: none does; and from then on each so-many-th. */
extern unsigned fake_interrupt_in, fake_interrupt_again;
bool fake_interrupt(void);

/* What the test wants to know of invalidations; NULL: nothing. */
extern void (*fake_invalidated)(unsigned cpu, word_t va, bool all);

#endif
