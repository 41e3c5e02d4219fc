/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slabs: pages cut into objects of one size.  What is to be known of a page is in
 * the page book, so that a page holds nothing but objects; pages with free objects
 * form the cache's list, empty ones go back to the pool.  An account pays for its
 * objects; the rest of a page is nobody's.
 */
#include "debug/check.h"
#include "debug/kdb.h"
#include "debug/panic.h"
#include "kmem.h"

static u32 slab_pages;

word_t kmem_slab_bytes(void)
{
    return (word_t)slab_pages << PAGE_SHIFT;
}

static void slab_link(struct slab_cache *c, u32 index)
{
    struct page_info *s = &page_book[index];

    s->prev = NO_PAGE;
    s->next = c->partial;
    if (s->next != NO_PAGE)
        page_book[s->next].prev = index;
    c->partial = index;
}

static void slab_unlink(struct slab_cache *c, u32 index)
{
    struct page_info *s = &page_book[index];

    if (s->prev != NO_PAGE)
        page_book[s->prev].next = s->next;
    else
        c->partial = s->next;
    if (s->next != NO_PAGE)
        page_book[s->next].prev = s->prev;
}

static bool slab_full(const struct slab_cache *c, const struct page_info *s)
{
    return !s->chain && s->untouched + c->size > PAGE_SIZE;
}

static bool slab_grow(struct slab_cache *c)
{
    void *page = pages_take(0);
    struct page_info *s;

    if (!page)
        return false;
    s = &page_book[page_index(page)];
    s->chain = s->untouched = s->used = 0;
    slab_link(c, page_index(page));
    slab_pages++;
    c->objects += PAGE_SIZE / c->size;
    kdb_cache(c);
    return true;
}

static void *slab_take(struct slab_cache *c)
{
    u32 index = c->partial;
    struct page_info *s = &page_book[index];
    char *page = page_at(index), *p;

    if (s->chain) {
        p = page + s->chain - 1;
        s->chain = *(u16 *)p;
    } else {
        p = page + s->untouched;
        s->untouched = (u16)(s->untouched + c->size);
    }
    s->used++;
    c->in_use++;
    if (slab_full(c, s))
        slab_unlink(c, index);
    return p;
}

void *slab_reuse(struct slab_cache *c)
{
    void *p = NULL;

    if (c->partial == NO_PAGE) /* may change, but then the next one finds it */
        return NULL;
    lock_take(&kmem_lock);
    if (c->partial != NO_PAGE)
        p = slab_take(c);
    lock_give(&kmem_lock);
    return p;
}

void *slab_page(struct slab_cache *c, bool sparing, void **end)
{
    u32 count = PAGE_SIZE / c->size;
    struct page_info *s;
    char *page = NULL;

    lock_take(&kmem_lock);
    if (!sparing || c->objects - c->in_use <= c->objects / 4 + count)
        page = pages_take(0);
    if (page) {
        s = &page_book[page_index(page)];
        s->chain = 0;
        s->used = (u16)count;
        s->untouched = (u16)(count * c->size);
        slab_pages++;
        c->objects += count;
        kdb_cache(c);
        c->in_use += count;
    }
    lock_give(&kmem_lock);
    *end = page ? page + count * c->size : NULL;
    return page;
}

void *slab_alloc(struct slab_cache *c, struct account *a)
{
    void *p = NULL;

    if (a && !account_reserve(a, c->size))
        return NULL;
    lock_take(&kmem_lock);
    if (c->partial != NO_PAGE || slab_grow(c))
        p = slab_take(c);
    lock_give(&kmem_lock);
    if (p)
        memset(p, 0, c->size);
    else if (a)
        account_return(a, c->size);
    return p;
}

void slab_free(struct slab_cache *c, struct account *a, void *p)
{
    u32 index = page_index(p);
    struct page_info *s = &page_book[index];
    bool was_full;

    check_poison(p, c->size);
    if (a)
        account_return(a, c->size);
    lock_take(&kmem_lock);
    was_full = slab_full(c, s);
    ASSERT(s->used > 0);
    *(u16 *)p = s->chain;
    s->chain = (u16)(((word_t)p & (PAGE_SIZE - 1)) + 1);
    s->used--;
    c->in_use--;
    if (s->used == 0) {
        if (!was_full)
            slab_unlink(c, index);
        pages_give(page_at(index), 0);
        slab_pages--;
        c->objects -= PAGE_SIZE / c->size;
    } else if (was_full) {
        slab_link(c, index);
    }
    lock_give(&kmem_lock);
}
