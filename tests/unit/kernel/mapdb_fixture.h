/* SPDX-License-Identifier: BSD-2-Clause */
/* Sigma0 and five spaces with mappings. */
#ifndef MAPDB_FIXTURE_H
#define MAPDB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch/layout.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpage.h"
#include "fake.h"
#include "mapping.h"

#define SPACES 6 /* number 0 is sigma0 */
#define PAGES  8
#define BASE   0x40000000UL

static struct space *space[SPACES];

static inline struct space *make_space(unsigned account)
{
    struct space *s = space_create(&accounts[account]);

    s->pt_root = pt_create(s->account, true);
    s->table = virt_to_phys(s->pt_root).v;
    s->initialised = true;
    return s;
}

static inline void tear_down(void)
{
    for (unsigned s = 1; s < SPACES; s++) {
        struct space_destruction d = {0};

        while (space[s] && !space_destroy(space[s], &d))
            ;
    }
    memset(space, 0, sizeof(space));
}

static inline void setup(void)
{
    static bool done;

    fake_interrupt_in = 0;
    if (done)
        tear_down();
    if (!done) { /* once: the kernel's slab caches outlive a test */
        fake_init(64 << 20);
        mapdb_init();
        pt_init();
        done = true;
    }
    for (unsigned i = 0; i < SPACES; i++)
        space[i] = make_space(i + 1);
    space[0]->sigma0 = true;
    sigma0_space = space[0];
}

static inline struct pt_leaf at(unsigned s, word_t va)
{
    return pt_lookup(space[s], va);
}

/* The operations as a system call has them that is interrupted, and goes on until it is done. */

static unsigned stops; /* how often one was not done */

static inline enum map_result map(unsigned from, word_t fpage, unsigned to, word_t window,
                                  word_t base, bool grant)
{
    enum map_result r;
    word_t done = 0;

    while ((r = map_fpage(space[from], fpage, space[to], window, base, grant, &done)) ==
           MAP_INTERRUPTED)
        stops++;
    return r;
}

/* Anywhere in the space; true: all of it. */
static inline bool map_into(unsigned from, word_t fpage, unsigned to, word_t base)
{
    return map(from, fpage, to, FPAGE_COMPLETE, base, false) == MAP_DONE;
}

/* The status. */
static inline unsigned unmap(unsigned s, word_t fpage, bool flush)
{
    struct mapping *marker = kmem_pages(&accounts[0], 0); /* pool pointers reach nothing else */
    struct unmapping u = {.marker = marker};

    while (!unmap_fpage(space[s], fpage, flush, &u))
        stops++;
    kmem_pages_free(&accounts[0], marker, 0);
    return u.status;
}

static inline bool map_ports(unsigned from, word_t fpage, unsigned to, bool grant)
{
    enum map_result r;
    word_t done = 0;

    while ((r = map_io(space[from], fpage, space[to], grant, &done)) == MAP_INTERRUPTED)
        stops++;
    return r == MAP_DONE;
}

static inline void unmap_ports(unsigned s, word_t fpage, bool flush)
{
    word_t done = 0;

    while (!unmap_io(space[s], fpage, flush, &done))
        stops++;
}

static inline void unmap_all(unsigned s)
{
    unmap(s, FPAGE_COMPLETE | RIGHT_RWX, true);
    unmap_ports(s, fpage_io_make(0, 16), true);
}

#endif
