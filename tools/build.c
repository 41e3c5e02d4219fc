/* SPDX-License-Identifier: BSD-2-Clause */
#include "install.h"
#include "stage.h"

#define DEFAULT_FOLDER "marzipan-out"

int command_build(const struct settings *settings)
{
    struct system system;
    struct stage stage;
    unsigned port;
    int code = stage_parse_port(settings->exit_port, &port);
    const char *libdir, *folder = settings->output != NULL ? settings->output : DEFAULT_FOLDER;

    if (code != CODE_OK)
        return code;
    code = load_system(settings, &system);
    libdir = install_libdir(&system.arena, settings->libdir);
    if (code == CODE_OK)
        code = install_check(&system.arena, libdir);
    if (code == CODE_OK)
        code = stage_system(&stage, &system, settings, libdir, folder, port);
    if (code == CODE_OK)
        printf("%s: the loader and %u modules\n", folder, stage.count);
    system_free(&system);
    return code;
}
