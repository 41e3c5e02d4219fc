/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports as mappings, one for each port, so that ports are mapped, granted
 * and revoked by the same rules as pages.  A space's book finds the mapping
 * behind a port.
 */
#include "core/arch.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "mapping.h"

#define PORTS  65536u
#define CHUNK  (PAGE_SIZE / sizeof(kptr_t))
#define CHUNKS (PORTS / CHUNK)

struct io_book {
    kptr_t *chunk[CHUNKS];
};

_Static_assert(sizeof(struct io_book) <= PAGE_SIZE, "one page");

/* The place of a port's mapping; NULL if there is none and, with create, no memory for it. */
static kptr_t *port_entry(struct space *s, u32 port, bool create)
{
    if (!s->ports && create)
        s->ports = kmem_pages(s->account, 0);
    if (!s->ports)
        return NULL;
    kptr_t **chunk = &s->ports->chunk[port / CHUNK];
    if (!*chunk && create)
        *chunk = kmem_pages(s->account, 0);
    return *chunk ? *chunk + port % CHUNK : NULL;
}

static struct mapping *port_mapping(struct space *s, u32 port)
{
    kptr_t *e = port_entry(s, port, false);

    return e ? kptr_deref(*e) : NULL;
}

static u32 mapping_port(const struct mapping *m)
{
    return (u32)(m->where >> PAGE_SHIFT);
}

static void port_remove(struct mapping *m)
{
    struct space *s = mapping_space(m);
    u32 port = mapping_port(m);

    *port_entry(s, port, false) = 0;
    arch_io_set(s, (u16)port, false);
    mapping_remove(m);
}

static void flush_port(struct mapping *m, bool self)
{
    struct mapping *next;

    for (struct mapping *d = mapping_next(m); d && d->depth > m->depth; d = next) {
        next = mapping_next(d);
        port_remove(d);
    }
    if (self)
        port_remove(m);
}

static bool map_port(struct space *from, u32 port, struct space *to, bool grant)
{
    struct mapping *src = from->sigma0 ? port_root : port_mapping(from, port);
    kptr_t *e;
    struct mapping *m;

    if (!src || port_mapping(to, port))
        return true; /* nothing to give, or there already */
    e = port_entry(to, port, true);
    if (!e || src->depth >= MAPPING_MAX_DEPTH || !arch_io_set(to, (u16)port, true))
        return false;
    if (grant && !from->sigma0)
        m = mapping_move(src, to, src->where) ? src : NULL;
    else
        m = mapping_insert(src, src->depth + 1u, to, (word_t)port << PAGE_SHIFT);
    if (!m) {
        arch_io_set(to, (u16)port, false);
        return false;
    }
    if (m == src) {
        *port_entry(from, port, false) = 0;
        arch_io_set(from, (u16)port, false);
    }
    *e = kptr(m);
    return true;
}

bool map_io(struct space *from, word_t fpage, struct space *to, bool grant)
{
    u32 first = fpage_io_port(fpage), n = 1u << MIN(fpage_io_log2(fpage), 16u);
    bool complete = true;

    if (to->sigma0 || to->vm || from == to)
        return true;
    for (u32 port = first; port < first + n && port < PORTS; port++)
        complete &= map_port(from, port, to, grant);
    return complete;
}

void unmap_io(struct space *s, word_t fpage, bool flush)
{
    u32 first = fpage_io_port(fpage), n = 1u << MIN(fpage_io_log2(fpage), 16u);
    struct mapping *next;

    if (s->sigma0) {
        for (struct mapping *d = mapping_next(port_root); d; d = next) {
            next = mapping_next(d);
            if (mapping_port(d) >= first && mapping_port(d) < first + n)
                port_remove(d);
        }
        return;
    }
    for (u32 port = first; s->ports && port < first + n && port < PORTS; port++) {
        struct mapping *m = port_mapping(s, port);

        if (m)
            flush_port(m, flush);
        else if (!s->ports->chunk[port / CHUNK])
            port |= CHUNK - 1;
    }
}

void io_book_free(struct space *s)
{
    if (!s->ports)
        return;
    for (u32 i = 0; i < CHUNKS; i++)
        if (s->ports->chunk[i])
            kmem_pages_free(s->account, s->ports->chunk[i], 0);
    kmem_pages_free(s->account, s->ports, 0);
    s->ports = NULL;
}
