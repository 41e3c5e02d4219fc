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
#include "core/cpu.h"
#include "core/fpage.h"
#include "fake.h"
#include "mapping.h"

#define SPACES 6 /* number 0 is sigma0 */
#define PAGES  8
#define BASE   0x40000000UL

struct cpu boot_cpu;

static struct space *space[SPACES];

static inline struct space *make_space(unsigned account)
{
    struct space *s = space_create(&accounts[account]);

    s->pt_root = pt_create(s->account, true);
    s->initialised = true;
    return s;
}

static inline void tear_down(void)
{
    for (unsigned s = 1; s < SPACES; s++)
        if (space[s])
            space_destroy(space[s]);
    memset(space, 0, sizeof(space));
}

static inline void setup(void)
{
    static bool done;

    if (done)
        tear_down();
    if (!done) { /* once: the kernel's slab caches outlive a test */
        fake_init(64 << 20);
        mapdb_init();
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

#endif
