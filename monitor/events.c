/* SPDX-License-Identifier: BSD-2-Clause */
#include "events.h"

#include <marzipan/vm_server.h>
#include <rt/text.h>

#include "control.h"

#define EVENTS 64u

static struct mz_vm_event ring[EVENTS];
static uint64_t last; /* number of the latest event; the first is 1 */

void events_note(const struct domain *d, enum mz_vm_change what, const char *text)
{
    struct mz_vm_event *e;

    if (d == domain_shell)
        return;
    e = &ring[++last % EVENTS];
    *e = (struct mz_vm_event){.number = last, .what = what};
    text_copy(e->who, sizeof(e->who), d->config.name, sizeof(e->who));
    text_copy(e->text, sizeof(e->text), text, sizeof(e->text) - 1);
    FOR_EACH_DOMAIN(waiting)
    {
        if (L4_IsNilThread(waiting->event_waiter) || waiting->event_after >= last ||
            !control_allows(waiting, e->who))
            continue;
        mz_vm_next_event_reply(waiting->event_waiter, MZ_OK, e);
        waiting->event_waiter = L4_nilthread;
    }
}

enum mz_error events_next(const struct domain *d, uint64_t after, struct mz_vm_event *next)
{
    uint64_t oldest = last < EVENTS ? 1 : last - EVENTS + 1;

    if (after && after < oldest - 1)
        return MZ_ERR_VM_EVENTS_LOST;
    for (uint64_t n = after < oldest ? oldest : after + 1; n <= last && n; n++) {
        if (!control_allows(d, ring[n % EVENTS].who))
            continue;
        *next = ring[n % EVENTS];
        return MZ_OK;
    }
    return MZ_LATER;
}
