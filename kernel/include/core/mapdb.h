/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mapping database: who has which page from whom.
 *
 * All mappings form one list in depth-first order: behind a mapping stand the
 * mappings derived from it, each one level deeper.  So "everything derived from
 * m" is the run of successors with a greater depth, a new child goes right
 * behind its parent, and every removal is a step after which the list is whole
 * again: long operations can stop at any step and go on later.
 *
 * The list starts with a mapping of depth 0 that stands for sigma0's idempotent
 * view of all physical memory, and ends with another that stands for nothing.  A
 * second one, of IO ports, is like it.
 *
 * All functions take mapdb_lock themselves, and when they return no processor
 * has an old translation any more.  Long ones look for interrupts now and then:
 * if one waits they stop, and are to be called again with the same arguments.
 */
#ifndef CORE_MAPDB_H
#define CORE_MAPDB_H

#include "core/kmem.h"
#include "core/space.h"
#include "types.h"

struct mapping {
    kptr_t prev, next;
    kptr_t space; /* 0: a root, or a marker (core/mapping.h) */
    u16 depth;
    u8 io;        /* an IO port instead of a page */
    u8 status;    /* access status from before a superpage was cut; MAPPING_MARKED */
    word_t where; /* virtual page number << 12 | log2 size */
};

_Static_assert(sizeof(struct mapping) == 16 + sizeof(word_t),
               "with its table entry 32 bytes at most");

#define MAPPING_MAX_DEPTH 0x7fff

extern struct lock mapdb_lock;

void mapdb_init(void);

/* The fast path has used up this processor's memory for mappings; false: no more for it. */
bool mapping_refill(void);

enum map_result {
    MAP_DONE,
    MAP_NO_MEMORY,  /* done, but some pages were left out, for whose tables no memory was left */
    MAP_INTERRUPTED /* not done; *done says how far it has got */
};

/*
 * Map (or grant) the pages of send fpage `fpage` of space `from` that `from`
 * has, into window `window` of space `to`; `base` is the send base.  Fpages are
 * raw words, rights in `fpage`.  Implements l4-x2's mapping semantics: sizes,
 * offsets, rights intersected, overmapping replaced.  *done: 0 at first.
 */
enum map_result map_fpage(struct space *from, word_t fpage, struct space *to, word_t window,
                          word_t base, bool grant, word_t *done);

/* An Unmap under way. */
struct unmapping {
    word_t done;            /* bytes of the fpage that are done             */
    unsigned status;        /* rwx: what has been accessed                  */
    struct mapping *marker; /* of the caller's, for a place in the list;
                               NULL: only for the removal of all rights     */
};

/*
 * Revoke the fpage's rights in everything derived from space s's pages within
 * it, and with flush in s itself.  Gathers the status bits (rwx) and
 * resets them.  False: interrupted.
 */
bool unmap_fpage(struct space *s, word_t fpage, bool flush, struct unmapping *u);
/* An interrupted one will not go on. */
void unmap_forget(struct mapping *marker);

/* Sigma0's and the kernel's own: map a physical page 1:1 into sigma0's space. */
bool map_sigma0_page(word_t addr);

/* The memory types of a space's pages within the fpage, and of what is derived from them, become
 * `attribute` (X.2, section 4.10: MemoryControl).  False: interrupted, as unmap_fpage(). */
bool attribute_fpage(struct space *s, word_t fpage, unsigned attribute, struct unmapping *u);

/* ---- IO ports (core/ioport.c), same semantics ---- */
enum map_result map_io(struct space *from, word_t fpage, struct space *to, bool grant,
                       word_t *done);
bool unmap_io(struct space *s, word_t fpage, bool flush, word_t *done);
/* Free the book of a space whose ports are all unmapped. */
void io_book_free(struct space *s);

#endif
