/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <inttypes.h>
#include <manifest/nearest.h>
#include <manifest/units.h>
#include <string.h>

#define LINUX_LEAST (64 * MIB)

/* Is there a value, be it a default? */
static bool is_set(const struct value *value)
{
    return value->text != NULL;
}

static void check_required(struct system *system, const char *what, const char *name,
                           struct mark at, const char *key, const struct value *value,
                           const char *example)
{
    if (is_set(value) || value->at.line != 0)
        return;
    report_error(&system->report, at, "%s \"%s\" has no \"%s\"", what, name, key);
    report_remedy(&system->report, "add \"%s: %s\"%s", key, example,
                  strcmp(what, "VM") == 0 ? " here or below \"defaults\"" : "");
}

static void check_focus(struct system *system)
{
    const struct value *focus = &system->console.focus;
    struct nearest nearest = nearest_to(is_set(focus) ? focus->text : "");
    const char *list = "";

    if (!is_set(focus))
        return;
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        if (strcmp(vm->name, focus->text) == 0)
            return;
        nearest_try(&nearest, vm->name);
        list = arena_format(&system->arena, "%s%s%s", list, *list == '\0' ? "" : ", ", vm->name);
    }
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next) {
        if (strcmp(m->name, focus->text) == 0)
            return;
        nearest_try(&nearest, m->name);
        list = arena_format(&system->arena, "%s%s%s", list, *list == '\0' ? "" : ", ", m->name);
    }
    report_error(&system->report, focus->at, "\"focus\" names no VM: \"%s\"", focus->text);
    if (nearest.best != NULL)
        report_remedy(&system->report, "did you mean \"%s\"?", nearest.best);
    else
        report_remedy(&system->report, "write one of: %s", list);
}

const char *domain_kind_name(enum domain_kind kind)
{
    return kind == DOMAIN_VM ? "VM" : kind == DOMAIN_PROGRAM ? "program" : "monitor";
}

/* VMs, programs and monitors share the monitor's directory, so they share the names. */
static void check_names(struct system *system)
{
    for (unsigned i = 0; i < system->domain_count; i++) {
        const struct domain *a = &system->domains[i];

        for (const struct domain *b = system->domains; b < a; b++) {
            if (b->kind == a->kind || strcmp(a->name, b->name) != 0)
                continue;
            report_error(&system->report, a->at, "a %s and a %s are both called \"%s\"",
                         domain_kind_name(a->kind), domain_kind_name(b->kind), a->name);
            report_note(&system->report, "the %s is in line %u", domain_kind_name(b->kind),
                        b->at.line);
            report_remedy(&system->report, "rename one of them");
        }
    }
}

static void check_counts(struct system *system)
{
    if (system->vm_count > SYSTEM_VMS) {
        report_error(&system->report, system->vms->at, "there are %u VMs", system->vm_count);
        report_remedy(&system->report, "the monitor takes at most %d", SYSTEM_VMS);
    }
    if (system->program_count > SYSTEM_PROGRAMS) {
        report_error(&system->report, system->programs->at, "there are %u programs",
                     system->program_count);
        report_remedy(&system->report, "the monitor takes at most %d", SYSTEM_PROGRAMS);
    }
    if (system->monitor_count > SYSTEM_MONITORS) {
        report_error(&system->report, system->monitors->at, "there are %u monitors",
                     system->monitor_count);
        report_remedy(&system->report, "the monitor takes at most %d", SYSTEM_MONITORS);
    }
}

/* What VMs, programs and monitors have under the same names. */
#define DOMAIN_OF(entry, kind_, vcpus_, may_poweroff_, monitor_)                                   \
    ((struct domain){                                                                              \
        .name = (entry)->name,                                                                     \
        .at = (entry)->at,                                                                         \
        .kind = (kind_),                                                                           \
        .vcpus = (vcpus_),                                                                         \
        .memory = (entry)->memory.number,                                                          \
        .may_poweroff = (may_poweroff_),                                                           \
        .priority = &(entry)->priority,                                                            \
        .quotas = &(entry)->quotas,                                                                \
        .common = &(entry)->common,                                                                \
        .monitor = (monitor_),                                                                     \
    })

/* What was reported about their number stands for all that this would find. */
static void list_domains(struct system *system)
{
    struct domain *d;

    if (system->vm_count > SYSTEM_VMS || system->program_count > SYSTEM_PROGRAMS ||
        system->monitor_count > SYSTEM_MONITORS)
        return;
    d = system->domains = arena_alloc(&system->arena, SYSTEM_DOMAINS * sizeof *d);
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        *d++ = DOMAIN_OF(vm, DOMAIN_VM, vm->vcpus.number, vm->may_poweroff.number != 0, NULL);
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        *d++ = DOMAIN_OF(p, DOMAIN_PROGRAM, 1, p->may_poweroff.number != 0, NULL);
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next)
        *d++ = DOMAIN_OF(m, DOMAIN_MONITOR, 1, false, m);
    system->domain_count = (unsigned)(d - system->domains);
}

