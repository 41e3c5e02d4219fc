/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_names.h"

#include <stdio.h>

#include <l4/kip.h>
#include <l4/sigma0.h>
#include <l4/thread.h>

#include "domain.h"
#include "thread.h"

static void name(L4_Word_t number, const char *owner, const char *what)
{
    trace_line("thread %lu %s %s", (unsigned long)number, owner, what);
}

static void name_slot(const struct domain *d, unsigned slot)
{
    char what[24];

    if (slot == SLOT_VM)
        snprintf(what, sizeof(what), "vm");
    else if (slot >= SLOT_SPACES)
        snprintf(what, sizeof(what), "space%u", slot - SLOT_SPACES);
    else if (!d->config.program && slot < d->config.vcpus)
        snprintf(what, sizeof(what), "vcpu%u", slot);
    else if (slot == SLOT_MAIN)
        snprintf(what, sizeof(what), "main");
    else
        snprintf(what, sizeof(what), "thread%u", slot);
    name(thread_number(d, slot), d->config.name, what);
}

void trace_names(void)
{
    name(0, "kernel", "idle");
    name(L4_ThreadNo(L4_Sigma0Id()), "sigma0", "sigma0");
    name(L4_ThreadNo(L4_Myself()), "monitor", "monitor");
    FOR_EACH_DOMAIN(d)
    {
        for (unsigned slot = 0; slot < SLOTS; slot++) {
            if (d->slots_used & UINT64_C(1) << slot)
                name_slot(d, slot);
        }
    }
    if (domain_shell->slots_used)
        name_slot(domain_shell, SLOT_MAIN);
}
