/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: page tables, KIP and UTCB areas, IO ports; VM spaces too. */
#ifndef CORE_SPACE_H
#define CORE_SPACE_H

#include "core/kmem.h"
#include "core/list.h"
#include "types.h"

struct io_space;

#define NO_LEAF (~(word_t)0 / 2) /* leaf_first: none, so far away that no page is behind it */

struct space {
    const word_t *reach;     /* bit n: may send to domain n; nowhere, if there is a redirector */
    word_t leaf_first;       /* first page number of a table of small pages, used lately  */
    word_t *leaf;            /* that table                                               */
    kptr_t *leaf_nodes;      /* and its companion: pagetable.h                           */
    struct account *account; /* pays for page tables, mappings and threads; its domain  */
    word_t *pt_root;         /* top-level page table                                    */
    word_t table;            /* what the page table register holds for it               */
    u32 thread_count;
    bool initialised; /* SpaceControl has given it a KIP and a UTCB area         */
    bool vm;          /* guest-physical memory: no KIP, no UTCBs, no kernel part */
    bool privileged;  /* sigma0, sigma1, root server                             */
    bool sigma0;      /* idempotent: its memory is all physical memory           */
    u32 check_mark;   /* for debug/check.c                                       */
    word_t kip_base;
    word_t utcb_base, utcb_size;
    word_t redirector;     /* thread that gets all messages to other spaces, or nilthread */
    volatile u32 tlb_gen;  /* VM spaces: counts removals, see virt/                    */
    struct list vcpus;     /* VM spaces: the vCPUs that run in it (virt/vcpu.c)        */
    struct io_space *io;   /* ports the processor lets through (arch), on demand      */
    struct io_book *ports; /* the mappings behind them (core/ioport.c), on demand     */
};

/* The number of its domain, which is that of the account that pays for it. */
static inline unsigned space_domain(const struct space *s)
{
    return (unsigned)(s->account - accounts);
}

/* Give a new space its page tables, KIP and UTCB area; the arguments are SpaceControl's.  Returns an enum l4_error. */
unsigned space_setup(struct space *s, word_t control, word_t kip_fpage, word_t utcb_fpage);

extern struct space *sigma0_space;

/* A fresh, uninitialised space without threads; NULL: out of memory. */
struct space *space_create(struct account *a);
/* How far a destruction has got; 0 at first. */
struct space_destruction {
    word_t done;
    unsigned stage;
};

/*
 * Frees everything in it; the space must have no threads that run.  False: an interrupt
 * waits; call it again.  The processors are stopped.
 */
bool space_destroy(struct space *s, struct space_destruction *d);

/* Is a UTCB block at user address va in use? */
bool space_utcb_taken(struct space *s, word_t va);
/* Kernel alias of the UTCB block at user address va, its page allocated on demand, which is in use from
 * now on; NULL: no memory, or in use for something else. */
void *space_utcb(struct space *s, word_t va);
void space_utcb_free(struct space *s, word_t va);
/* Whether va may become a page of the kernel's: inside the UTCB area, and not taken. */
bool space_pinnable(struct space *s, word_t va);
/* A zeroed kernel page mapped read-write there; NULL: bad place, taken or no memory. */
void *space_pinned_page(struct space *s, word_t va);
void space_unpin_page(struct space *s, word_t va);

/* Whether [va, va + size) lies in the user area and touches neither KIP nor UTCB area. */
bool space_user_range(const struct space *s, word_t va, word_t size);

#endif
