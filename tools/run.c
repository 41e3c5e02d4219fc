/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/units.h>
#include <string.h>
#include <unistd.h>

#include "install.h"
#include "iso.h"
#include "qemu.h"

#define DRY_RUN_FOLDER "marzipan-out"

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
    return qemu_run(&qemu, timeout_ms);
}

/* Without --output the system is staged in a temporary folder; a dry run leaves
 * something that can be run, so it does not. */
int command_run(const struct settings *settings)
{
    struct system system;
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
    if (folder == NULL && settings->dry_run)
        folder = DRY_RUN_FOLDER;
    else if (folder == NULL && code == CODE_OK)
        folder = temporary = stage_temporary(&system.arena);
    if (code == CODE_OK)
        code = folder != NULL ? start(&system, settings, folder, timeout_ms) : CODE_IO;
    if (temporary != NULL)
        stage_remove(temporary);
    system_free(&system);
    return code;
}
