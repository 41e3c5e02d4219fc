/* SPDX-License-Identifier: BSD-2-Clause */
/* Shares of the processors: whether what is promised can be kept. */
#include <ctype.h>
#include <inttypes.h>
#include <manifest/units.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "decode.h"

#define RESERVABLE 900000 /* parts per million of a processor: the rest keeps the system alive */

bool decode_cpus(struct system *system, const struct key *key, const char *text, struct mark at,
                 uint64_t *mask)
{
    struct report *report = &system->report;
    char *end;
    unsigned long first = strtoul(text, &end, 10), last = first;
    bool is_range = *end == '-' && isdigit((unsigned char)end[1]);

    if (is_range)
        last = strtoul(end + 1, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || first > CPU_LAST || last > CPU_LAST) {
        report_error(report, at, "\"%s\": \"%s\" is no processor", key->name, text);
        report_remedy(report, "write a number from 0 to %d, or a range, as in 0-1", CPU_LAST);
        return false;
    }
    if (first > last) {
        report_error(report, at, "\"%s\": the range \"%s\" has no processors", key->name, text);
        report_remedy(report, "write %lu-%lu", last, first);
        return false;
    }
    *mask = (UINT64_C(2) << last) - (UINT64_C(1) << first);
    return true;
}

uint32_t system_cpus(const struct value *cpus)
{
    uint64_t mask = 0;

    for (uint64_t i = 0; cpus->text != NULL && i < cpus->number; i++)
        mask |= cpus->items[i].number;
    return (uint32_t)mask;
}

uint32_t system_cpus_in(const struct system *system, const struct value *cpus)
{
    uint32_t mask = system_cpus(cpus);

    for (; mask == 0 && system->entry != NULL; system = system->outer)
        mask = system_cpus(&system->entry->common.cpus);
    return mask;
}

static const char *kind(const struct domain *d)
{
    return domain_kind_name(d->kind);
}

/* What is reserved, in parts per million of a processor; 0: nothing. */
static uint64_t reserved(const struct domain *d)
{
    const struct reservation *r = &d->common->reservation;

    if (r->budget.text == NULL || r->period.text == NULL)
        return 0;
    return (r->budget.number * 1000000 + r->period.number - 1) / r->period.number;
}

static void check_cap(struct system *system, const struct domain *d)
{
    const struct value *cap = &d->common->cap;
    struct report *report = &system->report;

    if (cap->text == NULL)
        return;
    if (d->vcpus != 0 && cap->number > 100 * d->vcpus) {
        report_error(report, cap->at, "%s \"%s\" cannot use %s of a processor", kind(d), d->name,
                     cap->text);
        report_remedy(report, "write %" PRIu64 "%% or less: 100%% for each virtual processor",
                      100 * d->vcpus);
    } else if (reserved(d) > cap->number * 10000) {
        report_error(report, cap->at, "\"cap\" of %s \"%s\" is less than its reservation", kind(d),
                     d->name);
        report_note(report, "%s in %s is reserved: %" PRIu64 "%%",
                    format_span(&system->arena, d->common->reservation.budget.number),
                    format_span(&system->arena, d->common->reservation.period.number),
                    (reserved(d) + 9999) / 10000);
        report_remedy(report, "raise the cap, or reserve less");
    }
}

/* Nobody has written this period for one VM alone. */
static bool is_default(const struct system *system, const struct value *period)
{
    struct mark at = system->defaults.common.reservation.period.at;

    return period->at.line == 0 || (period->at.line == at.line && period->at.column == at.column);
}

static void check_reservation(struct system *system, const struct domain *d)
{
    const struct value *budget = &d->common->reservation.budget;
    const struct value *period = &d->common->reservation.period;
    struct report *report = &system->report;

    if (budget->text == NULL) {
        if (budget->at.line != 0 || is_default(system, period))
            return;
        report_error(report, period->at, "the reservation of %s \"%s\" has no budget", kind(d),
                     d->name);
        report_remedy(report, "add \"budget: 2ms\", or what it needs in each period");
    } else if (period->text != NULL && budget->number >= period->number) {
        report_error(report, budget->at, "the budget of %s \"%s\" is not less than its period",
                     kind(d), d->name);
        report_note(report, "the period is %s", format_span(&system->arena, period->number));
        report_remedy(report, "reserve less, or in a longer period");
    }
}

/* Those that may run on no other processors than d get all that they reserve from those. */
static void check_sum(struct system *system, const struct domain *d)
{
    uint32_t cpus = system_cpus(&d->common->cpus);
    uint64_t sum = 0, limit = (uint64_t)__builtin_popcount(cpus) * RESERVABLE;
    const struct domain *last = d, *end = system->domains + system->domain_count;
    const char *list = "";
    struct report *report = &system->report;

    if (cpus == 0)
        return;
    for (const struct domain *other = system->domains; other < end; other++) {
        uint32_t others = system_cpus(&other->common->cpus);

        if (others == cpus && other < d)
            return; /* this was looked at for the other one */
        if (others == 0 || (others & ~cpus) != 0 || reserved(other) == 0)
            continue;
        sum += reserved(other);
        last = other;
        list = arena_format(&system->arena, "%s%s%s %" PRIu64 "%%", list, *list == '\0' ? "" : ", ",
                            other->name, (reserved(other) + 9999) / 10000);
    }
    if (sum <= limit)
        return;
    report_error(report, last->common->reservation.budget.at,
                 "%" PRIu64 "%% of processor%s %s are reserved, but at most %" PRIu64 "%% can be",
                 (sum + 9999) / 10000, limit > RESERVABLE ? "s" : "", d->common->cpus.text,
                 limit / 10000);
    report_note(report, "%s", list);
    report_remedy(report, "reserve less, or let some of them run on other processors (\"cpus\")");
}

void check_shares(struct system *system)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct domain *d = &system->domains[i];

        check_reservation(system, d);
        check_cap(system, d);
        check_sum(system, d);
    }
}
