/* SPDX-License-Identifier: BSD-2-Clause */
/* marzipan check, and what the other commands share with it. */
#include "command.h"

#include <manifest/units.h>

#include "flows.h"
#include "install.h"

static int parse_memory(struct arena *arena, const char *text, uint64_t *memory)
{
    struct unit_fault fault;

    if (text == NULL)
        return CODE_OK;
    if (!parse_size(arena, text, memory, &fault))
        return complain(CODE_USAGE, fault.remedy, "--memory: %s", fault.cause);
    if (*memory < 64 * MIB || *memory % MIB != 0)
        return complain(CODE_USAGE, "give whole megabytes, at least 64M", "--memory cannot be %s",
                        text);
    return CODE_OK;
}

int load_system(const struct settings *settings, struct system *system)
{
    struct arena paths = {NULL};
    struct system_options options = {.no_files = settings->no_files};
    const struct report *report = &system->report;
    int code = parse_memory(&paths, settings->memory, &options.memory);

    *system = (struct system){.vms = NULL};
    if (code != CODE_OK) {
        arena_free(&paths);
        return code;
    }
    options.guests = install_guests(&paths, install_libdir(&paths, settings->libdir));
    system_load(system, settings->operand, &options);
    arena_free(&paths);
    report_print(report, stderr);
    if (report->errors > 0)
        fprintf(stderr, "%s: %u error%s\n", report->path, report->errors,
                report->errors == 1 ? "" : "s");
    return report->errors > 0 ? CODE_DESCRIPTION : CODE_OK;
}

static void print_flows(struct system *system, bool json)
{
    struct flows flows;

    flows_find(system, &flows);
    if (json)
        flows_print_json(&flows, stdout);
    else
        flows_print(&flows, stdout);
}

static void print_summary(struct system *system, const struct settings *settings)
{
    unsigned monitors = system->monitor_count;

    printf("%s: no errors: %u VM%s, %u program%s, ", settings->operand, system->vm_count,
           system->vm_count == 1 ? "" : "s", system->program_count,
           system->program_count == 1 ? "" : "s");
    if (monitors > 0)
        printf("%u monitor%s, ", monitors, monitors == 1 ? "" : "s");
    printf("machine of %s\n", settings->memory != NULL
                                  ? settings->memory
                                  : format_size(&system->arena, system_machine_memory(system)));
}

int command_check(const struct settings *settings)
{
    struct system system;
    int code;

    if (settings->json && !settings->flows)
        return complain(CODE_USAGE, "add --flows", "--json is for --flows");
    code = load_system(settings, &system);
    if (code == CODE_OK && settings->flows)
        print_flows(&system, settings->json);
    else if (code == CODE_OK)
        print_summary(&system, settings);
    system_free(&system);
    return code;
}
