/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel memory pool: buddies of 2^order pages.  The page book, one entry
 * for each page, lies at the pool's start.
 */
#include "kmem.h"

#include "arch/wide.h"
#include "debug/check.h"
#include "debug/panic.h"

#define MAX_ORDER 10

struct account accounts[ACCOUNTS];

struct lock kmem_lock;
struct page_info *page_book;
static u64 pool_start; /* physical */
static u32 pool_pages, free_pages;
static u32 free_blocks[MAX_ORDER + 1];

u32 page_index(const void *p)
{
    return (u32)((virt_to_phys(p).v - pool_start) >> PAGE_SHIFT);
}

void *page_at(u32 index)
{
    return phys_to_virt(paddr(pool_start + ((u64)index << PAGE_SHIFT)));
}

static void block_insert(u32 index, unsigned order)
{
    struct page_info *b = &page_book[index];

    b->free = true;
    b->order = (u8)order;
    b->prev = NO_PAGE;
    b->next = free_blocks[order];
    if (b->next != NO_PAGE)
        page_book[b->next].prev = index;
    free_blocks[order] = index;
}

static void block_remove(u32 index)
{
    struct page_info *b = &page_book[index];

    b->free = false;
    if (b->prev != NO_PAGE)
        page_book[b->prev].next = b->next;
    else
        free_blocks[b->order] = b->next;
    if (b->next != NO_PAGE)
        page_book[b->next].prev = b->prev;
}

/* Free a block and merge it with its buddy for as long as that is free too. */
static void block_free(u32 index, unsigned order)
{
    free_pages += 1u << order;
    while (order < MAX_ORDER) {
        u32 buddy = index ^ 1u << order;

        if (buddy + (1u << order) > pool_pages || !page_book[buddy].free ||
            page_book[buddy].order != order)
            break;
        block_remove(buddy);
        index &= ~(1u << order);
        order++;
    }
    block_insert(index, order);
}

void kmem_init(paddr_t base, word_t size)
{
    word_t book_bytes = (size >> PAGE_SHIFT) * sizeof(*page_book);
    u32 first = (u32)(ALIGN_UP(book_bytes, PAGE_SIZE) >> PAGE_SHIFT);

    pool_start = base.v;
    pool_pages = (u32)(size >> PAGE_SHIFT);
    page_book = phys_to_virt(base);
    memset(page_book, 0, ALIGN_UP(book_bytes, sizeof(word_t)));
    for (unsigned i = 0; i <= MAX_ORDER; i++)
        free_blocks[i] = NO_PAGE;
    free_pages = 0;
    for (u32 i = first; i < pool_pages;) {
        unsigned order = 0;

        while (order < MAX_ORDER && !(i & 1u << order) && i + (2u << order) <= pool_pages)
            order++;
        block_free(i, order);
        i += 1u << order;
    }
    account_set_limit(&accounts[0], ~(word_t)0);
    for (unsigned i = 1; i < ACCOUNTS; i++)
        account_set_limit(&accounts[i], size);
}

void account_set_limit(struct account *a, word_t limit)
{
    sword_t new = (sword_t)MIN(limit, ~(word_t)0 >> 1), old;

    lock_take(&kmem_lock);
    old = a->limit;
    a->limit = new;
    __atomic_add_fetch(&a->left, new - old, __ATOMIC_RELAXED);
    lock_give(&kmem_lock);
}

bool account_move(struct account *from, struct account *to, word_t bytes)
{
    if (from == to)
        return true;
    if (!account_reserve(to, bytes))
        return false;
    account_return(from, bytes);
    return true;
}

void account_cpu_time(unsigned account, u64 ticks)
{
    atomic_add_wide(&accounts[account].cpu_time, ticks);
}

void account_sent(unsigned account, word_t messages)
{
    atomic_add_wide(&accounts[account].sent, messages);
}

void *pages_take(unsigned order)
{
    unsigned o = order;
    u32 index;

    while (o <= MAX_ORDER && free_blocks[o] == NO_PAGE)
        o++;
    if (o > MAX_ORDER)
        return NULL;
    index = free_blocks[o];
    block_remove(index);
    while (o > order) {
        o--;
        block_insert(index + (1u << o), o);
    }
    free_pages -= 1u << order;
    page_book[index].aux = 0;
    return page_at(index);
}

void pages_give(void *p, unsigned order)
{
    block_free(page_index(p), order);
}

void *kmem_pages(struct account *a, unsigned order)
{
    void *p;

    if (order > MAX_ORDER || !account_reserve(a, PAGE_SIZE << order))
        return NULL;
    lock_take(&kmem_lock);
    p = pages_take(order);
    lock_give(&kmem_lock);
    if (p)
        memset(p, 0, PAGE_SIZE << order);
    else
        account_return(a, PAGE_SIZE << order);
    return p;
}

void kmem_pages_free(struct account *a, void *p, unsigned order)
{
    check_poison(p, PAGE_SIZE << order);
    account_return(a, PAGE_SIZE << order);
    lock_take(&kmem_lock);
    pages_give(p, order);
    lock_give(&kmem_lock);
}

u32 *kmem_page_aux(const void *page)
{
    return &page_book[page_index(page)].aux;
}

word_t kmem_total(void)
{
    return (word_t)pool_pages << PAGE_SHIFT;
}

word_t kmem_free_bytes(void)
{
    return (word_t)free_pages << PAGE_SHIFT;
}
