/* SPDX-License-Identifier: BSD-2-Clause */
#include <books/regions.h>

#include <stddef.h>

#include <marzipan/vmm.h>

static struct owner {
    struct view *views;
    uint64_t watcher, bits;
} owners[MEM_OWNER_MAX];
static unsigned owner_end; /* those above never had a region */
static const struct book_world *world;

void regions_init(const struct book_world *w)
{
    world = w;
}

struct view *regions_next(const struct view *view)
{
    unsigned owner = view ? view->own->domain : 0;
    unsigned place = view ? (unsigned)(view - owners[owner].views) + 1 : 0;

    for (; owner < owner_end; owner++, place = 0) {
        for (; owners[owner].views && place < REGION_VIEWS; place++) {
            if (owners[owner].views[place].id)
                return &owners[owner].views[place];
        }
    }
    return NULL;
}

struct view *regions_find(uint64_t id)
{
    struct view *v = NULL;

    while ((v = regions_next(v)) && v->id != id)
        ;
    return v;
}

struct view *regions_between(unsigned domain, uint64_t first, uint64_t end)
{
    struct view *v = NULL;

    while ((v = regions_next(v)) &&
           (v->domain != domain || v->open || v->address >= end || v->address + v->size <= first))
        ;
    return v;
}

static enum mz_error check_place(unsigned domain, uint64_t address, uint64_t size)
{
    uint64_t offset = address - MZ_VMM_REGIONS;

    if (!size || (address | size) % MEM_PAGE || size > REGION_MAX ||
        offset > MZ_VMM_REGIONS_SIZE - size)
        return MZ_ERR_BAD_ARG;
    return regions_between(domain, address, address + size) ? MZ_ERR_EXISTS : MZ_OK;
}

static struct view *new_view(unsigned owner, const struct view *content, enum mz_error *error)
{
    static uint64_t last_id;
    struct view *v = owners[owner].views;

    if (!v)
        v = owners[owner].views = world->take_page(owner, error);
    if (owner >= owner_end)
        owner_end = owner + 1;
    for (unsigned place = 0; v && place < REGION_VIEWS; place++, v++) {
        if (v->id)
            continue;
        *v = *content;
        v->id = ++last_id;
        *error = MZ_OK;
        return v;
    }
    if (v)
        *error = MZ_ERR_QUOTA;
    return NULL;
}

static void tell(unsigned domain, unsigned by)
{
    if (domain != by && owners[domain].bits)
        world->notify(owners[domain].watcher, owners[domain].bits);
}

struct view *regions_add(unsigned owner, uint64_t address, uint64_t size, enum mz_error *error)
{
    struct view content = {.address = address, .size = size, .domain = owner, .writable = true};
    struct view *v;

    *error = check_place(owner, address, size);
    v = *error ? NULL : new_view(owner, &content, error);
    if (v)
        v->own = v;
    return v;
}

struct view *regions_offer(struct view *own, unsigned partner, bool writable, enum mz_error *error)
{
    struct view content = {.size = own->size, .own = own, .domain = partner, .writable = writable};
    struct view *v = NULL;

    *error = MZ_ERR_EXISTS;
    content.open = true;
    while ((v = regions_next(v))) {
        if (v->own == own && v->domain == partner)
            return NULL;
    }
    v = new_view(own->domain, &content, error);
    if (v)
        tell(partner, own->domain);
    return v;
}

enum mz_error regions_accept(struct view *offer, uint64_t address)
{
    enum mz_error error = check_place(offer->domain, address, offer->size);

    if (error)
        return error;
    offer->open = false;
    offer->address = address;
    tell(offer->own->domain, offer->domain);
    return MZ_OK;
}

void regions_remove(struct view *view, unsigned by)
{
    struct view *v = NULL;

    while (view->own == view && (v = regions_next(v))) {
        if (v->own == view && v != view)
            regions_remove(v, by);
    }
    tell(view->domain, by);
    tell(view->own->domain, by);
    view->id = 0;
}

void regions_watch(unsigned domain, uint64_t thread, uint64_t bits)
{
    owners[domain].watcher = thread;
    owners[domain].bits = bits;
}

void regions_forget(unsigned domain)
{
    struct view *v = NULL;

    while ((v = regions_next(v))) {
        if (v->domain == domain)
            regions_remove(v, domain);
    }
    owners[domain] = (struct owner){NULL, 0, 0};
}
