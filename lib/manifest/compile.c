/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/compile.h>

#include <manifest/config.h>
#include <manifest/fdtwrite.h>
#include <manifest/spans.h>
#include <marzipan/vmm.h>
#include <stdio.h>
#include <string.h>

static void write_restart(struct fdt_writer *w, const struct restart *restart)
{
    fdtw_string(w, "restart", restart->policy.text);
    fdtw_u32(w, "restart-limit", (uint32_t)restart->limit.number);
    fdtw_u32(w, "restart-window-ms", (uint32_t)restart->window.number);
    fdtw_u32(w, "restart-delay-ms", (uint32_t)restart->delay.number);
}

/* What the description leaves open is left to the monitor. */
static void write_quotas(struct fdt_writer *w, const struct quotas *quotas)
{
    if (quotas->kernel_memory.text != NULL)
        fdtw_u64(w, "kernel-memory", quotas->kernel_memory.number);
    if (quotas->threads.text != NULL)
        fdtw_u32(w, "threads", (uint32_t)quotas->threads.number);
}

/* The busybox image takes its host name from the command line. */
static void write_cmdline(struct fdt_writer *w, const struct vm *vm)
{
    char line[MZ_CMDLINE_MAX];
    bool named =
        strcmp(vm->initrd.text, "busybox") == 0 && strstr(vm->cmdline.text, "mz.name=") == NULL;

    snprintf(line, sizeof line, "%s%s%s%s", vm->cmdline.text,
             named && *vm->cmdline.text != '\0' ? " " : "", named ? "mz.name=" : "",
             named ? vm->name : "");
    fdtw_string(w, "cmdline", line);
}

static void write_list(struct fdt_writer *w, const char *name, const struct value *list)
{
    if (list->number > 0)
        fdtw_string(w, name, list->text);
}

/* As manifest/spans.h reads it.  `window`: the end of what has a place there; NULL: nothing needs one. */
static void write_ranges(struct fdt_writer *w, const char *name, const struct value *list,
                         uint64_t *window)
{
    const uint64_t block = UINT64_C(1) << SPANS_BLOCK_LOG2;
    struct arena arena = {NULL};
    const char *text = "";

    for (unsigned i = 0; i < list->number; i++) {
        const struct value *v = &list->items[i];

        text = arena_format(&arena, "%s%s%jx-%jx", text, i == 0 ? "" : " ", (uintmax_t)v->number,
                            (uintmax_t)v->last);
        if (window == NULL)
            continue;
        *window = (*window + block - 1) / block * block + v->number % block;
        text = arena_format(&arena, "%s@%jx", text, (uintmax_t)*window);
        *window += v->last - v->number + 1;
    }
    if (list->number > 0)
        fdtw_string(w, name, text);
    arena_free(&arena);
}

static void write_devices(struct fdt_writer *w, const struct devices *devices, uint64_t *window)
{
    write_ranges(w, "interrupts", &devices->interrupts, NULL);
    write_ranges(w, "ports", &devices->ports, NULL);
    write_ranges(w, "device-memory", &devices->memory, window);
    if (devices->messages.number > 0)
        fdtw_u32(w, "message-interrupts", (uint32_t)devices->messages.number);
}

static void write_common(struct fdt_writer *w, const struct system *system,
                         const struct common *common, uint64_t *window)
{
    uint32_t cpus = system_cpus_in(system, &common->cpus);

    write_list(w, "after", &common->after);
    write_list(w, "publishes", &common->publishes);
    write_list(w, "uses", &common->uses);
    write_list(w, "shares", &common->shares);
    write_list(w, "controls", &common->controls);
    if (common->creates.text != NULL)
        fdtw_u64(w, "creates", common->creates.number);
    if (common->autostart.number == 0)
        fdtw_flag(w, "manual");
    if (common->weight.text != NULL)
        fdtw_u32(w, "weight", (uint32_t)common->weight.number);
    if (common->cap.text != NULL)
        fdtw_u32(w, "cap", (uint32_t)common->cap.number);
    if (common->reservation.budget.text != NULL) {
        fdtw_u32(w, "budget-us", (uint32_t)common->reservation.budget.number);
        fdtw_u32(w, "period-us", (uint32_t)common->reservation.period.number);
    }
    if (cpus != 0)
        fdtw_u32(w, "cpus", cpus);
    if (common->watchdog.text != NULL)
        fdtw_u32(w, "watchdog-ms", (uint32_t)common->watchdog.number);
    fdtw_u32(w, "stop-ms", (uint32_t)common->stop_timeout.number);
    fdtw_u32(w, "log-level", (uint32_t)common->log.number);
    write_devices(w, &common->devices, window);
}

static void write_vm(struct fdt_writer *w, const struct system *system, const struct vm *vm,
                     uint64_t *window)
{
    fdtw_string(w, "name", vm->name);
    fdtw_u64(w, "memory", vm->memory.number);
    fdtw_u32(w, "vcpus", (uint32_t)vm->vcpus.number);
    fdtw_string(w, "kernel", vm->kernel_image->module);
    if (vm->initrd_image != NULL)
        fdtw_string(w, "initrd", vm->initrd_image->module);
    write_cmdline(w, vm);
    write_restart(w, &vm->restart);
    fdtw_u32(w, "priority", (uint32_t)vm->priority.number);
    write_quotas(w, &vm->quotas);
    if (vm->colour.text != NULL)
        fdtw_string(w, "colour", vm->colour.text);
    if (vm->may_poweroff.number != 0)
        fdtw_flag(w, "may-poweroff");
    write_common(w, system, &vm->common, window);
}

