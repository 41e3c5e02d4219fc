/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a monitor may have what the system inside of it needs, and whether that wants what it
 * cannot have there. */
#include <inttypes.h>
#include <manifest/units.h>

#include "check.h"

#define THREADS 8 /* of a monitor itself, and what everybody has who says nothing */

static uint64_t threads_of(const struct domain *d)
{
    uint64_t threads = d->quotas->threads.text != NULL ? d->quotas->threads.number : THREADS;

    if (d->monitor != NULL)
        return d->monitor->threads;
    return threads > d->vcpus ? threads : d->vcpus + 1;
}

/* What all in the system may have at a time. */
static void add_up(const struct system *system, struct monitor *sums)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct domain *d = &system->domains[i];

        sums->domain_limit += 1 + (d->monitor != NULL ? d->monitor->domain_limit : 0);
        sums->kernel_memory += kernel_memory_of(d);
        sums->threads += threads_of(d);
    }
}

static uint64_t written_or(const struct value *value, uint64_t otherwise)
{
    return value->text != NULL ? value->number : otherwise;
}

/* How many levels of monitors there are below whoever runs the system, counting himself. */
static unsigned levels(const struct system *system)
{
    unsigned most = 0;

    for (const struct monitor *m = system->monitors; m != NULL; m = m->next) {
        unsigned n = m->inner != NULL ? levels(m->inner) : 0;

        most = n > most ? n : most;
    }
    return most + 1;
}

/* A monitor goes before those inside, who say nothing. */
static uint64_t priority_of(const struct monitor *monitor)
{
    return written_or(&monitor->priority,
                      PRIORITY_DEFAULT + (monitor->inner != NULL ? levels(monitor->inner) : 0));
}

static void check_memory(struct system *system, const struct monitor *monitor)
{
    struct arena *arena = &system->arena;
    struct report *report = &system->report;
    uint64_t needs = system_inner_memory(monitor->inner);

    if (monitor->memory.text == NULL || needs <= monitor->memory.number)
        return;
    report_error(report, monitor->memory.at,
                 "monitor \"%s\" has %s of memory, but what is inside needs %s", monitor->name,
                 format_size(arena, monitor->memory.number), format_size(arena, needs));
    report_inner_holders(system, monitor->inner);
    report_remedy(report, "write %s or more, or give those inside less", format_size(arena, needs));
}

static void check_domains(struct system *system, const struct monitor *monitor, uint64_t needs)
{
    if (monitor->domain_limit >= needs)
        return;
    report_error(&system->report, monitor->domains.at,
                 "monitor \"%s\" may have %" PRIu64 " domains, but %" PRIu64 " are described",
                 monitor->name, monitor->domain_limit, needs);
    report_note(&system->report, "VMs, programs and monitors at all levels count, and of a "
                                 "monitor, all that it may have");
    report_remedy(&system->report, "write %" PRIu64 " or more, or leave \"domains\" out", needs);
}

static void check_quotas(struct system *system, const struct monitor *monitor, uint64_t kernel,
                         uint64_t threads)
{
    struct arena *arena = &system->arena;
    struct report *report = &system->report;

    if (monitor->kernel_memory < kernel) {
        report_error(report, monitor->quotas.kernel_memory.at,
                     "monitor \"%s\" has %s of kernel memory, but may need %s", monitor->name,
                     format_size(arena, monitor->kernel_memory), format_size(arena, kernel));
        report_note(report, "%s of that may be used by those inside",
                    format_size(arena, kernel - monitor_needs(monitor)));
        report_remedy(report, "write %s or more, or leave \"kernel-memory\" out",
                      format_size(arena, kernel));
    }
    if (monitor->threads < threads) {
        report_error(report, monitor->quotas.threads.at,
                     "monitor \"%s\" may have %" PRIu64 " threads, but may need %" PRIu64,
                     monitor->name, monitor->threads, threads);
        report_note(report, "%" PRIu64 " of that may be used by those inside", threads - THREADS);
        report_remedy(report, "write %" PRIu64 " or more, or leave \"threads\" out", threads);
    }
}

