/* SPDX-License-Identifier: BSD-2-Clause */
/* Optional features of the processor that the kernel uses. */
#ifndef ARCH_FEATURES_H
#define ARCH_FEATURES_H

#include "types.h"

struct cpu_features {
    bool smap, xsave, xsaveopt, x2apic, tsc_deadline, hypervisor, pat;
};

extern struct cpu_features cpu_features;

/* Detect features and switch them on: CR4, PAT; on the other processors only that. */
void features_init(void);
void features_start(void);

#endif
