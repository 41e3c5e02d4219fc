/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables for the kernel's look at itself (debug/check.h). */
#ifndef ARCH_CHECK_H
#define ARCH_CHECK_H

#include "arch/pagetable.h"

/* Call page() for each page that s has; panic where an entry that is none has a mapping.
 * Returns the number of tables. */
unsigned check_tables(struct space *s, void (*page)(struct space *s, const struct pt_leaf *l));

/* Bytes that a table and its companion are charged with, and how many of them lie in slabs. */
word_t check_table_bytes(void);
word_t check_table_slab_bytes(void);

#endif
