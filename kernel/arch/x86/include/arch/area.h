/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A processor's area, in the kernel's part of every space at CPU_AREAS + n * AREA_SIZE:
 *
 *   0x0000  nothing, so that a stack that overflows faults
 *   0x1000  the kernel stack
 *   0x5000  struct cpu: what the stack's top and, on AMD64, the kernel's GS base point to
 *   0x9000  the page that users read (struct utcb_slot)
 *   0xa000  stacks for NMI, double fault, machine check
 */
#ifndef ARCH_AREA_H
#define ARCH_AREA_H

#define AREA_SIZE       0x10000
#define AREA_STACK      0x1000
#define AREA_CPU        0x5000
#define AREA_SLOT       0x9000
#define AREA_OTHERS     0xa000
#define AREA_END        0xd000
#define AREA_OTHER_SIZE 0x1000

/* From struct cpu. */
#define CPU_SLOT (AREA_SLOT - AREA_CPU)

#endif
