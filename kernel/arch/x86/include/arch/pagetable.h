/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page tables, the same for address spaces and for nested paging.  Every table
 * of a space has a companion array that names the mapping behind each entry.
 */
#ifndef ARCH_PAGETABLE_H
#define ARCH_PAGETABLE_H

#include "core/space.h"
#include "types.h"

void pt_init(void);

/* KIP PageInfo: bit n for pages of 2^n bytes, and the rights that the hardware tells apart. */
word_t pt_page_info(void);

/* A leaf entry found by pt_lookup(): a copy of what it says. */
struct pt_leaf {
    word_t *pte;  /* NULL: nothing mapped */
    kptr_t *node; /* its companion        */
    word_t va;    /* start of the page (or of the hole of that size) */
    unsigned log2;
};

/* A new top-level table; with_kernel: with the kernel's part of the space. */
word_t *pt_create(struct account *a, bool with_kernel);
/* Free all tables of a space that has no leaves left (pinned pages are forgotten).  False: an
 * interrupt waits, call it again. */
bool pt_destroy(struct space *s);

struct pt_leaf pt_lookup(const struct space *s, word_t va);
/* Where to look for the next page, if there is nothing at va; not before that. */
word_t pt_next(const struct space *s, word_t va);
/* More small pages around this one are going to be asked for: let the fast path know its table. */
void pt_used(struct space *s, const struct pt_leaf *l);

/* The entry for a page of 2^log2 bytes at va, tables made as needed; pte NULL: no memory, or a larger
 * page is in the way (leaf.log2 says which).  The entry may point to a table of smaller pages. */
struct pt_leaf pt_make(struct space *s, word_t va, unsigned log2);

/* Replace a superpage by a table of smaller pages with the same rights; their companions are
 * empty.  False: no memory. */
bool pt_split(struct space *s, struct pt_leaf *l);

/* Is the entry a table of smaller pages? */
bool pt_is_table(const struct pt_leaf *l);
/* Free the table below l, and those below it (no leaves in them, nothing pinned). */
void pt_drop_table(struct space *s, struct pt_leaf *l);

#define PT_PINNED          1u /* kernel-owned page: no mapping behind it */
#define PT_ATTRIBUTE_SHIFT 8
#define PT_ATTRIBUTE(a)    ((unsigned)(a) << PT_ATTRIBUTE_SHIFT) /* X.2's memory type */

void pt_set(struct pt_leaf *l, paddr_t pa, unsigned rights, unsigned flags);
void pt_clear(struct space *s, struct pt_leaf *l);
/* Replace the rights, of which some are left. */
void pt_protect(struct space *s, struct pt_leaf *l, unsigned rights);
bool pt_pinned(const struct pt_leaf *l);
paddr_t pt_address(const struct pt_leaf *l);
unsigned pt_rights(const struct pt_leaf *l);
unsigned pt_attribute(const struct pt_leaf *l);
void pt_set_attribute(struct space *s, struct pt_leaf *l, unsigned attribute);
/* Hardware's accessed and dirty bits as status rwx, reset. */
unsigned pt_take_status(struct space *s, struct pt_leaf *l);

/* The next page size below / the largest size usable for n = log2 bytes. */
unsigned pt_size_at_most(unsigned log2);

#endif
