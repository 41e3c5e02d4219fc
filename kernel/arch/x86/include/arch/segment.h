/* SPDX-License-Identifier: BSD-2-Clause */
/* Segment registers, which users may load with what they like. */
#ifndef ARCH_SEGMENT_H
#define ARCH_SEGMENT_H

#include "types.h"

struct thread;

/*
 * An instruction of cur, of which these n bytes are the code, has faulted.  If a selector that is
 * none of the standard ones may be the cause, make all standard, step over the instruction if it
 * loads one, and return true.
 */
bool segment_repair(struct thread *cur, const u8 *code, unsigned n);

#endif
