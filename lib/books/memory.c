/* SPDX-License-Identifier: BSD-2-Clause */
#include <books/memory.h>

#include <string.h>

#define CHUNKS      (MEM_LIMIT / MEM_CHUNK)
#define SPLITS      128 /* chunks that can be split at a time */
#define OWNER_SPLIT 0xfd
#define OWNER_NONE  0xff

/* owner is stored inverted, so that the zeroed book says "not RAM". */
struct chunk {
    uint8_t not_owner;
    uint8_t clean;
    uint16_t split; /* index into splits[] if OWNER_SPLIT */
};

struct split {
    bool used;
    uint16_t free; /* free pages                   */
    uint16_t ram;  /* pages that are RAM at all    */
    uint32_t chunk;
    uint8_t owner[MEM_PAGES];
};

static struct chunk chunks[CHUNKS];
static struct split splits[SPLITS];
static uint32_t chunk_end;  /* chunks above were never entered    */
static uint32_t first_free; /* no free chunk lies below           */
static uint64_t total, held[MEM_OWNER_MAX], free_chunks, free_pages;

static unsigned chunk_owner(uint32_t c)
{
    return (uint8_t)~chunks[c].not_owner;
}

static void set_owner(uint32_t c, unsigned owner)
{
    chunks[c].not_owner = (uint8_t)~owner;
    chunks[c].clean = 0;
}

/* A split record for chunk c, all pages with the given owner; NULL if none is left. */
static struct split *split_chunk(uint32_t c, unsigned owner)
{
    for (unsigned i = 0; i < SPLITS; i++) {
        struct split *s = &splits[i];

        if (s->used)
            continue;
        s->used = true;
        s->chunk = c;
        s->free = s->ram = owner == MEM_OWNER_FREE ? MEM_PAGES : 0;
        memset(s->owner, (int)owner, sizeof(s->owner));
        set_owner(c, OWNER_SPLIT);
        chunks[c].split = (uint16_t)i;
        return s;
    }
    return NULL;
}

static void enter_chunk(uint32_t c)
{
    set_owner(c, MEM_OWNER_FREE);
    free_chunks++;
    if (c < first_free)
        first_free = c;
}

static bool enter_page(uint32_t c, unsigned page)
{
    struct split *s;

    if (chunk_owner(c) == OWNER_SPLIT)
        s = &splits[chunks[c].split];
    else
        s = split_chunk(c, OWNER_NONE);
    if (!s || s->owner[page] != OWNER_NONE)
        return false;
    s->owner[page] = MEM_OWNER_FREE;
    s->free++;
    s->ram++;
    free_pages++;
    return true;
}

uint64_t mem_enter(uint64_t base, uint64_t size)
{
    uint64_t end = base + size > MEM_LIMIT ? MEM_LIMIT : base + size;
    uint64_t entered = 0;

    while (base < end) {
        uint32_t c = (uint32_t)(base / MEM_CHUNK);
        uint64_t step = MEM_PAGE;

        if (c >= chunk_end)
            chunk_end = c + 1;
        if (base % MEM_CHUNK == 0 && end - base >= MEM_CHUNK && chunk_owner(c) == OWNER_NONE) {
            enter_chunk(c);
            entered += step = MEM_CHUNK;
        } else if (enter_page(c, (unsigned)(base / MEM_PAGE % MEM_PAGES))) {
            entered += MEM_PAGE;
        }
        base += step;
    }
    total += entered;
    return entered;
}

uint64_t mem_take_chunk(unsigned owner)
{
    for (uint32_t c = first_free; c < chunk_end; c++) {
        if (chunk_owner(c) != MEM_OWNER_FREE)
            continue;
        set_owner(c, owner);
        first_free = c + 1;
        free_chunks--;
        held[owner] += MEM_CHUNK;
        return c * MEM_CHUNK;
    }
    first_free = chunk_end;
    return MEM_NONE;
}

/* The first of `count` adjacent free pages; MEM_PAGES if there are none. */
static unsigned find_run(const struct split *s, unsigned count)
{
    unsigned run = 0;

    for (unsigned i = 0; i < MEM_PAGES; i++) {
        run = s->owner[i] == MEM_OWNER_FREE ? run + 1 : 0;
        if (run == count)
            return i + 1 - count;
    }
    return MEM_PAGES;
}

