/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables. */
#ifndef ARCH_DESC_H
#define ARCH_DESC_H

#include "types.h"

struct cpu;

/* The interrupt descriptor table, which all processors share. */
void desc_init(void);
/* Load GDT, IDT and TSS of this processor, whose area is mapped; traps work from here on. */
void desc_start(struct cpu *cpu);

#endif
