/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel memory: the pool, who pays, what slabs hold. */
#include "core/arch.h"
#include "kdb.h"

#define CACHES 16

static const struct slab_cache *caches[CACHES];

void kdb_cache(const struct slab_cache *c)
{
    for (unsigned i = 0; i < CACHES && caches[i] != c; i++) {
        if (caches[i])
            continue;
        caches[i] = c;
        return;
    }
}

static void print_domain(unsigned n)
{
    const struct account *a = &accounts[n];

    kprintf("%8u %10lu ", n, account_used(a) / 1024);
    if (n == 0)
        kprintf("%10s", "-");
    else
        kprintf("%10lu", (word_t)a->limit / 1024);
    kprintf(" %14llu\n", kdb_us(a->cpu_time));
}

void kdb_cmd_memory(const struct kdb_args *a)
{
    kprintf("pool: %lu KiB, %lu free, %lu in slabs\n", kmem_total() / 1024,
            kmem_free_bytes() / 1024, kmem_slab_bytes() / 1024);
    kprintf("%8s %10s %10s %14s\n", "domain", "KiB", "limit", "processor us");
    for (unsigned n = 0; n < ACCOUNTS; n++)
        if (n == 0 || account_used(&accounts[n]) || accounts[n].cpu_time)
            print_domain(n);
    kprintf("%24s %6s %8s %8s\n", "slab", "bytes", "objects", "in use");
    for (unsigned i = 0; i < CACHES && caches[i]; i++)
        kprintf("%24s %6u %8u %8u\n", caches[i]->name, caches[i]->size, caches[i]->objects,
                caches[i]->in_use);
}
