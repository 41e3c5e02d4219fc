/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest_ram.h"

#include <string.h>

#include <l4/space.h>

#include <books/memory.h>

_Static_assert(MEM_LIMIT / MEM_CHUNK <= UINT16_MAX + 1, "chunk numbers fit");

enum mz_error guest_ram_take(struct domain *d)
{
    uint64_t count = d->config.memory / MEM_CHUNK;
    enum mz_error error;

    d->ram = domain_take_pages(d, (unsigned)((count * sizeof(d->ram[0]) + MEM_PAGE - 1) / MEM_PAGE),
                               &error);
    if (error)
        return error;
    if (mem_free_chunks() < count)
        return MZ_ERR_NO_MEMORY;
    if (!quota_take(&d->memory, d->config.memory))
        return MZ_ERR_QUOTA;
    for (uint64_t i = 0; i < count; i++)
        d->ram[i] = (uint16_t)(mem_take_chunk(d->number) / MEM_CHUNK);
    return MZ_OK;
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

#define BATCH 63u

uint64_t guest_ram_used(const struct domain *d)
{
    uint64_t count = d->config.memory / MEM_CHUNK, used = 0;
    L4_Fpage_t pages[BATCH];

    for (uint64_t i = 0; i < count; i += BATCH) {
        unsigned n = count - i < BATCH ? (unsigned)(count - i) : BATCH;

        for (unsigned k = 0; k < n; k++) /* no rights are taken away: only the status is read */
            pages[k] = L4_Fpage(d->ram[i + k] * MEM_CHUNK, MEM_CHUNK);
        L4_UnmapFpages(n, pages);
        for (unsigned k = 0; k < n; k++)
            used += L4_Rights(pages[k]) ? MEM_CHUNK : 0;
    }
    return used;
}
