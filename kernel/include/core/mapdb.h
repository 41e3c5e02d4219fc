/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mapping database: who has which page from whom.
 *
 * All mappings form one list in depth-first order: behind a mapping stand the
 * mappings derived from it, each one level deeper.  So "everything derived from
 * m" is the run of successors with a greater depth, a new child goes right
 * behind its parent, and every removal is a step after which the list is whole
 * again: long operations can stop at any step and start over.
 *
 * The list starts with one mapping of depth 0 that stands for sigma0's
 * idempotent view of all physical memory, and a second one for its IO ports.
 */
#ifndef CORE_MAPDB_H
#define CORE_MAPDB_H

#include "core/kmem.h"
#include "core/space.h"
#include "types.h"

struct mapping {
    kptr_t prev, next;
    kptr_t space;
    u16 depth;
    u8 io; /* an IO port instead of a page */
    u8 spare;
    word_t where; /* virtual page number << 12 | status bits << 8 | log2 size */
};

_Static_assert(sizeof(struct mapping) == 16 + sizeof(word_t),
               "with its table entry 32 bytes at most");

void mapdb_init(void);

/*
 * Map (or grant) the pages of send fpage `fpage` of space `from` that `from`
 * has, into window `window` of space `to`; `base` is the send base.  Fpages are
 * raw words, rights in `fpage`.  Implements l4-x2's mapping semantics: sizes,
 * offsets, rights intersected, overmapping replaced.  Pages for whose tables no
 * memory is left are skipped and the result is false.
 */
bool map_fpage(struct space *from, word_t fpage, struct space *to, word_t window, word_t base,
               bool grant);

/* The same with the complete space as window: to address base. */
bool map_into(struct space *from, word_t fpage, struct space *to, word_t base);

/*
 * Revoke the fpage's rights in everything derived from space s's pages within
 * it, and with flush in s itself.  Returns the accumulated status bits (rwx)
 * and resets them.
 */
unsigned unmap_fpage(struct space *s, word_t fpage, bool flush);

/* Flush everything that space s has, with all that is derived from it. */
void unmap_space(struct space *s);

/* Sigma0's and the kernel's own: map a physical page 1:1 into sigma0's space. */
bool map_sigma0_page(word_t addr);

/* ---- IO ports (core/ioport.c), same semantics ---- */
bool map_io(struct space *from, word_t fpage, struct space *to, bool grant);
void unmap_io(struct space *s, word_t fpage, bool flush);
/* Free the book of a space whose ports are all unmapped. */
void io_book_free(struct space *s);

#endif