static void write_program(struct fdt_writer *w, const struct system *system,
                          const struct program *program, uint64_t *window)
{
    fdtw_string(w, "name", program->name);
    fdtw_string(w, "module", program->program_image->module);
    fdtw_string(w, "cmdline", program->cmdline.text);
    fdtw_u64(w, "memory", program->memory.number);
    write_restart(w, &program->restart);
    fdtw_u32(w, "priority", (uint32_t)program->priority.number);
    write_quotas(w, &program->quotas);
    if (program->may_poweroff.number != 0)
        fdtw_flag(w, "may-poweroff");
    write_common(w, system, &program->common, window);
}

/* All that a monitor can start what is inside from, at every level. */
struct names {
    struct arena arena;
    const char *list;
};

static void add_name(struct names *names, const char *name)
{
    size_t len = strlen(name);

    for (const char *p = names->list; (p = strstr(p, name)) != NULL; p++) {
        if ((p == names->list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return;
    }
    names->list =
        arena_format(&names->arena, "%s%s%s", names->list, *names->list == '\0' ? "" : " ", name);
}

static void add_modules(struct names *names, const struct system *system)
{
    if (system->vms != NULL)
        add_name(names, "vmm");
    if (system->monitors != NULL)
        add_name(names, "monitor");
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        add_name(names, vm->kernel_image->module);
        if (vm->initrd_image != NULL)
            add_name(names, vm->initrd_image->module);
    }
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        add_name(names, p->program_image->module);
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next) {
        add_name(names, m->module->module);
        add_modules(names, m->inner);
    }
}

static void write_monitor(struct fdt_writer *w, const struct system *system,
                          const struct monitor *monitor, uint64_t *window)
{
    struct names names = {.list = ""};

    add_name(&names, monitor->module->module);
    add_modules(&names, monitor->inner);
    fdtw_string(w, "name", monitor->name);
    fdtw_u64(w, "memory", monitor->memory.number);
    fdtw_string(w, "module", "monitor");
    fdtw_string(w, "system", monitor->module->module);
    fdtw_string(w, "modules", names.list);
    arena_free(&names.arena);
    fdtw_u32(w, "domains", (uint32_t)monitor->domain_limit);
    fdtw_string(w, "cmdline", monitor->cmdline.text);
    write_restart(w, &monitor->restart);
    fdtw_u32(w, "priority", (uint32_t)monitor->priority.number);
    fdtw_u64(w, "kernel-memory", monitor->kernel_memory);
    fdtw_u32(w, "threads", (uint32_t)monitor->threads);
    if (monitor->colour.text != NULL)
        fdtw_string(w, "colour", monitor->colour.text);
    write_common(w, system, &monitor->common, window);
}

static void begin_numbered(struct fdt_writer *w, const char *kind, unsigned n)
{
    char name[32];

    snprintf(name, sizeof name, "%s@%x", kind, n);
    fdtw_begin(w, name);
}

static void write_console(struct fdt_writer *w, const struct system *system)
{
    fdtw_begin(w, "console");
    fdtw_u32(w, "history", (uint32_t)system->console.history.number);
    if (system->console.focus.text != NULL)
        fdtw_string(w, "focus", system->console.focus.text);
    fdtw_end(w);
}

/* The operator's shell, with the control line: COM2.  A monitor inside of another one has none. */
static void write_shell(struct fdt_writer *w)
{
    fdtw_begin(w, "shell");
    fdtw_string(w, "name", SYSTEM_SHELL);
    fdtw_string(w, "module", SYSTEM_SHELL);
    fdtw_u64(w, "memory", 4096); /* it has no heap */
    fdtw_u64(w, "kernel-memory", 128 * 1024);
    fdtw_u32(w, "threads", 1);
    fdtw_u32(w, "priority", PRIORITY_MAX);
    fdtw_string(w, "restart", "always");
    fdtw_u32(w, "restart-limit", RESTART_HISTORY); /* delays grow so that this is never reached */
    fdtw_string(w, "controls", "any");
    fdtw_string(w, "interrupts", "3-3");
    fdtw_string(w, "ports", "2f8-2ff");
    fdtw_end(w);
}

void *system_compile(const struct system *system, uint32_t debug_exit, size_t *size)
{
    struct fdt_writer w;
    uint64_t window = 0;
    unsigned n = 0;

    fdtw_init(&w);
    fdtw_string(&w, "compatible", "marzipan,system-1");
    write_console(&w, system);
    fdtw_begin(&w, "vms");
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        begin_numbered(&w, "vm", n++);
        write_vm(&w, system, vm, &window);
        fdtw_end(&w);
    }
    fdtw_end(&w);
    n = 0;
    fdtw_begin(&w, "programs");
    for (const struct program *p = system->programs; p != NULL; p = p->next) {
        begin_numbered(&w, "program", n++);
        write_program(&w, system, p, &window);
        fdtw_end(&w);
    }
    fdtw_end(&w);
    fdtw_begin(&w, "monitors");
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next) {
        fdtw_begin(&w, m->name);
        write_monitor(&w, system, m, &window);
        fdtw_end(&w);
    }
    fdtw_end(&w);
    if (system->outer == NULL)
        write_shell(&w);
    fdtw_begin(&w, "exit");
    if (debug_exit != 0)
        fdtw_u32(&w, "isa-debug-exit", debug_exit);
    fdtw_end(&w);
    return fdtw_finish(&w, size);
}
