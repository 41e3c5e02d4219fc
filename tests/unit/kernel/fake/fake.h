/* SPDX-License-Identifier: BSD-2-Clause */
/* What the core asks of an architecture, for tests on the host. */
#ifndef FAKE_H
#define FAKE_H

#include "types.h"

/* A fresh pool of that many bytes; call before each test. */
void fake_init(u64 pool_bytes);

extern u64 fake_now;     /* arch_tsc() */
extern u64 fake_timer;   /* the last arch_timer_set() */
extern u32 fake_cpuid_d; /* what every leaf of CPUID has in EDX */
extern char fake_ports[65536];

#endif
