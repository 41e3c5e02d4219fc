/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slabs: pages cut into objects of one size.  Each page starts with a header;
 * pages with free objects form the cache's list, empty ones go back to the pool.
 * An account pays for its objects; the rest of a page is nobody's.
 */
#include "core/kmem.h"
#include "debug/check.h"
#include "debug/panic.h"

struct slab {
    struct slab *next, *prev; /* in the cache's list of pages with free objects */
    void *free;               /* chain of freed objects                         */
    u16 used;
    u16 untouched; /* offset of the first object that was never handed out */
    u32 spare;
};

#define FIRST ALIGN_UP(sizeof(struct slab), 16)

static void slab_link(struct slab_cache *c, struct slab *s)
{
    s->prev = NULL;
    s->next = c->partial;
    if (s->next)
        s->next->prev = s;
    c->partial = s;
}

static void slab_unlink(struct slab_cache *c, struct slab *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        c->partial = s->next;
    if (s->next)
        s->next->prev = s->prev;
}

static bool slab_full(const struct slab_cache *c, const struct slab *s)
{
    return !s->free && s->untouched + c->size > PAGE_SIZE;
}

void *slab_alloc(struct slab_cache *c, struct account *a)
{
    struct slab *s = c->partial;
    void *p;

    if (a->used + c->size > a->limit)
        return NULL;
    if (!s) {
        s = kmem_pages(&accounts[0], 0);
        if (!s)
            return NULL;
        s->untouched = FIRST;
        slab_link(c, s);
    }
    if (s->free) {
        p = s->free;
        s->free = *(void **)p;
        memset(p, 0, c->size);
    } else {
        p = (char *)s + s->untouched; /* still zero from kmem_pages() */
        s->untouched = (u16)(s->untouched + c->size);
    }
    s->used++;
    if (slab_full(c, s))
        slab_unlink(c, s);
    a->used += c->size;
    return p;
}

void slab_free(struct slab_cache *c, struct account *a, void *p)
{
    struct slab *s = (struct slab *)ALIGN_DOWN((word_t)p, PAGE_SIZE);
    bool was_full = slab_full(c, s);

    ASSERT(a->used >= c->size && s->used > 0);
    a->used -= c->size;
    check_poison(p, c->size);
    *(void **)p = s->free;
    s->free = p;
    s->used--;
    if (s->used == 0) {
        if (!was_full)
            slab_unlink(c, s);
        kmem_pages_free(&accounts[0], s, 0);
    } else if (was_full) {
        slab_link(c, s);
    }
}
