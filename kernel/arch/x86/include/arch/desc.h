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
/* AMD64: by how many bits the vector is shifted in the error code of a fault that an entry of the IDT has
 * caused: 3 (Intel SDM vol. 3, 6.13), but in 64-bit mode of QEMU 7.2 it is 4. */
unsigned desc_error_shift(void);

#endif
