/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory types that sigma0 has given to physical memory: for mapdb.c and unmap.c only. */
#ifndef CORE_ATTRIBUTE_H
#define CORE_ATTRIBUTE_H

#include "types.h"

/* With mapdb_lock held.  False: too many different pieces. */
bool attribute_note(u64 start, u64 end, unsigned attribute);
unsigned attribute_of(u64 pa);

#endif
