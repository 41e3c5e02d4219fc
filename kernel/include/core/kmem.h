/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel memory: one pool of physical memory that the boot loader set aside,
 * buddies of pages below, slabs of small objects above.  Every allocation is
 * charged to an account; the root task sets the accounts' limits.
 */
#ifndef CORE_KMEM_H
#define CORE_KMEM_H

#include "arch/layout.h"
#include "types.h"

#define ACCOUNTS 1024 /* numbers 0 ..; 0 pays for the kernel and the first servers */

struct account {
    u64 limit; /* bytes */
    u64 used;
};

extern struct account accounts[ACCOUNTS];

/* An allocation cache for objects of one size, at most half a page. */
struct slab_cache {
    const char *name;
    u32 size;
    u32 first; /* offset of the first object in a page */
    void *partial;
};

#define SLAB_CACHE(n, type) {.name = (n), .size = sizeof(type)}

/* The pool [base, base + size), already mapped at POOL_BASE + physical address. */
void kmem_init(paddr_t base, u64 size);

/* 2^order zeroed pages; NULL if the account's limit or the pool is exhausted. */
void *kmem_pages(struct account *a, unsigned order);
void kmem_pages_free(struct account *a, void *p, unsigned order);

/* One zeroed object of the cache's size; NULL as above. */
void *slab_alloc(struct slab_cache *c, struct account *a);
void slab_free(struct slab_cache *c, struct account *a, void *p);

/* One word of the allocator's page book that belongs to the page's owner. */
u32 *kmem_page_aux(const void *page);

u64 kmem_total(void);
u64 kmem_free_bytes(void);

static inline paddr_t virt_to_phys(const void *p)
{
    return paddr((u64)p - POOL_BASE);
}

static inline void *phys_to_virt(paddr_t p)
{
    return (void *)(p.v + POOL_BASE);
}

/* Pool pointers packed into 32 bits: objects are 8-byte aligned and the pool lies below 32 GiB. */
typedef u32 kptr_t;

static inline kptr_t kptr(const void *p)
{
    return p ? (kptr_t)(((u64)p - POOL_BASE) >> 3) : 0;
}

static inline void *kptr_deref(kptr_t k)
{
    return k ? (void *)(((u64)k << 3) + POOL_BASE) : NULL;
}

#endif
