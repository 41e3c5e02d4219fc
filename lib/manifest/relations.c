/* SPDX-License-Identifier: BSD-2-Clause */
/* Who publishes and who uses which service, and who shares memory with whom. */
#include "relations.h"

#include <manifest/service.h>
#include <string.h>

#include "check.h"

/* Nothing is published twice, so that whoever finds a service knows whose it is. */
static void check_published_once(struct system *system, const struct domain *a,
                                 const struct value *mine, const struct domain *b,
                                 const struct value *theirs)
{
    struct report *report = &system->report;
    bool same = strcmp(mine->text, theirs->text) == 0;

    if (service_overlap(mine->text, theirs->text) == NULL)
        return;
    if (same)
        report_error(report, theirs->at, "\"%s\" may be published by \"%s\" and by \"%s\"",
                     theirs->text, a->name, b->name);
    else
        report_error(report, theirs->at, "\"%s\" and \"%s\" have services in common", theirs->text,
                     mine->text);
    report_note(report, "\"%s\" of \"%s\" is in line %u", mine->text, a->name, mine->at.line);
    report_remedy(report, a == b ? "remove the narrower of them"
                                 : "let each publish under a path of its own");
}

static void check_publishes(struct system *system, const struct domain *b)
{
    const struct value *list = &b->common->publishes;

    for (unsigned i = 0; i < list->number; i++) {
        for (const struct domain *a = system->domains; a <= b; a++) {
            uint64_t count = a == b ? i : a->common->publishes.number;

            for (unsigned j = 0; j < count; j++)
                check_published_once(system, a, &a->common->publishes.items[j], b, &list->items[i]);
        }
    }
}

/* With a list of services at fault, nobody knows what is missing. */
static bool all_lists_are_good(const struct system *system)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *list = &system->domains[i].common->publishes;

        if (list->at.line != 0 && list->text == NULL)
            return false;
    }
    return true;
}

const struct domain *find_publisher(struct system *system, const char *path,
                                    struct nearest *nearest)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *list = &system->domains[i].common->publishes;

        for (unsigned j = 0; j < list->number; j++) {
            if (service_overlap(list->items[j].text, path) != NULL)
                return &system->domains[i];
            nearest_try(nearest, list->items[j].text);
        }
    }
    return NULL;
}

void report_unpublished(struct system *system, const struct value *entry, const char *best)
{
    struct report *report = &system->report;

    if (!all_lists_are_good(system))
        return;
    report_error(report, entry->at, "nobody may publish \"%s\"", entry->text);
    if (best != NULL)
        report_remedy(report, "did you mean \"%s\"?", best);
    else
        report_remedy(report, "add it to the \"publishes\" of the VM or program that serves it");
}

int find_domain(const struct system *system, const char *name, struct nearest *nearest)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        if (strcmp(system->domains[i].name, name) == 0)
            return (int)i;
        nearest_try(nearest, system->domains[i].name);
    }
    return NOBODY;
}

void report_nobody(struct system *system, const struct value *entry, const char *best)
{
    struct report *report = &system->report;
    const char *list = "";

    for (unsigned i = 0; i < system->domain_count; i++)
        list = arena_format(&system->arena, "%s%s%s", list, i == 0 ? "" : ", ",
                            system->domains[i].name);
    report_error(report, entry->at, "there is no VM, program or monitor \"%s\"", entry->text);
    if (best != NULL)
        report_remedy(report, "did you mean \"%s\"?", best);
    else
        report_remedy(report, "write one of: %s", list);
}

void check_memory_partners(struct system *system)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *shares = &system->domains[i].common->shares;

        for (unsigned j = 0; j < shares->number; j++) {
            const struct value *entry = &shares->items[j];
            struct nearest nearest = nearest_to(entry->text);
            int partner = find_domain(system, entry->text, &nearest);

            if (partner == NOBODY) {
                report_nobody(system, entry, nearest.best);
            } else if (partner == (int)i) {
                report_error(&system->report, entry->at, "\"%s\" shares memory with itself",
                             entry->text);
                report_remedy(&system->report, "remove it: all of its threads see its memory");
            }
        }
    }
}

/* A name that is not in the description is that of a VM that will be created. */
static void check_controls(struct system *system, const struct domain *d)
{
    const struct value *list = &d->common->controls;

    for (unsigned i = 0; i < list->number; i++) {
        struct nearest nearest = nearest_to(list->items[i].text);
        bool found = strcmp(list->items[i].text, "any") == 0 || d->common->creates.text != NULL;

        for (unsigned j = 0; j < system->domain_count; j++) {
            nearest_try(&nearest, system->domains[j].name);
            found = found || strcmp(system->domains[j].name, list->items[i].text) == 0;
        }
        if (found)
            continue;
        report_error(&system->report, list->items[i].at,
                     "\"%s\" is to control \"%s\", which is not there, and may not create it",
                     d->name, list->items[i].text);
        if (nearest.best != NULL)
            report_remedy(&system->report, "did you mean \"%s\"?", nearest.best);
        else
            report_remedy(&system->report,
                          "remove it, or add \"creates\" with an amount of memory");
    }
}

void check_services(struct system *system)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *uses = &system->domains[i].common->uses;

        check_publishes(system, &system->domains[i]);
        check_controls(system, &system->domains[i]);
        for (unsigned j = 0; j < uses->number; j++) {
            struct nearest nearest = nearest_to(uses->items[j].text);

            if (find_publisher(system, uses->items[j].text, &nearest) == NULL)
                report_unpublished(system, &uses->items[j], nearest.best);
        }
    }
}
