/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest_ram.h"

#include <string.h>

#include "memory.h"

/* All VMs' chunk numbers, one behind the other.  No two can have more RAM together
 * than the machine. */
static uint16_t table[MEM_LIMIT / MEM_CHUNK];
static uint64_t table_used;

_Static_assert(MEM_LIMIT / MEM_CHUNK <= UINT16_MAX + 1, "chunk numbers fit");

void guest_ram_init(struct domain *d)
{
    d->ram = &table[table_used];
    table_used += d->config->memory / MEM_CHUNK;
}

bool guest_ram_take(struct domain *d)
{
    uint64_t count = d->config->memory / MEM_CHUNK;

    if (mem_free_chunks() < count || !quota_take(&d->memory, d->config->memory))
        return false;
    for (uint64_t i = 0; i < count; i++)
        d->ram[i] = (uint16_t)(mem_take_chunk(d->number) / MEM_CHUNK);
    return true;
}

uint64_t guest_ram_chunk(const struct domain *d, uint64_t offset)
{
    uint64_t phys = d->ram[offset / MEM_CHUNK] * MEM_CHUNK;

    if (!mem_chunk_is_clean(phys)) {
        memset(mem_at(phys), 0, MEM_CHUNK);
        mem_chunk_set_clean(phys);
    }
    return phys;
}
