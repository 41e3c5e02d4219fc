/* SPDX-License-Identifier: BSD-2-Clause */
#include "status.h"

#include <stdio.h>

#include "console.h"
#include "domain.h"
#include "kernel_memory.h"
#include "log.h"
#include "memory.h"
#include "text.h"

static const char *state_name(const struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        return d->paused ? "paused" : d->stop_at_ms ? "stopping" : "running";
    case DOMAIN_DEPENDING:
        return "depending";
    case DOMAIN_WAITING:
        return "restarting";
    case DOMAIN_FREE:
    case DOMAIN_ENDED:
        break;
    }
    return d->succeeded ? "off" : "failed";
}

static void show_domain(const struct domain *d)
{
    uint64_t used, limit, up = 0;

    kernel_memory_get(d->number, &used, &limit);
    if (d->state == DOMAIN_RUNNING)
        up = (now_ms() - d->history.started_ms) / 1000;
    console_say("%2u  %-16s %-10s %7lu s  %3u starts  memory %s of %s  kernel %s of %s  "
                "threads %lu of %lu",
                d->number, d->config.name, state_name(d), (unsigned long)up, d->incarnation,
                text_size(d->memory.used), text_size(d->memory.limit), text_size(used),
                text_size(limit), (unsigned long)d->threads.used, (unsigned long)d->threads.limit);
}

void status_show(void)
{
    FOR_EACH_DOMAIN(d)
    {
        show_domain(d);
    }
    console_say("    monitor %s; free %s of %s", text_size(mem_held(0)), text_size(mem_free()),
                text_size(mem_total()));
}
