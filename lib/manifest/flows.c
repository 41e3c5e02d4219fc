/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/flows.h>

#include <manifest/service.h>
#include <string.h>

#include "relations.h"

const char flows_meaning[] =
    "Influence: a call can change what its publisher does, the answer what its user does, shared "
    "memory what both do, and all may pass it on.";

static bool is_known(const struct flow_call *calls, unsigned count, const struct flow_call *call)
{
    for (unsigned i = 0; i < count; i++) {
        if (calls[i].user == call->user && calls[i].publisher == call->publisher &&
            strcmp(calls[i].service, call->service) == 0)
            return true;
    }
    return false;
}

/* All calls that one user may make: through each of its entries, to whoever may publish some
 * of what the entry allows.  They are stored if there is a place for them; their number. */
static unsigned find_calls(const struct system *system, unsigned user, struct flow_call *calls,
                           unsigned count)
{
    const struct value *uses = &system->domains[user].common->uses;

    for (unsigned i = 0; i < uses->number; i++) {
        for (unsigned d = 0; d < system->domain_count; d++) {
            const struct value *published = &system->domains[d].common->publishes;

            for (unsigned j = 0; d != user && j < published->number; j++) {
                struct flow_call call = {
                    user, d, service_overlap(uses->items[i].text, published->items[j].text)};

                if (call.service == NULL || (calls != NULL && is_known(calls, count, &call)))
                    continue;
                if (calls != NULL)
                    calls[count] = call;
                count++;
            }
        }
    }
    return count;
}

/* Those to whom it may offer memory. */
static unsigned find_partners(const struct system *system, unsigned owner, struct flow_call *calls,
                              unsigned count)
{
    const struct value *shares = &system->domains[owner].common->shares;

    for (unsigned i = 0; i < shares->number; i++) {
        struct nearest ignored = nearest_to("");
        int partner = find_domain(system, shares->items[i].text, &ignored);

        if (calls != NULL)
            calls[count] = (struct flow_call){owner, (unsigned)partner, FLOWS_MEMORY};
        count++;
    }
    return count;
}

static bool may_control(const struct domain *d, const char *name)
{
    for (unsigned i = 0; i < d->common->controls.number; i++) {
        const char *entry = d->common->controls.items[i].text;

        if (strcmp(entry, "any") == 0 || strcmp(entry, name) == 0)
            return true;
    }
    return false;
}

/* Whom one may start and stop. */
static unsigned find_controlled(const struct system *system, unsigned user, struct flow_call *calls,
                                unsigned count)
{
    for (unsigned d = 0; d < system->domain_count; d++) {
        if (d == user || !may_control(&system->domains[user], system->domains[d].name))
            continue;
        if (calls != NULL)
            calls[count] = (struct flow_call){user, d, "control"};
        count++;
    }
    return count;
}

static unsigned find_all(const struct system *system, struct flow_call *calls)
{
    unsigned count = 0;

    for (unsigned d = 0; d < system->domain_count; d++) {
        count = find_calls(system, d, calls, count);
        count = find_partners(system, d, calls, count);
        count = find_controlled(system, d, calls, count);
    }
    return count;
}

static void list_calls(struct system *system, struct flows *flows)
{
    struct flow_call *calls;

    calls = arena_alloc(&system->arena, (find_all(system, NULL) + 1) * sizeof *calls);
    flows->call_count = find_all(system, calls);
    flows->calls = calls;
}

/* Widen the circle around one of them until nobody new comes in.  Whoever comes in knows the
 * first step of its way back. */
static void find_chains(struct flows *flows, unsigned from)
{
    unsigned queue[SYSTEM_DOMAINS], head = 0, tail = 0;
    bool seen[SYSTEM_DOMAINS] = {false};

    seen[from] = true;
    flows->apart[from][from] = 0;
    queue[tail++] = from;
    while (head < tail) {
        unsigned at = queue[head++];

        for (unsigned next = 0; next < flows->system->domain_count; next++) {
            if (flows->apart[at][next] != 1 || seen[next])
                continue;
            seen[next] = true;
            flows->apart[from][next] = (uint8_t)(flows->apart[from][at] + 1);
            flows->towards[next][from] = (uint8_t)at;
            queue[tail++] = next;
        }
    }
}

void flows_find(struct system *system, struct flows *flows)
{
    memset(flows, 0, sizeof *flows);
    flows->system = system;
    list_calls(system, flows);
    memset(flows->apart, FLOWS_ISOLATED, sizeof flows->apart);
    for (unsigned i = 0; i < flows->call_count; i++) {
        const struct flow_call *call = &flows->calls[i];

        flows->apart[call->user][call->publisher] = flows->apart[call->publisher][call->user] = 1;
    }
    for (unsigned d = 0; d < system->domain_count; d++)
        find_chains(flows, d);
}
