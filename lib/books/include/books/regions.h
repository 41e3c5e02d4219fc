/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The book of regions: memory that domains have beside their images and heaps, and what they offer of
 * it to each other.  It is a book only: whether two may share is the caller's to decide, and so are
 * the frames (service_memory.c, pager.c).
 *
 * A view is what one domain has of a region: its owner, a partner, or one to whom it is offered.
 * Those of an owner's regions lie in a page for which the owner pays, and are as many as fit.
 */
#ifndef BOOKS_REGIONS_H
#define BOOKS_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <books/directory.h>
#include <books/memory.h>
#include <marzipan/errors.h>

#define REGION_MAX MEM_CHUNK /* bytes: its frames are adjacent */

struct view {
    uint64_t id; /* 0: no view */
    uint64_t address, size;
    uint64_t phys;    /* the owner's: where the region is               */
    struct view *own; /* the owner's view of it, perhaps this one       */
    unsigned domain;
    bool writable;
    bool open; /* an offer that is not answered: no address      */
};

#define REGION_VIEWS ((unsigned)(MEM_PAGE / sizeof(struct view)))

void regions_init(const struct book_world *world);

/* All views one after the other; NULL begins and ends. */
struct view *regions_next(const struct view *view);

/* NULL: there is none. */
struct view *regions_find(uint64_t id);

/* The first region that the domain has at some of these addresses; NULL: there is none. */
struct view *regions_between(unsigned domain, uint64_t first, uint64_t end);

/* A new region, whose frames the caller adds.  NULL with the reason in *error: MZ_ERR_BAD_ARG, _EXISTS,
 * _QUOTA, _NO_MEMORY. */
struct view *regions_add(unsigned owner, uint64_t address, uint64_t size, enum mz_error *error);

/* An offer of an owner's view.  NULL: MZ_ERR_EXISTS, _QUOTA. */
struct view *regions_offer(struct view *own, unsigned partner, bool writable, enum mz_error *error);

/* MZ_ERR_BAD_ARG, _EXISTS: the offer stays open. */
enum mz_error regions_accept(struct view *offer, uint64_t address);

/* Forget a view, and with an owner's all others of its region, at the wish of a domain, which is not
 * told of it. */
void regions_remove(struct view *view, unsigned by);

/* The thread, instead of any other of the domain, is told of what others do; bits 0: nobody is. */
void regions_watch(unsigned domain, uint64_t thread, uint64_t bits);

/* The domain is no more. */
void regions_forget(unsigned domain);

#endif
