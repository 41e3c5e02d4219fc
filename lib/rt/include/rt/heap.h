/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap behind malloc: one region, handed out from its low end, so that a
 * region which is paged in on demand is touched only as far as it is used.
 * Blocks are aligned to 16 bytes.  Not for several threads at once.
 */
#ifndef RT_HEAP_H
#define RT_HEAP_H

#include <stddef.h>

/* Makes [base, base + size) the heap; whatever the former one held is forgotten. */
void rt_heap_init(void *base, size_t size);

/* What malloc, realloc and free call.  Freeing what is no block aborts. */
void *rt_heap_alloc(size_t size);
void *rt_heap_resize(void *p, size_t size);
void rt_heap_free(void *p);

/* Bytes in use, with the blocks' headers. */
size_t rt_heap_used(void);

#endif