static void check_monitor(struct system *system, struct monitor *monitor)
{
    struct monitor sums = {0};

    if (monitor->inner != NULL)
        add_up(monitor->inner, &sums);
    monitor->domain_limit = written_or(&monitor->domains, sums.domain_limit);
    monitor->threads = written_or(&monitor->quotas.threads, THREADS + sums.threads);
    monitor->priority.number = priority_of(monitor);
    monitor->kernel_memory =
        written_or(&monitor->quotas.kernel_memory,
                   kernel_memory_default(monitor->memory.number) + sums.kernel_memory);
    if (monitor->inner == NULL || monitor->inner->report.errors > 0)
        return;
    check_memory(system, monitor);
    check_domains(system, monitor, sums.domain_limit);
    check_quotas(system, monitor, monitor_needs(monitor) + sums.kernel_memory,
                 THREADS + sums.threads);
}

/* The monitor keeps a book about each of them, at whatever level it is. */
static void check_total(struct system *system)
{
    struct monitor sums = {0};

    add_up(system, &sums);
    if (system->monitors == NULL || sums.domain_limit <= SYSTEM_DOMAINS)
        return;
    report_error(&system->report, system->monitors->at,
                 "with all that is inside of monitors there may be %" PRIu64 " domains",
                 sums.domain_limit);
    report_remedy(&system->report, "the monitor takes at most %d: say less in \"domains\"",
                  SYSTEM_DOMAINS);
}

void check_monitors(struct system *system)
{
    for (struct monitor *m = system->monitors; m != NULL; m = m->next)
        check_monitor(system, m);
    check_total(system);
}

/* The kernel lets nobody give a higher priority than his own. */
static void check_priority(struct system *system, const struct domain *d)
{
    const struct monitor *entry = system->entry;
    struct report *report = &system->report;

    if (d->priority->number <= priority_of(entry))
        return;
    report_error(report, d->priority->at.line != 0 ? d->priority->at : d->at,
                 "%s \"%s\" has the priority %" PRIu64 ", its monitor that of %" PRIu64,
                 domain_kind_name(d->kind), d->name, d->priority->number, priority_of(entry));
    report_note(report, "the monitor is \"%s\" of %s, line %u", entry->name,
                system->outer->report.path, entry->at.line);
    report_remedy(report, "write %" PRIu64 " or less here, or raise that of the monitor",
                  priority_of(entry));
}

static void check_processors(struct system *system, const struct domain *d)
{
    uint32_t allowed = system_cpus_in(system->outer, &system->entry->common.cpus);
    uint32_t cpus = system_cpus(&d->common->cpus);

    if (allowed == 0 || (cpus & ~allowed) == 0)
        return;
    report_error(&system->report, d->common->cpus.at,
                 "%s \"%s\" asks for processors that its monitor has not",
                 domain_kind_name(d->kind), d->name);
    report_note(&system->report, "the monitor is \"%s\" of %s, line %u", system->entry->name,
                system->outer->report.path, system->entry->at.line);
    report_remedy(&system->report, "name some of those of the monitor, or leave \"cpus\" out");
}

static void check_no_reservation(struct system *system, const struct domain *d)
{
    const struct value *budget = &d->common->reservation.budget;

    if (budget->text == NULL)
        return;
    report_error(&system->report, budget->at, "inside of a monitor no time can be reserved");
    report_note(&system->report, "the monitor is \"%s\" of %s, line %u", system->entry->name,
                system->outer->report.path, system->entry->at.line);
    report_remedy(&system->report, "remove \"reservation\"; \"weight\" and \"priority\" share what "
                                   "the monitor has");
}

void check_confined(struct system *system)
{
    const struct machine *machine = &system->machine;
    const struct value *values[] = {&machine->memory, &machine->processors, &machine->type,
                                    &machine->cpu};

    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (values[i]->at.line == 0)
            continue;
        report_warning(&system->report, values[i]->at,
                       "inside of a monitor, what is said of the machine has no effect");
        report_remedy(&system->report, "leave it away, or see to it that %s gives enough memory",
                      system->outer->report.path);
        break;
    }
    for (unsigned i = 0; i < system->domain_count; i++) {
        check_priority(system, &system->domains[i]);
        check_processors(system, &system->domains[i]);
        check_no_reservation(system, &system->domains[i]);
    }
}
