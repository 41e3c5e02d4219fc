/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libgen.h>
#include <manifest/units.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "install.h"
#include "iso.h"
#include "qemu.h"
#include "trace.h"

#define DRY_RUN_FOLDER "marzipan-out"
#define TRACE_LOG2     14 /* events of each processor; --args monitor=trace=N comes before it */
#define TRACE_REMEDY                                                                               \
    "let the machine power off, by Ctrl-] x if by nothing else, so that the monitor writes it"

static int check_settings(const struct settings *settings)
{
    const char *machine = settings->machine;

    if (machine != NULL && strcmp(machine, "q35") != 0 && strcmp(machine, "pc") != 0)
        return complain(CODE_USAGE, "write q35 or pc", "there is no machine type \"%s\"", machine);
    if (settings->efi && !settings->iso)
        return complain(CODE_USAGE, "add --iso", "--efi boots a CD image only");
    if (settings->efi && access(OVMF, R_OK) != 0)
        return complain(CODE_MISSING, "install Debian's package " OVMF_PACKAGE, OVMF " is missing");
    return CODE_OK;
}

static int parse_timeout(struct arena *arena, const char *text, uint64_t *ms)
{
    struct unit_fault fault;

    *ms = 0;
    if (text == NULL || parse_time(arena, text, ms, &fault))
        return CODE_OK;
    return complain(CODE_USAGE, fault.remedy, "--timeout: %s", fault.cause);
}

/* A machine larger than this one works until it uses what is not there. */
static void warn_of_size(const struct system *system, const struct settings *settings)
{
    uint64_t host = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

    if (settings->memory == NULL && system_machine_memory(system) > host)
        fprintf(stderr,
                "marzipan: warning: the machine shall have %juM, but this one has %juM\n"
                "  remedy: give the VMs less memory\n",
                (uintmax_t)(system_machine_memory(system) / MIB), (uintmax_t)(host / MIB));
}

/* The machine's code, if it is not 0, tells more than how it went with the trace. */
static int run_traced(const struct stage *stage, const struct qemu *qemu, const char *output,
                      uint64_t timeout_ms)
{
    const char *path = stage_trace(stage->arena, stage->folder);
    int code, trace_code;

    unlink(path); /* an earlier run's */
    code = qemu_run(qemu, timeout_ms);
    trace_code = trace_convert(path, "what the machine wrote", output, TRACE_REMEDY);
    return code != CODE_OK ? code : trace_code;
}

static int start(struct system *system, const struct settings *settings, const char *folder,
                 uint64_t timeout_ms)
{
    const char *libdir = install_libdir(&system->arena, settings->libdir);
    const char *iso = NULL;
    struct stage stage;
    struct qemu qemu;
    int code = stage_system(&stage, system, settings, libdir, folder, DEBUG_EXIT_PORT);

    if (code == CODE_OK && settings->iso) {
        iso = arena_format(&system->arena, "%s/marzipan.iso", folder);
        code = iso_make(&stage, iso);
    }
    if (code == CODE_OK)
        code = qemu_command(&qemu, &stage, system, settings, iso);
    if (code != CODE_OK)
        return code;
    if (settings->dry_run) {
        qemu_print(&qemu);
        return CODE_OK;
    }
    if (install_program(&system->arena, QEMU) == NULL)
        return complain(CODE_MISSING, "install Debian's package " QEMU_PACKAGE,
                        QEMU " is not installed");
    warn_of_size(system, settings);
    return settings->trace != NULL ? run_traced(&stage, &qemu, settings->trace, timeout_ms)
                                   : qemu_run(&qemu, timeout_ms);
}

/* The monitor's arguments for --trace; what cannot be written is better known before the run. */
static int add_trace(struct settings *settings, struct arena *arena)
{
    struct list *args = &settings->module_args;
    const char *folder = dirname(arena_copy(arena, settings->trace, strlen(settings->trace)));

    if (access(folder, W_OK) != 0)
        return complain(CODE_IO, "choose another file for --trace", "cannot write to %s: %s",
                        folder, strerror(errno));
    if (args->count == LIST_MAX)
        return complain(CODE_USAGE, "leave some out", "more than %d times --args with --trace",
                        LIST_MAX - 1);
    args->items[args->count++] =
        arena_format(arena, "monitor=trace=%u trace-port=0x%x", TRACE_LOG2, TRACE_PORT);
    return CODE_OK;
}

/* A run that repeats exactly must not depend on whether another system runs already, and a dry
 * run shows the line if it was asked for. */
static bool wants_control(const struct settings *settings)
{
    return !settings->dry_run && (!settings->icount || settings->control != NULL);
}

/* Without --output the system is staged in a temporary folder; a dry run leaves
 * something that can be run, so it does not. */
int command_run(const struct settings *given)
{
    struct settings copy = *given, *settings = &copy;
    struct system system;
    struct control_place control = {NULL, NULL, -1};
    const char *folder = settings->output, *temporary = NULL;
    uint64_t timeout_ms;
    int code = check_settings(settings);

    if (code != CODE_OK)
        return code;
    code = load_system(settings, &system);
    if (code == CODE_OK)
        code = parse_timeout(&system.arena, settings->timeout, &timeout_ms);
    if (code == CODE_OK)
        code = install_check(&system.arena, install_libdir(&system.arena, settings->libdir));
    if (code == CODE_OK && settings->trace != NULL)
        code = add_trace(settings, &system.arena);
    if (code == CODE_OK && wants_control(settings))
        code = control_reserve(&control, &system.arena, settings);
    if (!settings->dry_run)
        settings->control = control.path;
    if (folder == NULL && settings->dry_run)
        folder = DRY_RUN_FOLDER;
    else if (folder == NULL && code == CODE_OK)
        folder = temporary = stage_temporary(&system.arena);
    if (code == CODE_OK)
        code = folder != NULL ? start(&system, settings, folder, timeout_ms) : CODE_IO;
    if (temporary != NULL)
        stage_remove(temporary);
    control_release(&control);
    system_free(&system);
    return code;
}
