/* SPDX-License-Identifier: BSD-2-Clause */
#include "iso.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "install.h"

#define DEFAULT_OUTPUT "marzipan.iso"

/* What grub-mkrescue calls or reads; without some of it, it would quietly make an
 * image that boots on one kind of firmware only. */
static int check_tools(struct arena *arena)
{
    static const struct {
        const char *what, *package;
    } needed[] = {
        {"grub-mkrescue", "grub-common"},
        {"xorriso", "xorriso"},
        {"mformat", "mtools"},
        {"/usr/lib/grub/i386-pc", "grub-pc-bin"},
        {"/usr/lib/grub/x86_64-efi", "grub-efi-amd64-bin"},
    };

    for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const char *what = needed[i].what;

        if (*what == '/' ? access(what, R_OK) == 0 : install_program(arena, what) != NULL)
            continue;
        return complain(CODE_MISSING,
                        arena_format(arena, "install Debian's package %s", needed[i].package),
                        "%s is missing, which a CD image needs", what);
    }
    return CODE_OK;
}

/* Run grub-mkrescue with its chatter in a file that is shown if it fails. */
static int run_mkrescue(struct arena *arena, const char *root, const char *output)
{
    const char *log = arena_format(arena, "%s.log", root);
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);

        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execlp("grub-mkrescue", "grub-mkrescue", "--locales=", "--themes=", "--fonts=", "-o",
               output, root, (char *)NULL);
        _exit(127);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    if (status != 0) {
        FILE *chatter = fopen(log, "r");

        for (int c; chatter != NULL && (c = getc(chatter)) != EOF;)
            putc(c, stderr);
        if (chatter != NULL)
            fclose(chatter);
    }
    unlink(log);
    if (status == 0)
        return CODE_OK;
    return complain(CODE_IO, "its own messages are above", "grub-mkrescue could not write %s",
                    output);
}

/* grub-mkrescue takes a folder as the CD's root: the system goes to /boot there. */
static int lay_out(const struct stage *stage, const char *root)
{
    struct arena *arena = stage->arena;
    const char *boot = arena_format(arena, "%s/boot", root);
    const char *from = stage->folder;
    int code = CODE_OK;

    if (mkdir(boot, 0777) != 0 || mkdir(arena_format(arena, "%s/grub", boot), 0777) != 0)
        return complain(CODE_IO, "check the free space", "cannot make %s: %s", boot,
                        strerror(errno));
    for (unsigned i = 0; code == CODE_OK && i < stage->count; i++)
        code = stage_place(arena_format(arena, "%s/%s", from, stage->modules[i].name),
                           arena_format(arena, "%s/%s", boot, stage->modules[i].name));
    if (code == CODE_OK)
        code = stage_place(arena_format(arena, "%s/loader", from),
                           arena_format(arena, "%s/loader", boot));
    if (code == CODE_OK)
        code = stage_place(arena_format(arena, "%s/grub.cfg", from),
                           arena_format(arena, "%s/grub/grub.cfg", boot));
    return code;
}

int iso_make(const struct stage *stage, const char *output)
{
    const char *root;
    int code = check_tools(stage->arena);

    if (code != CODE_OK)
        return code;
    root = stage_temporary(stage->arena);
    if (root == NULL)
        return CODE_IO;
    code = lay_out(stage, root);
    if (code == CODE_OK)
        code = run_mkrescue(stage->arena, root, output);
    stage_remove(root);
    return code;
}

int command_iso(const struct settings *settings)
{
    const char *output = settings->output != NULL ? settings->output : DEFAULT_OUTPUT;
    struct system system;
    struct stage stage;
    unsigned port;
    const char *libdir, *folder = NULL;
    int code = stage_parse_port(settings->exit_port, &port);

    if (code != CODE_OK)
        return code;
    code = load_system(settings, &system);
    libdir = install_libdir(&system.arena, settings->libdir);
    if (code == CODE_OK)
        code = install_check(&system.arena, libdir);
    if (code == CODE_OK)
        code = (folder = stage_temporary(&system.arena)) != NULL ? CODE_OK : CODE_IO;
    if (code == CODE_OK)
        code = stage_system(&stage, &system, settings, libdir, folder, port);
    if (code == CODE_OK)
        code = iso_make(&stage, output);
    if (folder != NULL)
        stage_remove(folder);
    system_free(&system);
    return code;
}
