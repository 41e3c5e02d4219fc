/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of mappings: memory for them, their places, markers in between. */
#include "mapping.h"

#include "core/cpu.h"
#include "debug/panic.h"

static struct slab_cache mappings = SLAB_CACHE("mapping", struct mapping);

struct mapping *memory_root, *port_root;

static void link_behind(struct mapping *m, struct mapping *after)
{
    m->prev = kptr(after);
    m->next = after->next;
    list_next(m)->prev = kptr(m);
    after->next = kptr(m);
}

static void unlink_mapping(struct mapping *m)
{
    list_prev(m)->next = m->next;
    list_next(m)->prev = m->prev;
}

/*
 * New mappings come from where others have been freed, as long as there are such places;
 * else from a fresh page that this processor has for that.
 */
static struct mapping *node_take(struct account *a)
{
    struct cpu *cpu = this_cpu();
    struct mapping *m;

    if (!account_reserve(a, sizeof(*m)))
        return NULL;
    m = slab_reuse(&mappings);
    if (m)
        return m;
    if (cpu->nodes == cpu->nodes_end)
        cpu->nodes = slab_page(&mappings, false, (void **)&cpu->nodes_end);
    m = cpu->nodes;
    if (m)
        cpu->nodes++;
    else
        account_return(a, sizeof(*m));
    return m;
}

bool mapping_refill(void)
{
    struct cpu *cpu = this_cpu();

    cpu->nodes = slab_page(&mappings, true, (void **)&cpu->nodes_end);
    return cpu->nodes;
}

struct mapping *mapping_insert(struct mapping *after, unsigned depth, struct space *s, word_t where)
{
    struct mapping *m = node_take(s->account);

    if (!m)
        return NULL;
    *m = (struct mapping){.space = kptr(s), .depth = (u16)depth, .where = where};
    link_behind(m, after);
    return m;
}

#define MARKERS 64 /* if there are so many, no further revocation stops */

/* Markers in the list: the revocations that have stopped in the middle. */
static struct mapping *markers[MARKERS];
static unsigned marker_count;

void marker_void(struct mapping *m)
{
    if (!(m->status & MAPPING_MARKED))
        return;
    for (unsigned i = 0; i < marker_count; i++)
        if (markers[i]->where == kptr(m))
            markers[i]->where = 0;
    m->status &= (u8)~MAPPING_MARKED;
}

void mapping_remove(struct mapping *m)
{
    marker_void(m);
    unlink_mapping(m);
    slab_free(&mappings, mapping_space(m)->account, m);
}

bool mapping_move(struct mapping *m, struct space *to, word_t where)
{
    if (!account_move(mapping_space(m)->account, to->account, sizeof(*m)))
        return false;
    marker_void(m);
    m->space = kptr(to);
    m->where = where;
    return true;
}

bool marker_insert(struct mapping *marker, struct mapping *after, struct mapping *m)
{
    if (marker_count == ARRAY_SIZE(markers))
        return false;
    markers[marker_count++] = marker;
    *marker = (struct mapping){.depth = MARKER_DEPTH, .where = kptr(m)};
    link_behind(marker, after);
    m->status |= MAPPING_MARKED;
    return true;
}

void marker_remove(struct mapping *marker)
{
    unsigned i = 0;

    while (markers[i] != marker)
        i++;
    markers[i] = markers[--marker_count];
    unlink_mapping(marker);
    marker->depth = 0;
}

/* A list's first and last member, of depth 0, between which all others are. */
static INIT struct mapping *new_list(void)
{
    struct mapping *first = slab_alloc(&mappings, &accounts[0]);
    struct mapping *last = slab_alloc(&mappings, &accounts[0]);

    ASSERT(first && last);
    first->next = kptr(last);
    last->prev = kptr(first);
    return first;
}

INIT void mapdb_init(void)
{
    memory_root = new_list();
    port_root = new_list();
}
