/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports as mappings, one for each port, so that ports are mapped, granted
 * and revoked by the same rules as pages.  A space's book finds the mapping
 * behind a port.
 */
#include "core/arch.h"
#include "core/cpus.h"
#include "core/fpage.h"
#include "core/lock.h"
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

/* False: interrupted. */
static bool flush_port(struct mapping *m, bool self)
{
    struct mapping *d;

    for (unsigned n = 1; (d = mapping_next(m))->depth > m->depth; n++) {
        port_remove(d);
        if (n % MAPPING_STEP == 0 && cpu_interrupted())
            return false;
    }
    if (self)
        port_remove(m);
    return true;
}

/* False: no memory. */
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

/* [*first, *end) of an IO fpage. */
static void ports_of(word_t fpage, u32 *first, u32 *end)
{
    *first = fpage_io_port(fpage);
    *end = MIN(*first + (1u << MIN(fpage_io_log2(fpage), 16u)), PORTS);
}

#define LEFT_OUT 0x80000000u /* in *done, which counts ports: no memory for some of them */

enum map_result map_io(struct space *from, word_t fpage, struct space *to, bool grant, word_t *done)
{
    enum map_result result = MAP_INTERRUPTED;
    u32 first, end, port;

    ports_of(fpage, &first, &end);
    if (to->sigma0 || to->vm || from == to)
        return MAP_DONE;
    lock_take(&mapdb_lock);
    for (unsigned n = 1; (port = first + (u32)(*done & ~(word_t)LEFT_OUT)) < end; n++) {
        if (n % MAPPING_STEP == 0 && cpu_interrupted())
            break;
        if (!map_port(from, port, to, grant))
            *done |= LEFT_OUT;
        ++*done;
    }
    if (port >= end)
        result = *done & LEFT_OUT ? MAP_NO_MEMORY : MAP_DONE;
    cpus_flush();
    lock_give(&mapdb_lock);
    return result;
}

static bool unmap_ports(struct space *s, u32 first, u32 end, bool flush, word_t *done)
{
    u32 port;

    for (unsigned n = 1; (port = first + (u32)*done) < end && s->ports; n++) {
        struct mapping *m = port_mapping(s, port);

        if (n % MAPPING_STEP == 0 && cpu_interrupted())
            return false;
        if (m && !flush_port(m, flush))
            return false;
        if (!m && !s->ports->chunk[port / CHUNK])
            *done = (port | (CHUNK - 1)) - first;
        ++*done;
    }
    return true;
}

/* Sigma0 has all ports, and no book of them: what it unmaps goes from everybody. */
static bool unmap_root(u32 first, u32 end, word_t *done)
{
    struct mapping *next;

    for (struct mapping *d = mapping_next(port_root); d->depth; d = next) {
        next = mapping_next(d);
        if (mapping_port(d) >= first && mapping_port(d) < end)
            port_remove(d);
    }
    *done = end - first;
    return true;
}

bool unmap_io(struct space *s, word_t fpage, bool flush, word_t *done)
{
    u32 first, end;
    bool all;

    ports_of(fpage, &first, &end);
    lock_take(&mapdb_lock);
    all = s->sigma0 ? unmap_root(first, end, done) : unmap_ports(s, first, end, flush, done);
    cpus_flush();
    lock_give(&mapdb_lock);
    return all;
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
