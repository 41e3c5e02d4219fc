/* SPDX-License-Identifier: BSD-2-Clause */
/* Physical memory as the KIP describes it at start. */
#ifndef SIGMA0_MEMORY_H
#define SIGMA0_MEMORY_H

#include <l4/kip.h>
#include "ranges.h"

#define PAGE_MASK 0xffful

/* Fills an initialised table from the memory descriptors; false if it is too small. */
bool memory_init(struct ranges *memory, const struct l4_kip *kip);

/* The last address at which programs can have memory, and so have it one to one. */
L4_Word_t memory_user_last(const struct l4_kip *kip);

#endif