static void check_threads(struct system *system, const struct vm *vm)
{
    const struct value *threads = &vm->quotas.threads;

    if (!is_set(threads) || threads->number > vm->vcpus.number)
        return;
    report_error(&system->report, threads->at,
                 "VM \"%s\" may have %" PRIu64 " threads, but has %" PRIu64 " vCPUs", vm->name,
                 threads->number, vm->vcpus.number);
    report_remedy(&system->report, "write %" PRIu64 " or more: one for each vCPU and one more",
                  vm->vcpus.number + 1);
}

/* Is the word among those of the command line? */
static bool has_word(const char *line, const char *word)
{
    size_t len = strlen(word);

    for (const char *p = strstr(line, word); p != NULL; p = strstr(p + 1, word)) {
        if ((p == line || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' ' || p[len] == ','))
            return true;
    }
    return false;
}

/* Options with which Debian's kernels do not come up on the board of a VM. */
static void check_cmdline(struct system *system, const struct vm *vm)
{
    static const char *const harmful[] = {"acpi=off", "acpi=noirq", "pci=noacpi", "noapic",
                                          "nolapic"};
    const char *line = vm->cmdline.text;

    for (unsigned i = 0; i < sizeof harmful / sizeof harmful[0]; i++) {
        if (!has_word(line, harmful[i]))
            continue;
        report_warning(&system->report, vm->cmdline.at, "\"%s\" keeps Linux from finding its board",
                       harmful[i]);
        report_remedy(&system->report, "remove it: the VM describes its devices through ACPI");
    }
    if (vm->kernel_image != NULL && vm->kernel_image->linux_kernel &&
        strstr(line, "console=") != NULL && !has_word(line, "console=ttyS0")) {
        report_warning(&system->report, vm->cmdline.at,
                       "with another \"console=\" than ttyS0 nothing of Linux will be seen");
        report_remedy(&system->report, "add \"console=ttyS0\" to \"cmdline\", or leave it out: "
                                       "without any, that is added");
    }
}

/* Kernel and initrd must fit into the guest's memory together. */
static void check_guest_memory(struct system *system, const struct vm *vm)
{
    uint64_t kernel = vm->kernel_image != NULL ? vm->kernel_image->end : 0;
    uint64_t initrd = vm->initrd_image != NULL ? vm->initrd_image->size : 0;
    uint64_t need = (kernel + initrd + 2 * MIB - 1) / (2 * MIB) * (2 * MIB);
    struct arena *arena = &system->arena;

    if (!is_set(&vm->memory) || vm->kernel_image == NULL || kernel > 64 * GIB)
        return;
    if (need > vm->memory.number) {
        report_error(&system->report, vm->memory.at,
                     "VM \"%s\" has %s of memory, but its kernel and initrd take %s", vm->name,
                     format_size(arena, vm->memory.number), format_size(arena, need));
        report_remedy(&system->report, "give it more, or smaller images");
    } else if (vm->kernel_image->linux_kernel && vm->memory.number < LINUX_LEAST) {
        report_warning(&system->report, vm->memory.at, "VM \"%s\" has only %s of memory", vm->name,
                       format_size(arena, vm->memory.number));
        report_remedy(&system->report, "Debian's kernels want at least %s",
                      format_size(arena, LINUX_LEAST));
    }
}

static void check_vm(struct system *system, const struct vm *vm)
{
    check_required(system, "VM", vm->name, vm->at, "kernel", &vm->kernel, "debian-cloud");
    check_required(system, "VM", vm->name, vm->at, "memory", &vm->memory, "128M");
    check_threads(system, vm);
    check_cmdline(system, vm);
    check_guest_memory(system, vm);
}

void check_system(struct system *system, const struct system_options *options)
{
    if (system->vms == NULL && system->programs == NULL && system->monitors == NULL)
        return;
    if (!options->no_files)
        find_images(system, options);
    check_counts(system);
    list_domains(system);
    check_names(system);
    check_focus(system);
    load_inner_systems(system, options);
    check_services(system);
    check_memory_partners(system);
    check_order(system);
    check_shares(system);
    check_devices(system);
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        check_vm(system, vm);
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        check_required(system, "program", p->name, p->at, "image", &p->image, "path/to/program");
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next) {
        check_required(system, "monitor", m->name, m->at, "system", &m->system, "inner.yaml");
        check_required(system, "monitor", m->name, m->at, "memory", &m->memory, "256M");
    }
    check_monitors(system);
    if (system->entry != NULL)
        check_confined(system);
    check_kernel_memory(system);
    if (system->report.errors == 0 && system->entry == NULL)
        check_budget(system, options);
}
