/* SPDX-License-Identifier: BSD-2-Clause */
#include "mapdb_model.h"

#include <stdlib.h>
#include <string.h>

#include "arch/width.h"

#define NODES (MODEL_SPACES * MODEL_PAGES)

static struct node pool[NODES], *unused[NODES];
static struct node *place[MODEL_SPACES][MODEL_PAGES];
static struct node *top; /* the children of sigma0 */
static unsigned unused_count;

void model_reset(void)
{
    memset(place, 0, sizeof(place));
    top = NULL;
    for (unused_count = 0; unused_count < NODES; unused_count++)
        unused[unused_count] = &pool[unused_count];
}

struct node *model_at(unsigned space, unsigned page)
{
    return place[space][page];
}

/* Whoever may access a page at all has what the hardware cannot keep from him. */
static unsigned hardware(unsigned rights)
{
    return rights | FAULT_READ;
}

/* ---- single nodes ---- */

static struct node **children_of(struct node *parent)
{
    return parent ? &parent->child : &top;
}

static void add(struct node *parent, unsigned space, unsigned page, unsigned frame, unsigned rights,
                bool large)
{
    struct node *n = unused[--unused_count], **first = children_of(parent);

    *n = (struct node){.parent = parent,
                       .next = *first,
                       .space = space,
                       .page = page,
                       .frame = frame,
                       .rights = hardware(rights),
                       .large = large};
    if (n->next)
        n->next->prev = n;
    *first = n;
    place[space][page] = n;
}

static void drop_children(struct node *n);

static void drop(struct node *n)
{
    drop_children(n);
    if (n->prev)
        n->prev->next = n->next;
    else
        *children_of(n->parent) = n->next;
    if (n->next)
        n->next->prev = n->prev;
    place[n->space][n->page] = NULL;
    unused[unused_count++] = n;
}

static void drop_children(struct node *n)
{
    while (n->child)
        drop(n->child);
}

/* ---- the page that a node is a part of ---- */

static unsigned page_start(const struct node *n)
{
    return n->large ? n->page / SUPER * SUPER : n->page;
}

static unsigned page_count(const struct node *n)
{
    return n->large ? SUPER : 1;
}

static void make_small(struct node *n)
{
    n->large = false;
    for (struct node *c = n->child; c; c = c->next)
        make_small(c);
}

/* Cut the superpage, and what is derived from it. */
static void cut(struct node *n)
{
    unsigned space = n->space, start = page_start(n);

    for (unsigned i = 0; i < SUPER; i++)
        make_small(place[space][start + i]);
}

void model_access(struct node *n, unsigned status)
{
    unsigned start = page_start(n), count = page_count(n);

    for (unsigned i = 0; i < count; i++)
        place[n->space][start + i]->status |= status;
}

static unsigned take_status(struct node *n)
{
    unsigned status = n->status, start = page_start(n), count = page_count(n);

    for (unsigned i = 0; status && i < count; i++)
        if (place[n->space][start + i]) /* while a superpage goes, node by node */
            place[n->space][start + i]->status = 0;
    return status;
}

/* ---- mapping ---- */

/* What the receiver has in the place goes, but for what may stay; true: there is nothing to do. */
static bool make_place(const struct node *src, unsigned src_frame, unsigned to, unsigned dst,
                       unsigned count, unsigned rights, bool grant)
{
    struct node *old = place[to][dst];
    bool same = !grant && old && old->frame == src_frame && old->parent == src;

    if (old && old->large && count == 1) {
        if (same && !(rights & ~old->rights))
            return true;
        cut(old);
    }
    if (old && old->large == (count > 1) && (same || old == src)) {
        for (unsigned i = 0; same && i < count; i++)
            place[to][dst + i]->rights |= rights;
        return true;
    }
    for (unsigned i = 0; i < count; i++)
        if (place[to][dst + i])
            drop(place[to][dst + i]);
    return false;
}

static void move(struct node *n, unsigned to, unsigned dst, unsigned rights)
{
    if (rights != n->rights)
        drop_children(n); /* it would have more */
    place[n->space][n->page] = NULL;
    place[to][dst] = n;
    n->space = to;
    n->page = dst;
    n->rights = hardware(rights);
    n->status = 0;
}

void model_map(unsigned from, unsigned src, unsigned to, unsigned dst, unsigned count,
               unsigned rights, bool grant)
{
    struct node *n = from ? place[from][src] : NULL;

    if (from && !n)
        return;
    if (n)
        rights &= n->rights;
    if (!rights || make_place(n, n ? n->frame : src, to, dst, count, rights, grant))
        return;
    for (unsigned i = 0; i < count; i++) {
        n = from ? place[from][src + i] : NULL;
        if (from && !n)
            return; /* it came from what had to go */
        if (!grant) {
            add(n, to, dst + i, n ? n->frame : src + i, rights, count > 1);
            continue;
        }
        if (n->large && count == 1)
            cut(n);
        move(n, to, dst + i, rights);
    }
}

/* ---- revoking ---- */

struct revocation {
    unsigned start, end; /* frames */
    unsigned rights, status;
};

static void revoke(struct node *n, struct revocation *r);

static bool sticks_out(const struct node *n, const struct revocation *r)
{
    unsigned start = n->frame - (n->page - page_start(n));

    return start < r->start || start + page_count(n) > r->end;
}

static void revoke_children(struct node *first, struct revocation *r)
{
    for (struct node *c = first, *next; c; c = next) {
        next = c->next;
        if (c->frame < r->start || c->frame >= r->end)
            continue;
        if (r->rights && sticks_out(c, r))
            cut(c);
        revoke(c, r);
    }
}

static void revoke(struct node *n, struct revocation *r)
{
    revoke_children(n->child, r);
    r->status |= take_status(n);
    if (r->rights & RIGHT_R)
        drop(n);
    else
        n->rights = hardware(n->rights & ~r->rights);
}

unsigned model_unmap(unsigned s, unsigned first, unsigned end, unsigned rights, bool flush)
{
    struct revocation r = {.start = first, .end = end, .rights = rights};

    if (s == 0) {
        revoke_children(top, &r);
        return r.status;
    }
    for (unsigned page = first; page < end; page++) {
        struct node *n = place[s][page];

        if (!n)
            continue;
        if (flush && rights && (page_start(n) < first || page_start(n) + page_count(n) > end))
            cut(n);
        r.start = n->frame;
        r.end = n->frame + 1;
        if (n->large) { /* what is derived from it is cut only where the range ends */
            unsigned shift = n->page - page_start(n);

            r.start = n->frame - shift + (first > n->page - shift ? first - (n->page - shift) : 0);
            r.end = MIN(n->frame - shift + SUPER, n->frame + (end - page));
        }
        if (flush) {
            revoke(n, &r);
        } else {
            revoke_children(n->child, &r);
            r.status |= take_status(n);
        }
    }
    return r.status;
}
