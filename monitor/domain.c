/* SPDX-License-Identifier: BSD-2-Clause */
#include "domain.h"

#include <string.h>

#include <books/memory.h>
#include <rt/text.h>

#include "supply.h"

struct domain domains[CONFIG_DOMAINS];
unsigned domain_end;

static uint8_t with_window[SUPPLY_WINDOWS]; /* the number of the domain, 0: it is none of ours */

struct domain *domain_next(const struct domain *d)
{
    for (unsigned i = d ? d->number : 0; i < domain_end; i++) {
        if (domains[i].state != DOMAIN_FREE)
            return &domains[i];
    }
    return NULL;
}

struct domain *domain_add(const struct domain_config *config)
{
    for (unsigned i = 0; i < CONFIG_DOMAINS; i++) {
        struct domain *d = &domains[i];

        if (d->state != DOMAIN_FREE)
            continue;
        memset(d, 0, sizeof(*d));
        d->window = supply_new_window();
        if (!d->window)
            return NULL;
        d->number = i + 1;
        with_window[d->window] = (uint8_t)d->number;
        d->config = *config;
        d->state = DOMAIN_ENDED;
        if (domain_end <= i)
            domain_end = i + 1;
        return d;
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

void domain_holders(char *text, size_t size)
{
    text[0] = '\0';
    FOR_EACH_DOMAIN(d)
    {
        if (mem_held(d->number))
            text_add(text, size, "%s %s, ", d->config.name, text_size(mem_held(d->number)));
    }
    text_add(text, size, "monitor %s; %s free", text_size(mem_held(0)), text_size(mem_free()));
}
