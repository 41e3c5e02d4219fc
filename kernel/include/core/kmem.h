/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel memory: one pool of physical memory that the boot loader set aside,
 * buddies of pages below, slabs of small objects above.  Every allocation is
 * charged to an account; the root task sets the accounts' limits.  An account's
 * number is also that of the domain that it pays for.
 */
#ifndef CORE_KMEM_H
#define CORE_KMEM_H

#include "arch/layout.h"
#include "arch/width.h"
#include "types.h"

#define ACCOUNTS 1024 /* numbers 0 ..; 0 pays for the kernel and the first servers */

struct account {
    volatile sword_t left; /* bytes; below 0 if the limit has been set below what is used */
    sword_t limit;
    u64 cpu_time; /* TSC ticks that its threads' quanta have lasted */
    u64 sent;     /* messages of threads that are no more           */
};

extern struct account accounts[ACCOUNTS];

/* An allocation cache for objects of one size, at most half a page. */
struct slab_cache {
    const char *name;
    u32 size;
    u32 partial;         /* page of the pool's book: slab.c   */
    u32 objects, in_use; /* in all its pages; of them, taken  */
};

#define SLAB_CACHE(n, type)                                                                        \
    {                                                                                              \
        .name = (n), .size = sizeof(type)                                                          \
    }

/* The pool [base, base + size), already mapped at POOL_BASE + physical address. */
void kmem_init(paddr_t base, word_t size);

/* 2^order zeroed pages; NULL if the account's limit or the pool is exhausted. */
void *kmem_pages(struct account *a, unsigned order);
void kmem_pages_free(struct account *a, void *p, unsigned order);

/* One zeroed object of the cache's size; NULL as above.  Without an account nobody pays. */
void *slab_alloc(struct slab_cache *c, struct account *a);
void slab_free(struct slab_cache *c, struct account *a, void *p);

/* An object that has been used before, as it is, and for which nobody pays; NULL: there is none. */
void *slab_reuse(struct slab_cache *c);
/* A fresh page of objects, up to *end, which all count as taken; NULL, and *end: no memory.  With
 * `sparing`, only if few of those that exist are free. */
void *slab_page(struct slab_cache *c, bool sparing, void **end);

/* Account a pays for so many bytes, false: it cannot; or no longer. */
static inline bool account_reserve(struct account *a, word_t bytes)
{
    sword_t n = (sword_t)bytes;

    if (__atomic_sub_fetch(&a->left, n, __ATOMIC_RELAXED) >= 0)
        return true;
    __atomic_add_fetch(&a->left, n, __ATOMIC_RELAXED);
    return false;
}

static inline void account_return(struct account *a, word_t bytes)
{
    __atomic_add_fetch(&a->left, (sword_t)bytes, __ATOMIC_RELAXED);
}

static inline word_t account_used(const struct account *a)
{
    return (word_t)(a->limit - a->left);
}

/* A new limit, in bytes. */
void account_set_limit(struct account *a, word_t limit);
/* Another account pays for `bytes` that were allocated from one; false: it cannot. */
bool account_move(struct account *from, struct account *to, word_t bytes);
void account_cpu_time(unsigned account, u64 ticks);
void account_sent(unsigned account, word_t messages);

/* One word of the allocator's page book that belongs to the page's owner. */
u32 *kmem_page_aux(const void *page);

word_t kmem_total(void);
word_t kmem_free_bytes(void);
/* In pages that are cut into objects, whoever pays for those. */
word_t kmem_slab_bytes(void);

static inline paddr_t virt_to_phys(const void *p)
{
    return paddr((word_t)p - POOL_BASE);
}

static inline void *phys_to_virt(paddr_t p)
{
    return (void *)((word_t)p.v + POOL_BASE);
}

/* Pool pointers in 32 bits: the window on the pool lies where addresses are sign-extended numbers. */
typedef u32 kptr_t;

static inline kptr_t kptr(const void *p)
{
    return (kptr_t)(word_t)p;
}

static inline void *kptr_deref(kptr_t k)
{
    return (void *)(sword_t)(int32_t)k;
}

#endif
