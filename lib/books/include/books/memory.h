/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory book: who holds which frame of the machine's RAM.
 *
 * RAM is kept in chunks of 2 MiB, the size that guests get.  A chunk belongs to
 * one owner as a whole, or it is split and has an owner for each 4 KiB page.
 * An owner is a domain's number; 0 is the monitor itself.  The book knows
 * addresses only and never touches the memory.
 */
#ifndef BOOKS_MEMORY_H
#define BOOKS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define MEM_PAGE  UINT64_C(4096)
#define MEM_CHUNK UINT64_C(0x200000)
#define MEM_PAGES 512u                 /* pages of a chunk                  */
#define MEM_LIMIT (UINT64_C(64) << 30) /* RAM above stays unused            */
#define MEM_NONE  (~UINT64_C(0))

#define MEM_OWNER_MAX  0xf0 /* owners are below            */
#define MEM_OWNER_FREE 0xfe

/* Enter RAM, page-aligned and not entered before, as free.  Returns the bytes
 * entered: less than size if it lies above MEM_LIMIT or in too many pieces. */
uint64_t mem_enter(uint64_t base, uint64_t size);

/* Take a chunk, or `count` (1 to 512) adjacent pages; the physical address, or
 * MEM_NONE.  The contents are whatever the last owner left. */
uint64_t mem_take_chunk(unsigned owner);
uint64_t mem_take_pages(unsigned owner, unsigned count);

/* Give back what the owner took.  Giving what it does not own is a bug of the
 * monitor and is ignored: false. */
bool mem_give_chunk(unsigned owner, uint64_t phys);
bool mem_give_pages(unsigned owner, uint64_t phys, unsigned count);

/* Give back everything the owner holds, calling revoke (unless NULL) for each
 * chunk or page before it counts as free. */
void mem_give_all(unsigned owner, void (*revoke)(uint64_t phys, uint64_t size));

/* Whether the chunk has been cleared for its present owner, and the note of it. */
bool mem_chunk_is_clean(uint64_t phys);
void mem_chunk_set_clean(uint64_t phys);

/* The monitor sees memory where it is: addresses as pointers, and back. */
static inline void *mem_at(uint64_t phys)
{
    return (void *)(uintptr_t)phys;
}

static inline uint64_t mem_address(const void *p)
{
    return (uintptr_t)p;
}

uint64_t mem_total(void);          /* bytes entered                          */
uint64_t mem_free(void);           /* bytes free, in chunks and pages        */
uint64_t mem_free_chunks(void);    /* number of whole chunks free            */
uint64_t mem_held(unsigned owner); /* bytes                                  */

#endif
