/* SPDX-License-Identifier: BSD-2-Clause */
/* Who needs how much of the machine's memory. */
#include "check.h"

#include <manifest/units.h>

#define VMM_SHARE     (2 * MIB)  /* of a VM or program beyond its own memory     */
#define KERNEL_LEAST  (16 * MIB) /* the kernel's block is this or 1/32 of memory */
#define SERVERS       (12 * MIB) /* loader, kernel, sigma0, monitor, shell, list */
#define MONITOR_SHARE (4 * MIB)  /* of a monitor's memory, for itself            */
#define LEAST_MACHINE (512 * MIB)
#define MACHINE_STEP  (256 * MIB)

static uint64_t round_up(uint64_t n, uint64_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

void system_budget(const struct system *system, uint64_t machine, struct system_budget *budget)
{
    *budget = (struct system_budget){.servers = SERVERS};
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        budget->vms += vm->memory.number + VMM_SHARE;
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        budget->programs += p->memory.number + VMM_SHARE;
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next)
        budget->monitors += m->memory.number + VMM_SHARE;
    for (unsigned i = 0; i < system->domain_count; i++)
        budget->created += system->domains[i].common->creates.number;
    for (const struct image *image = system->images; image != NULL; image = image->next)
        budget->images += round_up(image->size, 4 * KIB);
    budget->images = round_up(budget->images, MIB);
    budget->programs = round_up(budget->programs, MIB);
    budget->kernel = round_up(machine / 32 > KERNEL_LEAST ? machine / 32 : KERNEL_LEAST, 2 * MIB);
    budget->total = budget->vms + budget->programs + budget->monitors + budget->created +
                    budget->images + budget->kernel + budget->servers;
}

uint64_t system_inner_memory(const struct system *system)
{
    struct system_budget budget;

    system_budget(system, 0, &budget);
    return round_up(budget.vms + budget.programs + budget.monitors + budget.created + MONITOR_SHARE,
                    2 * MIB);
}

uint64_t system_machine_memory(const struct system *system)
{
    struct system_budget budget;
    uint64_t memory = LEAST_MACHINE;

    if (system->machine.memory.text != NULL)
        return system->machine.memory.number;
    for (;; memory += MACHINE_STEP) {
        system_budget(system, memory, &budget);
        if (budget.total <= memory)
            return memory;
    }
}

uint64_t system_machine_processors(const struct system *system)
{
    uint64_t most = 1;

    if (system->machine.processors.text != NULL)
        return system->machine.processors.number;
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        if (vm->vcpus.number > most)
            most = vm->vcpus.number;
    }
    return most > 1 ? most + 1 : 1;
}

static const char *list_holders(struct system *system)
{
    struct arena *arena = &system->arena;
    const char *list = "";

    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        list = arena_format(arena, "%s%s%s %s", list, *list == '\0' ? "" : ", ", vm->name,
                            format_size(arena, vm->memory.number));
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        list = arena_format(arena, "%s%s%s %s", list, *list == '\0' ? "" : ", ", p->name,
                            format_size(arena, p->memory.number));
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next)
        list = arena_format(arena, "%s%s%s %s", list, *list == '\0' ? "" : ", ", m->name,
                            format_size(arena, m->memory.number));
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct value *creates = &system->domains[i].common->creates;

        if (creates->number != 0)
            list = arena_format(arena, "%s, what %s creates %s", list, system->domains[i].name,
                                format_size(arena, creates->number));
    }
    return list;
}

void report_inner_holders(struct system *system, struct system *inner)
{
    struct arena *arena = &system->arena;

    report_note(&system->report, "%s, and %s more for each", list_holders(inner),
                format_size(arena, VMM_SHARE));
    report_note(&system->report, "%s for the monitor itself", format_size(arena, MONITOR_SHARE));
}

void check_budget(struct system *system, const struct system_options *options)
{
    struct arena *arena = &system->arena;
    struct report *report = &system->report;
    uint64_t memory = options->memory != 0 ? options->memory : system_machine_memory(system);
    struct mark at = system->machine.memory.at;
    struct system_budget budget;

    if (options->memory != 0)
        at = (struct mark){0, 0};
    system_budget(system, memory, &budget);
    if (options->memory == 0 && memory > MACHINE_MOST) {
        report_error(report, at, "the system needs a machine of %s; there are none of more than %s",
                     format_size(arena, memory), format_size(arena, MACHINE_MOST));
        report_note(report, "%s", list_holders(system));
        report_remedy(report, "give the VMs less");
        return;
    }
    if (budget.total <= memory)
        return;
    report_error(report, at, "the system needs %s, but the machine has %s: %s are missing",
                 format_size(arena, budget.total), format_size(arena, memory),
                 format_size(arena, budget.total - memory));
    report_note(report, "%s, and %s more for each", list_holders(system),
                format_size(arena, VMM_SHARE));
    report_note(report, "kernel %s, servers %s, images %s", format_size(arena, budget.kernel),
                format_size(arena, budget.servers), format_size(arena, budget.images));
    for (; budget.total > memory; memory += MIB)
        system_budget(system, round_up(memory, MIB), &budget);
    report_remedy(report, "give the machine %s, or the VMs less",
                  format_size(arena, round_up(memory, 64 * MIB)));
}
