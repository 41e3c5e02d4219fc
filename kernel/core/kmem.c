/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel memory pool: buddies of 2^order pages.  The page book, one entry
 * for each page, lies at the pool's start.
 */
#include "core/kmem.h"

#include "core/list.h"
#include "debug/check.h"
#include "debug/panic.h"

#define MAX_ORDER 10

struct page_info {
    u32 aux;
    u8 order; /* of the free block that starts here */
    bool free;
    u16 spare;
};

struct account accounts[ACCOUNTS];

static struct page_info *book;
static u64 pool_start; /* physical */
static word_t pool_pages, free_pages;
static struct list free_blocks[MAX_ORDER + 1];

static word_t page_index(const void *p)
{
    return (word_t)(virt_to_phys(p).v - pool_start) >> PAGE_SHIFT;
}

static void *page_at(word_t index)
{
    return phys_to_virt(paddr(pool_start + (index << PAGE_SHIFT)));
}

static void block_insert(word_t index, unsigned order)
{
    book[index].free = true;
    book[index].order = (u8)order;
    list_prepend(&free_blocks[order], page_at(index));
}

static void block_remove(word_t index)
{
    book[index].free = false;
    list_remove(page_at(index));
}

/* Free a block and merge it with its buddy for as long as that is free too. */
static void block_free(word_t index, unsigned order)
{
    free_pages += 1UL << order;
    while (order < MAX_ORDER) {
        word_t buddy = index ^ (1UL << order);

        if (buddy + (1UL << order) > pool_pages || !book[buddy].free || book[buddy].order != order)
            break;
        block_remove(buddy);
        index &= ~(1UL << order);
        order++;
    }
    block_insert(index, order);
}

void kmem_init(paddr_t base, word_t size)
{
    pool_start = base.v;
    pool_pages = size >> PAGE_SHIFT;
    book = phys_to_virt(base);
    memset(book, 0, pool_pages * sizeof(*book));
    for (unsigned i = 0; i <= MAX_ORDER; i++)
        list_init(&free_blocks[i]);

    word_t first = ALIGN_UP(pool_pages * sizeof(*book), PAGE_SIZE) >> PAGE_SHIFT;
    for (word_t i = first; i < pool_pages;) {
        unsigned order = 0;

        while (order < MAX_ORDER && !(i & (1UL << order)) && i + (2UL << order) <= pool_pages)
            order++;
        block_free(i, order);
        i += 1UL << order;
    }
    accounts[0].limit = ~(word_t)0;
    for (unsigned i = 1; i < ACCOUNTS; i++)
        accounts[i].limit = size;
}

static bool account_reserve(struct account *a, word_t bytes)
{
    if (a->used + bytes > a->limit)
        return false;
    a->used += bytes;
    return true;
}

void *kmem_pages(struct account *a, unsigned order)
{
    unsigned o = order;

    if (order > MAX_ORDER || !account_reserve(a, PAGE_SIZE << order))
        return NULL;
    while (o <= MAX_ORDER && list_empty(&free_blocks[o]))
        o++;
    if (o > MAX_ORDER) {
        a->used -= PAGE_SIZE << order;
        return NULL;
    }

    word_t index = page_index(free_blocks[o].next);
    block_remove(index);
    while (o > order) {
        o--;
        block_insert(index + (1UL << o), o);
    }
    free_pages -= 1UL << order;
    book[index].aux = 0;

    void *p = page_at(index);
    memset(p, 0, PAGE_SIZE << order);
    return p;
}

void kmem_pages_free(struct account *a, void *p, unsigned order)
{
    ASSERT(a->used >= PAGE_SIZE << order);
    a->used -= PAGE_SIZE << order;
    check_poison(p, PAGE_SIZE << order);
    block_free(page_index(p), order);
}

u32 *kmem_page_aux(const void *page)
{
    return &book[page_index(page)].aux;
}

word_t kmem_total(void)
{
    return pool_pages << PAGE_SHIFT;
}

word_t kmem_free_bytes(void)
{
    return free_pages << PAGE_SHIFT;
}
