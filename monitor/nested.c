/* SPDX-License-Identifier: BSD-2-Clause */
#include "nested.h"

#include <string.h>

#include <books/memory.h>
#include <rt/text.h>

#include "log.h"
#include "supply.h"

#define GRANTS 128u /* of all nested monitors */

static struct grant grants[GRANTS];

struct grant *grant_of(const struct domain *owner, unsigned window)
{
    for (unsigned i = 0; i < GRANTS; i++) {
        if (grants[i].owner == owner && grants[i].window == window)
            return &grants[i];
    }
    return NULL;
}

enum mz_error grant_new(struct domain *owner, unsigned *window)
{
    struct grant *g = grant_of(NULL, 0);

    if (!g || !quota_take(&owner->windows, 1))
        return MZ_ERR_QUOTA;
    *window = supply_new_window();
    if (!*window) {
        quota_give(&owner->windows, 1);
        return MZ_ERR_QUOTA;
    }
    g->owner = owner;
    g->window = *window;
    return MZ_OK;
}

/* What is left to the owner itself. */
static uint64_t own_part(const struct domain *owner)
{
    uint64_t left = owner->config.kernel_memory;

    for (unsigned i = 0; i < GRANTS; i++) {
        if (grants[i].owner == owner)
            left -= grants[i].kernel_memory < left ? grants[i].kernel_memory : left;
    }
    return left;
}

/* The owner is limited first, and then looked at: it may be running on another processor. */
enum mz_error grant_limit(struct grant *g, uint64_t limit)
{
    const struct domain *owner = g->owner;
    uint64_t before = g->kernel_memory, rest = own_part(owner) + before, used;

    if (limit > rest)
        return MZ_ERR_QUOTA;
    g->kernel_memory = limit;
    if (limit > before) {
        supply_kernel_memory(owner->window, rest - limit, &used, NULL);
        if (used <= rest - limit && !supply_kernel_memory(g->window, limit, NULL, NULL))
            return MZ_OK;
        g->kernel_memory = before;
    } else {
        supply_kernel_memory(g->window, limit, &used, NULL);
        if (used > limit)
            g->kernel_memory = used;
    }
    supply_kernel_memory(owner->window, own_part(owner), NULL, NULL);
    return limit > before ? MZ_ERR_QUOTA : MZ_OK;
}

void grant_end(struct grant *g)
{
    struct domain *owner = g->owner;

    for (unsigned slot = SLOTS; slot-- > 0;) {
        if (L4_IsNilThread(g->thread[slot]))
            continue;
        supply_delete_thread(g->thread[slot]);
        quota_give(&owner->threads, 1);
    }
    grant_limit(g, 0);
    if (g->kernel_memory)
        log_warn("monitor %s: the kernel still holds %s of memory for a domain below it",
                 owner->config.name, text_size(g->kernel_memory));
    supply_free_window(g->window);
    quota_give(&owner->windows, 1);
    memset(g, 0, sizeof(*g));
}

void nested_end(const struct domain *d)
{
    for (unsigned i = 0; i < GRANTS; i++) {
        if (grants[i].owner == d)
            grant_end(&grants[i]);
    }
}

/* Modules lie behind each other, each in step with its physical address, so that large pages can
 * be used. */
const struct module *nested_module(const struct domain *d, unsigned index, struct mz_image *at)
{
    uint64_t next = MZ_MONITOR_MODULES;
    const char *word = d->config.modules;

    for (unsigned i = 0;; i++) {
        const struct module *m;
        char name[sizeof(m->name)];

        word += strspn(word, " ");
        if (!*word)
            return NULL;
        text_copy(name, sizeof(name), word, strcspn(word, " "));
        word += strcspn(word, " ");
        m = module_find(name);
        if (!m)
            return NULL;
        at->addr = next + mem_address(m->data) % MEM_CHUNK;
        at->size = m->size;
        next = (at->addr + m->size + MEM_CHUNK - 1) & ~(MEM_CHUNK - 1);
        if (next > MZ_MONITOR_MODULES + MZ_MONITOR_MODULES_SIZE)
            return NULL;
        if (i == index)
            return m;
    }
}
