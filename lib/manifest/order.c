/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which VMs and programs start: what "after" names is there, and no circle of
 * them waits for each other. */
#include <string.h>

#include "check.h"
#include "relations.h"

struct order {
    struct system *system;
    /* From its start: who waits for whom, and which entry says so. */
    struct step {
        unsigned domain;
        const struct value *entry;
    } path[SYSTEM_DOMAINS];
    bool done[SYSTEM_DOMAINS];
};

/* Whom the entry waits for. */
static int awaited(struct system *system, const struct value *entry, struct nearest *nearest)
{
    const struct domain *publisher;

    *nearest = nearest_to(entry->text);
    if (*entry->text != '/')
        return find_domain(system, entry->text, nearest);
    publisher = find_publisher(system, entry->text, nearest);
    return publisher != NULL ? (int)(publisher - system->domains) : NOBODY;
}

static void check_entry(struct system *system, const struct value *entry)
{
    struct nearest nearest;

    if (awaited(system, entry, &nearest) != NOBODY)
        return;
    if (*entry->text == '/') {
        report_unpublished(system, entry, nearest.best);
        return;
    }
    report_nobody(system, entry, nearest.best);
}

static const char *step_name(const struct order *order, unsigned step)
{
    return order->system->domains[order->path[step].domain].name;
}

/* path[first] to path[last], which waits for path[first]. */
static void report_circle(const struct order *order, unsigned first, unsigned last)
{
    struct arena *arena = &order->system->arena;
    struct report *report = &order->system->report;
    const char *circle = "";

    for (unsigned i = first; i <= last; i++)
        circle = arena_format(arena, "%s%s -> ", circle, step_name(order, i));
    report_error(report, order->path[first].entry->at, "%s: %s%s",
                 first == last ? "this waits for itself" : "each of these waits for the next",
                 circle, step_name(order, first));
    for (unsigned i = first; i <= last; i++) {
        const struct value *entry = order->path[i].entry;

        report_note(report, "line %u: \"%s\" is after \"%s\"%s", entry->at.line,
                    step_name(order, i), entry->text,
                    *entry->text != '/'
                        ? ""
                        : arena_format(arena, ", which \"%s\" publishes",
                                       step_name(order, i == last ? first : i + 1)));
    }
    report_remedy(report, "remove one of these entries of \"after\"");
}

/* Follow all that path[depth] waits for, but what was followed before: whoever waits for
 * somebody in a circle is not in it for that. */
static void follow(struct order *order, unsigned depth)
{
    struct step *step = &order->path[depth];
    const struct value *after = &order->system->domains[step->domain].common->after;

    for (unsigned i = 0; i < after->number; i++) {
        struct nearest nearest;
        int next = awaited(order->system, &after->items[i], &nearest);
        unsigned seen = 0;

        if (next == NOBODY || order->done[next])
            continue;
        step->entry = &after->items[i];
        while (seen <= depth && order->path[seen].domain != (unsigned)next)
            seen++;
        if (seen <= depth) {
            report_circle(order, seen, depth);
            continue;
        }
        order->path[depth + 1].domain = (unsigned)next;
        follow(order, depth + 1);
    }
    order->done[step->domain] = true;
}

void check_order(struct system *system)
{
    struct order order = {.system = system};

    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *after = &system->domains[i].common->after;

        for (unsigned j = 0; j < after->number; j++)
            check_entry(system, &after->items[j]);
        if (order.done[i])
            continue;
        order.path[0].domain = i;
        follow(&order, 0);
    }
}
