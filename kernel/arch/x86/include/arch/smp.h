/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting the other processors. */
#ifndef ARCH_SMP_H
#define ARCH_SMP_H

/* A page of the first megabyte in which they begin, in real mode; it is put back as it was. */
#define TRAMPOLINE 0x8000

#ifndef __ASSEMBLY__
#include "types.h"

/* start.S: the code there, and what it needs to know. */
extern const char trampoline[], trampoline_end[];
extern u64 other_table, other_stack;
extern u32 other_number;
#endif

#endif
