/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/ram.h"

#include <string.h>

bool ram_init(struct ram *ram, void *base, uint64_t size)
{
    if (size < RAM_MIN || size > RAM_MAX || size % CHUNK_SIZE != 0)
        return false;
    ram->base = base;
    ram->size = size;
    ram->low = size < RAM_HOLE ? size : RAM_HOLE;
    return true;
}

gpa_t ram_end(const struct ram *ram)
{
    return gpa(ram->size > ram->low ? RAM_HIGH + (ram->size - ram->low) : RAM_HIGH);
}

bool ram_offset(const struct ram *ram, gpa_t addr, uint64_t size, uint64_t *offset)
{
    uint64_t start = addr.raw, limit = ram->low;
    if (start >= RAM_HIGH) {
        start = start - RAM_HIGH + RAM_HOLE;
        limit = ram->size > ram->low ? ram->size : 0;
    }
    if (start >= limit || size > limit - start)
        return false;
    *offset = start;
    return true;
}

bool ram_add_source(struct ram *ram, gpa_t addr, const void *from, uint64_t size)
{
    uint64_t offset;
    if (size == 0)
        return true;
    if (ram->source_count == RAM_SOURCES || !ram_offset(ram, addr, size, &offset))
        return false;
    ram->sources[ram->source_count++] = (struct ram_source){offset, size, from};
    return true;
}

static void fill_from(struct ram *ram, const struct ram_source *source, uint64_t chunk)
{
    uint64_t start = source->offset > chunk ? source->offset : chunk;
    uint64_t end = source->offset + source->size;
    if (end > chunk + CHUNK_SIZE)
        end = chunk + CHUNK_SIZE;
    if (start < end)
        memcpy(ram->base + start, source->from + (start - source->offset), end - start);
}

static bool fill_now(struct ram *ram, uint64_t index, uint64_t *filled, uint64_t bit)
{
    if (*filled & bit)
        return false;
    for (unsigned i = 0; i < ram->source_count; i++)
        fill_from(ram, &ram->sources[i], index * CHUNK_SIZE);
    ram->filled_chunks++;
    __atomic_store_n(filled, *filled | bit, __ATOMIC_RELEASE);
    return true;
}

bool ram_fill(struct ram *ram, uint64_t offset)
{
    uint64_t index = offset / CHUNK_SIZE, bit = UINT64_C(1) << (index % 64);
    uint64_t *filled = &ram->filled[index / 64];
    if (__atomic_load_n(filled, __ATOMIC_ACQUIRE) & bit)
        return false;
    lock_take(&ram->lock);
    bool new = fill_now(ram, index, filled, bit);
    lock_drop(&ram->lock);
    return new;
}

void *ram_pointer(struct ram *ram, gpa_t addr, uint64_t size)
{
    uint64_t offset;
    if (!ram_offset(ram, addr, size, &offset))
        return NULL;
    for (uint64_t at = offset - offset % CHUNK_SIZE; at < offset + size; at += CHUNK_SIZE)
        ram_fill(ram, at);
    return ram->base + offset;
}
