/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeouts, kept in a pairing heap per processor; times are TSC values. */
#ifndef CORE_TIMEOUT_H
#define CORE_TIMEOUT_H

#include "core/kmem.h"
#include "types.h"

#define TIME_NEVER (~(u64)0)

struct cpu;

/* Whose it is: what happens when the time has come. */
enum timeout_kind { TIMEOUT_THREAD, TIMEOUT_VCPU };

/* A part of an object in the kernel pool. */
struct timeout {
    u64 when;
    kptr_t child, next, prev; /* prev: parent if first child */
    bool armed;
    u8 kind;
};

/* Arm (or re-arm) for TSC value `when` on a processor that is owned; TIME_NEVER disarms. */
void timeout_set(struct cpu *cpu, struct timeout *t, u64 when);
void timeout_cancel(struct cpu *cpu, struct timeout *t);

#endif
