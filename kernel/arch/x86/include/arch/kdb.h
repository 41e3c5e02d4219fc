/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARCH_KDB_H
#define ARCH_KDB_H

#include "core/thread.h"

/* INT3 in user mode; the frame's rip is behind it. */
void kdb_trap(struct thread *cur);

#endif
