/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `memory`: regions, and who may share them with whom. */
#include <string.h>

#include <books/memory.h>
#include <books/regions.h>
#include <manifest/path.h>
#include <marzipan/memory_server.h>
#include <rt/text.h>

#include "build_domain.h"
#include "service.h"

enum mz_error serve_memory_allocate(struct mz_caller *caller, uint64_t size, uint64_t address,
                                    uint64_t *result)
{
    struct domain *d = caller->domain;
    enum mz_error error;
    struct view *v;
    void *frames;

    if (d->config.monitor) /* its RAM lies where others have regions */
        return MZ_ERR_BAD_ARG;
    v = regions_add(d->number, address, size, &error);
    if (!v)
        return error;
    frames = domain_take_pages(d, (unsigned)(size / MEM_PAGE), &error);
    if (!frames) {
        regions_remove(v, d->number);
        return error;
    }
    v->phys = mem_address(frames);
    *result = v->id;
    return MZ_OK;
}

/* What the caller has of a region, or is offered; NULL: it is something else, or another's. */
static struct view *find(const struct mz_caller *caller, uint64_t id, bool own, bool open)
{
    struct view *v = regions_find(id);
    bool good = v && v->domain == caller->domain->number && (v->own == v) == own && v->open == open;

    return good ? v : NULL;
}

/* The end of a view.  All who have its region lose its pages; who still may have them gets them back
 * at the next touch. */
static enum mz_error end(const struct mz_caller *caller, struct view *v)
{
    if (!v)
        return MZ_ERR_BAD_ID;
    if (!v->open)
        build_unmap(v->own->phys, v->size);
    if (v->own == v)
        domain_give_pages(caller->domain, v->phys, (unsigned)(v->size / MEM_PAGE));
    regions_remove(v, caller->domain->number);
    return MZ_OK;
}

enum mz_error serve_memory_release(struct mz_caller *caller, uint64_t id)
{
    return end(caller, find(caller, id, true, false));
}

enum mz_error serve_memory_decline(struct mz_caller *caller, uint64_t offer_id)
{
    return end(caller, find(caller, offer_id, false, true));
}

enum mz_error serve_memory_leave(struct mz_caller *caller, uint64_t id)
{
    return end(caller, find(caller, id, false, false));
}

enum mz_error serve_memory_revoke(struct mz_caller *caller, uint64_t offer_id)
{
    struct view *v = regions_find(offer_id);

    return end(caller, v && v->own != v && v->own->domain == caller->domain->number ? v : NULL);
}

enum mz_error serve_memory_share(struct mz_caller *caller, uint64_t id, const char *partner,
                                 enum mz_memory_access rights, uint64_t *result)
{
    struct view *v = find(caller, id, true, false);
    const struct domain *p = domain_named(partner);
    enum mz_error error;

    if (!v)
        return MZ_ERR_BAD_ID;
    if (!path_in_list(caller->domain->config.shares, partner))
        return service_deny(caller->domain, "share memory with", partner);
    if (!p || p->state != DOMAIN_RUNNING)
        return MZ_ERR_NOT_FOUND;
    v = regions_offer(v, p->number, rights == MZ_MEMORY_READ_WRITE, &error);
    *result = v ? v->id : 0;
    return error;
}

enum mz_error serve_memory_accept(struct mz_caller *caller, uint64_t offer_id, uint64_t address)
{
    struct view *v = find(caller, offer_id, false, true);

    if (!v)
        return MZ_ERR_BAD_ID;
    return caller->domain->config.monitor ? MZ_ERR_BAD_ARG : regions_accept(v, address);
}

enum mz_error serve_memory_watch(struct mz_caller *caller, uint64_t bits)
{
    regions_watch(caller->domain->number, caller_thread(caller).raw, bits);
    return MZ_OK;
}

enum mz_error serve_memory_quota_of_caller(struct mz_caller *caller, uint64_t *used,
                                           uint64_t *limit, uint64_t *shared)
{
    const struct domain *d = caller->domain;

    *used = d->memory.used;
    *limit = d->memory.limit;
    for (const struct view *v = NULL; (v = regions_next(v));)
        *shared += v->domain == d->number && v->own != v && !v->open ? v->size : 0;
    return MZ_OK;
}

enum mz_error serve_memory_list(struct mz_caller *caller, bool offered, uint32_t first,
                                const struct mz_memory_region **some, uint32_t *count)
{
    static struct mz_memory_region found[64];
    const struct view *v = NULL;

    memset(found, 0, sizeof(found));
    while (*count < 64 && (v = regions_next(v))) {
        struct mz_memory_region *r = &found[*count];

        if (v->domain != caller->domain->number || v->open != offered || (first && first--))
            continue;
        r->id = v->id;
        r->address = v->address;
        r->size = v->size;
        text_copy(r->owner, sizeof(r->owner), domains[v->own->domain - 1].config.name, MZ_NAME_MAX);
        r->rights = v->writable ? MZ_MEMORY_READ_WRITE : MZ_MEMORY_READ_ONLY;
        ++*count;
    }
    *some = found;
    return MZ_OK;
}
