/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface `monitor`: what nested monitors ask for their children.  Every number is one of the
 * caller's subtree before anything is done with it; what cannot be done here the supply does, which
 * in a nested monitor is the parent's answer to the same call.
 */
#include <string.h>

#include <marzipan/monitor_server.h>
#include <rt/text.h>

#include "nested.h"
#include "service.h"
#include "supply.h"

/* The caller's own window, or one of its subtree. */
static bool is_below(const struct mz_caller *caller, unsigned window)
{
    return window == caller->domain->window || grant_of(caller->domain, window);
}

enum mz_error serve_monitor_new_window(struct mz_caller *caller, uint32_t *result)
{
    return grant_new(caller->domain, result);
}

enum mz_error serve_monitor_free_window(struct mz_caller *caller, uint32_t window)
{
    struct grant *g = grant_of(caller->domain, window);

    if (!g)
        return MZ_ERR_BAD_ID;
    grant_end(g);
    return MZ_OK;
}

enum mz_error serve_monitor_kernel_memory(struct mz_caller *caller, uint32_t window, uint64_t limit,
                                          uint64_t *used, uint64_t *limit_now)
{
    struct grant *g = grant_of(caller->domain, window);
    enum mz_error error = MZ_OK;

    if (limit != SUPPLY_UNCHANGED)
        error = g ? grant_limit(g, limit) : MZ_ERR_BAD_ID;
    else if (!is_below(caller, window))
        error = MZ_ERR_BAD_ID;
    return error ? error : supply_kernel_memory(window, SUPPLY_UNCHANGED, used, limit_now);
}

enum mz_error serve_monitor_cpu_time(struct mz_caller *caller, uint32_t window, uint64_t *result)
{
    if (!is_below(caller, window))
        return MZ_ERR_BAD_ID;
    *result = supply_cpu_time(window);
    return MZ_OK;
}

enum mz_error serve_monitor_isolate(struct mz_caller *caller, uint32_t window)
{
    if (!grant_of(caller->domain, window))
        return MZ_ERR_BAD_ID;
    supply_isolate(window);
    return MZ_OK;
}

enum mz_error serve_monitor_connect(struct mz_caller *caller, uint32_t one, uint32_t other)
{
    if (!is_below(caller, one) || !is_below(caller, other))
        return MZ_ERR_BAD_ID;
    supply_connect(one, other);
    return MZ_OK;
}

/* The grant and the slot of a thread's number, if the number is the caller's. */
static struct grant *grant_of_thread(const struct mz_caller *caller, L4_ThreadId_t id,
                                     unsigned *slot)
{
    unsigned window = supply_window(id, slot);
    struct grant *g = window ? grant_of(caller->domain, window) : NULL;

    return *slot < SLOTS ? g : NULL;
}

static bool may_page(const struct mz_caller *caller, L4_ThreadId_t pager)
{
    unsigned slot, window = supply_window(pager, &slot);

    return window && is_below(caller, window);
}

/* A slot that is free, for a thread that the caller's quota allows. */
static enum mz_error reserve(const struct mz_caller *caller, const struct grant *g, unsigned slot)
{
    if (!L4_IsNilThread(g->thread[slot]))
        return MZ_ERR_BAD_ARG;
    return quota_take(&caller->domain->threads, 1) ? MZ_OK : MZ_ERR_QUOTA;
}

static enum mz_error reserved(const struct mz_caller *caller, struct grant *g, unsigned slot,
                              L4_ThreadId_t id, enum mz_error error)
{
    if (error)
        quota_give(&caller->domain->threads, 1);
    else
        g->thread[slot] = id;
    return error;
}

enum mz_error serve_monitor_create_space(struct mz_caller *caller, L4_ThreadId_t id,
                                         L4_ThreadId_t pager, bool vm)
{
    unsigned slot = SLOTS;
    struct grant *g = grant_of_thread(caller, id, &slot);
    enum mz_error error = g && may_page(caller, pager) ? reserve(caller, g, slot) : MZ_ERR_BAD_ID;

    return error ? error : reserved(caller, g, slot, id, supply_create_space(id, pager, vm));
}

enum mz_error serve_monitor_create_thread(struct mz_caller *caller, L4_ThreadId_t id,
                                          L4_ThreadId_t space, L4_ThreadId_t pager)
{
    unsigned slot = SLOTS, space_slot = SLOTS;
    struct grant *g = grant_of_thread(caller, id, &slot);
    enum mz_error error;

    if (!g || grant_of_thread(caller, space, &space_slot) != g || !may_page(caller, pager) ||
        !L4_IsThreadEqual(g->thread[space_slot], space))
        return MZ_ERR_BAD_ID;
    if (slot >= SLOT_OWN_END)
        return MZ_ERR_BAD_ARG;
    if (L4_IsThreadEqual(id, space))
        return supply_create_thread(id, space, pager);
    error = reserve(caller, g, slot);
    return error ? error : reserved(caller, g, slot, id, supply_create_thread(id, space, pager));
}

enum mz_error serve_monitor_bind_vcpu(struct mz_caller *caller, L4_ThreadId_t id,
                                      L4_ThreadId_t space)
{
    unsigned slot = SLOTS, space_slot = SLOTS;
    const struct grant *g = grant_of_thread(caller, id, &slot);

    if (!g || grant_of_thread(caller, space, &space_slot) != g)
        return MZ_ERR_BAD_ID;
    return slot < CONFIG_VCPUS ? supply_bind_vcpu(id, space) : MZ_ERR_BAD_ARG;
}

enum mz_error serve_monitor_delete_thread(struct mz_caller *caller, L4_ThreadId_t id)
{
    unsigned slot = SLOTS;
    struct grant *g = grant_of_thread(caller, id, &slot);

    if (!g || !L4_IsThreadEqual(g->thread[slot], id))
        return MZ_ERR_BAD_ID;
    supply_delete_thread(id);
    g->thread[slot] = L4_nilthread;
    quota_give(&caller->domain->threads, 1);
    return MZ_OK;
}

enum mz_error serve_monitor_boot_module(struct mz_caller *caller, uint32_t index,
                                        char name[static 64], uint64_t *address, uint64_t *size)
{
    struct mz_image at;
    const struct module *m = nested_module(caller->domain, index, &at);
    bool system = m && strcmp(m->name, caller->domain->config.system) == 0;

    if (!m)
        return MZ_ERR_NOT_FOUND;
    text_copy(name, 64, system ? "system.dtb" : m->name, sizeof(m->name));
    *address = at.addr;
    *size = at.size;
    return MZ_OK;
}

enum mz_error serve_monitor_asked_to_stop(struct mz_caller *caller, bool *result)
{
    *result = caller->domain->stop_at_ms != 0;
    return MZ_OK;
}