static uint64_t take_run(struct split *s, unsigned owner, unsigned first, unsigned count)
{
    memset(s->owner + first, (int)owner, count);
    s->free = (uint16_t)(s->free - count);
    free_pages -= count;
    held[owner] += count * MEM_PAGE;
    return s->chunk * MEM_CHUNK + first * MEM_PAGE;
}

uint64_t mem_take_pages(unsigned owner, unsigned count)
{
    for (unsigned i = 0; i < SPLITS; i++) {
        struct split *s = &splits[i];
        unsigned first;

        if (!s->used || s->free < count)
            continue;
        first = find_run(s, count);
        if (first < MEM_PAGES)
            return take_run(s, owner, first, count);
    }

    /* Break up one more chunk. */
    uint64_t phys = mem_take_chunk(owner);
    struct split *s;

    if (phys == MEM_NONE)
        return MEM_NONE;
    held[owner] -= MEM_CHUNK;
    s = split_chunk((uint32_t)(phys / MEM_CHUNK), MEM_OWNER_FREE);
    if (!s) {
        enter_chunk((uint32_t)(phys / MEM_CHUNK));
        return MEM_NONE;
    }
    free_pages += MEM_PAGES;
    return take_run(s, owner, 0, count);
}

bool mem_give_chunk(unsigned owner, uint64_t phys)
{
    uint32_t c = (uint32_t)(phys / MEM_CHUNK);

    if (phys >= MEM_LIMIT || phys % MEM_CHUNK || owner >= MEM_OWNER_MAX || chunk_owner(c) != owner)
        return false;
    held[owner] -= MEM_CHUNK;
    enter_chunk(c);
    return true;
}

/* A split chunk of which all is free becomes whole again. */
static void merge(struct split *s)
{
    if (s->free != MEM_PAGES)
        return;
    s->used = false;
    free_pages -= MEM_PAGES;
    enter_chunk(s->chunk);
}

bool mem_give_pages(unsigned owner, uint64_t phys, unsigned count)
{
    uint32_t c = (uint32_t)(phys / MEM_CHUNK);
    unsigned first = (unsigned)(phys / MEM_PAGE % MEM_PAGES);
    struct split *s;

    if (phys >= MEM_LIMIT || phys % MEM_PAGE || first + count > MEM_PAGES ||
        owner >= MEM_OWNER_MAX || chunk_owner(c) != OWNER_SPLIT)
        return false;
    s = &splits[chunks[c].split];
    for (unsigned i = 0; i < count; i++) {
        if (s->owner[first + i] != owner)
            return false;
    }
    memset(s->owner + first, MEM_OWNER_FREE, count);
    s->free = (uint16_t)(s->free + count);
    free_pages += count;
    held[owner] -= count * MEM_PAGE;
    merge(s);
    return true;
}

static void give_split(unsigned owner, struct split *s, void (*revoke)(uint64_t, uint64_t))
{
    for (unsigned i = 0; s->used && i < MEM_PAGES; i++) {
        uint64_t phys = s->chunk * MEM_CHUNK + i * MEM_PAGE;

        if (s->owner[i] != owner)
            continue;
        if (revoke)
            revoke(phys, MEM_PAGE);
        mem_give_pages(owner, phys, 1);
    }
}

void mem_give_all(unsigned owner, void (*revoke)(uint64_t phys, uint64_t size))
{
    for (uint32_t c = 0; c < chunk_end && held[owner]; c++) {
        if (chunk_owner(c) == OWNER_SPLIT) {
            give_split(owner, &splits[chunks[c].split], revoke);
        } else if (chunk_owner(c) == owner) {
            if (revoke)
                revoke(c * MEM_CHUNK, MEM_CHUNK);
            mem_give_chunk(owner, c * MEM_CHUNK);
        }
    }
}

bool mem_chunk_is_clean(uint64_t phys)
{
    return phys < MEM_LIMIT && chunks[phys / MEM_CHUNK].clean;
}

void mem_chunk_set_clean(uint64_t phys)
{
    if (phys < MEM_LIMIT)
        chunks[phys / MEM_CHUNK].clean = 1;
}

uint64_t mem_total(void)
{
    return total;
}

uint64_t mem_free(void)
{
    return free_chunks * MEM_CHUNK + free_pages * MEM_PAGE;
}

uint64_t mem_free_chunks(void)
{
    return free_chunks;
}

uint64_t mem_held(unsigned owner)
{
    return owner < MEM_OWNER_MAX ? held[owner] : 0;
}
