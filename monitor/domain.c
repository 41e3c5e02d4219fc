/* SPDX-License-Identifier: BSD-2-Clause */
#include "domain.h"

#include <string.h>

#include <books/memory.h>
#include <rt/text.h>

#include "supply.h"

struct domain domains[CONFIG_DOMAINS + 1];
unsigned domain_end;

static uint8_t with_window[SUPPLY_WINDOWS]; /* the number of the domain, 0: it is none of ours */

struct domain *domain_behind(unsigned number)
{
    for (unsigned i = number; i < domain_end; i++) {
        if (domains[i].state != DOMAIN_FREE)
            return &domains[i];
    }
    return NULL;
}

struct domain *domain_next(const struct domain *d)
{
    return domain_behind(d ? d->number : 0);
}

struct domain *domain_add_at(struct domain *d, const struct domain_config *config)
{
    memset(d, 0, sizeof(*d));
    d->window = supply_new_window();
    if (!d->window)
        return NULL;
    d->number = (unsigned)(d - domains) + 1;
    with_window[d->window] = (uint8_t)d->number;
    d->config = *config;
    d->state = DOMAIN_ENDED;
    if (d != domain_shell && domain_end < d->number)
        domain_end = d->number;
    return d;
}

struct domain *domain_add(const struct domain_config *config)
{
    for (unsigned i = 0; i < CONFIG_DOMAINS; i++) {
        if (domains[i].state == DOMAIN_FREE)
            return domain_add_at(&domains[i], config);
    }
    return NULL;
}

void domain_remove(struct domain *d)
{
    with_window[d->window] = 0;
    supply_free_window(d->window);
    d->state = DOMAIN_FREE;
}

struct domain *domain_of_window(unsigned window)
{
    return with_window[window] ? &domains[with_window[window] - 1] : NULL;
}

struct domain *domain_named(const char *name)
{
    FOR_EACH_DOMAIN(d)
    {
        if (strcmp(d->config.name, name) == 0)
            return d;
    }
    return NULL;
}

uint64_t domain_cpu_time(const struct domain *d)
{
    return supply_cpu_time(d->window) - d->cpu_before_us;
}

const char *domain_kind(const struct domain *d)
{
    return d->config.monitor ? "monitor" : d->config.program ? "program" : "vm";
}

void *domain_take_pages(struct domain *d, unsigned count, enum mz_error *error)
{
    uint64_t phys;

    *error = MZ_OK;
    if (!quota_take(&d->memory, count * MEM_PAGE)) {
        *error = MZ_ERR_QUOTA;
        return NULL;
    }
    phys = count == MEM_PAGES ? mem_take_chunk(d->number) : mem_take_pages(d->number, count);
    if (phys == MEM_NONE) {
        quota_give(&d->memory, count * MEM_PAGE);
        *error = MZ_ERR_NO_MEMORY;
        return NULL;
    }
    return memset(mem_at(phys), 0, count * MEM_PAGE);
}

void domain_give_pages(struct domain *d, uint64_t phys, unsigned count)
{
    if (count == MEM_PAGES)
        mem_give_chunk(d->number, phys);
    else
        mem_give_pages(d->number, phys, count);
    quota_give(&d->memory, count * MEM_PAGE);
}
