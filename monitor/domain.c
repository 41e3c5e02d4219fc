/* SPDX-License-Identifier: BSD-2-Clause */
#include "domain.h"

#include <string.h>

#include "memory.h"
#include "text.h"

struct domain domains[CONFIG_DOMAINS];
unsigned domain_count;

const char *domain_kind(const struct domain *d)
{
    return d->config->program ? "program" : "vm";
}

void *domain_take_pages(struct domain *d, unsigned count, enum mz_error *error)
{
    uint64_t phys;

    *error = MZ_OK;
    if (!quota_take(&d->memory, count * MEM_PAGE)) {
        *error = MZ_ERR_QUOTA;
        return NULL;
    }
    phys = mem_take_pages(d->number, count);
    if (phys == MEM_NONE) {
        quota_give(&d->memory, count * MEM_PAGE);
        *error = MZ_ERR_NO_MEMORY;
        return NULL;
    }
    if (count == 1)
        memset(mem_at(phys), 0, MEM_PAGE);
    return mem_at(phys);
}

void domain_holders(char *text, size_t size)
{
    text[0] = '\0';
    for (unsigned i = 0; i < domain_count; i++) {
        if (mem_held(domains[i].number))
            text_add(text, size, "%s %s, ", domains[i].config->name,
                     text_size(mem_held(domains[i].number)));
    }
    text_add(text, size, "monitor %s; %s free", text_size(mem_held(0)), text_size(mem_free()));
}
