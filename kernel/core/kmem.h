/* SPDX-License-Identifier: BSD-2-Clause */
/* The page book: for kmem.c and slab.c only. */
#ifndef CORE_KMEM_INTERNAL_H
#define CORE_KMEM_INTERNAL_H

#include "core/kmem.h"
#include "core/lock.h"

#define NO_PAGE 0u /* the book itself lies there */

/* One for each page of the pool. */
struct page_info {
    u32 aux;        /* the owner's                                         */
    u32 next, prev; /* free blocks of a size; slabs with free objects      */
    u16 chain;      /* slab: offset + 1 of the first freed object, 0: none */
    u16 untouched;  /* slab: offset of the first object never handed out   */
    u16 used;       /* slab: objects                                       */
    u8 order;       /* of the free block that starts here                  */
    bool free;
};

extern struct lock kmem_lock;
extern struct page_info *page_book;

u32 page_index(const void *p);
void *page_at(u32 index);

/* With kmem_lock held. */
void *pages_take(unsigned order);
void pages_give(void *p, unsigned order);

#endif
