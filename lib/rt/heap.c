/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap: a list of free chunks in the order of their addresses, first fit.
 * Neighbours are joined when a chunk is freed, so fragments do not gather.
 */
#include <rt/heap.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT  16
#define USED_MAGIC 0xa110ca7ed0b10cu /* in a used chunk's next: finds double and wild frees */

struct chunk {
    union {
        struct {
            size_t size; /* bytes, with this header */
            uintptr_t next;
        };
        char aligned[ALIGNMENT];
    };
};

_Static_assert(sizeof(struct chunk) == ALIGNMENT, "blocks stay aligned behind the header");

static struct chunk *free_list;
static size_t used;

static struct chunk *chunk_of(void *p)
{
    return (struct chunk *)p - 1;
}

static struct chunk *next_of(const struct chunk *c)
{
    return (struct chunk *)c->next;
}

void rt_heap_init(void *base, size_t size)
{
    uintptr_t low = ((uintptr_t)base + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    uintptr_t high = ((uintptr_t)base + size) & ~(uintptr_t)(ALIGNMENT - 1);

    used = 0;
    free_list = NULL;
    if (high < low + 2 * sizeof(struct chunk))
        return;
    free_list = (struct chunk *)low;
    free_list->size = high - low;
    free_list->next = 0;
}

/* Chunk size for a block of size bytes; 0 if there can be none. */
static size_t chunk_size(size_t size)
{
    if (size > SIZE_MAX / 2)
        return 0;
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    return sizeof(struct chunk) + (size ? size : ALIGNMENT);
}

static void set_next(struct chunk *before, struct chunk *next)
{
    if (before)
        before->next = (uintptr_t)next;
    else
        free_list = next;
}

/* Cuts c, which may be free or used, down to size; returns the free rest or NULL. */
static struct chunk *split(struct chunk *c, size_t size)
{
    struct chunk *rest;

    if (c->size < size + 2 * sizeof(struct chunk))
        return NULL;
    rest = (struct chunk *)((char *)c + size);
    rest->size = c->size - size;
    c->size = size;
    return rest;
}

void *rt_heap_alloc(size_t size)
{
    size_t need = chunk_size(size);
    struct chunk *before = NULL, *c = free_list, *rest;

    while (c && c->size < need)
        before = c, c = next_of(c);
    if (!c || !need)
        return NULL;
    rest = split(c, need);
    if (rest)
        rest->next = c->next;
    set_next(before, rest ? rest : next_of(c));
    c->next = (uintptr_t)USED_MAGIC;
    used += c->size;
    return c + 1;
}

/* Puts c into the list and joins it with its neighbours. */
static void insert(struct chunk *c)
{
    struct chunk *before = NULL, *after = free_list;

    while (after && after < c)
        before = after, after = next_of(after);
    c->next = (uintptr_t)after;
    set_next(before, c);
    if (after && (char *)c + c->size == (char *)after) {
        c->size += after->size;
        c->next = after->next;
    }
    if (before && (char *)before + before->size == (char *)c) {
        before->size += c->size;
        before->next = c->next;
    }
}

void rt_heap_free(void *p)
{
    struct chunk *c;

    if (!p)
        return;
    c = chunk_of(p);
    if (c->next != (uintptr_t)USED_MAGIC)
        abort();
    used -= c->size;
    insert(c);
}

void *rt_heap_resize(void *p, size_t size)
{
    size_t need = chunk_size(size), old;
    void *moved;

    if (!p)
        return rt_heap_alloc(size);
    if (chunk_of(p)->next != (uintptr_t)USED_MAGIC)
        abort();
    old = chunk_of(p)->size;
    if (need && need <= old)
        return p;
    moved = rt_heap_alloc(size);
    if (!moved)
        return NULL;
    memcpy(moved, p, old - sizeof(struct chunk));
    rt_heap_free(p);
    return moved;
}

size_t rt_heap_used(void)
{
    return used;
}
