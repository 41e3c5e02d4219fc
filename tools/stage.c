/* SPDX-License-Identifier: BSD-2-Clause */
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <manifest/compile.h>
#include <manifest/nearest.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int io_error(const char *what, const char *path)
{
    return complain(CODE_IO, "check the path, its permissions and the free space",
                    "cannot %s %s: %s", what, path, strerror(errno));
}

static int write_file(const char *path, const void *data, size_t size)
{
    FILE *file;

    unlink(path); /* it may be a link to somebody's file */
    file = fopen(path, "wb");
    if (file == NULL)
        return io_error("write", path);
    if (fwrite(data, 1, size, file) != size) {
        fclose(file);
        return io_error("write", path);
    }
    return fclose(file) == 0 ? CODE_OK : io_error("write", path);
}

int stage_parse_port(const char *text, unsigned *port)
{
    char *end;
    unsigned long n;

    *port = 0;
    if (text == NULL)
        return CODE_OK;
    n = strtoul(text, &end, 0);
    if (*text == '\0' || *end != '\0' || n == 0 || n > 0xffff)
        return complain(CODE_USAGE, "write a port number, as in 0xf4", "\"%s\" is not a port",
                        text);
    *port = (unsigned)n;
    return CODE_OK;
}

static bool copy_bytes(int from, int to)
{
    ssize_t n;

    do {
        n = copy_file_range(from, NULL, to, NULL, (size_t)1 << 30, 0);
    } while (n > 0);
    if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) {
        static char buffer[1 << 16];

        while ((n = read(from, buffer, sizeof buffer)) > 0) {
            if (write(to, buffer, (size_t)n) != n)
                return false;
        }
    }
    return n == 0;
}

static int copy_file(const char *source, const char *path)
{
    int from = open(source, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool ok = from >= 0 && to >= 0 && copy_bytes(from, to);
    int code = ok ? CODE_OK : io_error("copy to", path);

    if (from >= 0)
        close(from);
    if (to >= 0 && close(to) != 0 && ok)
        code = io_error("write", path);
    return code;
}

int stage_place(const char *source, const char *path)
{
    struct stat a, b;

    if (stat(source, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino)
        return CODE_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        return io_error("replace", path);
    if (linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
        return CODE_OK;
    return copy_file(source, path);
}

static void add_module(struct stage *stage, const char *name, const char *source,
                       const struct system *system)
{
    stage->modules[stage->count++] = (struct module){name, "", source, system};
}

/* The order is the boot protocol's: kernel, sigma0, root task, then the rest. */
static void list_modules(struct stage *stage, const struct system *system, const char *libdir)
{
    struct arena *arena = stage->arena;

    unsigned count = 7;

    for (const struct image *image = system->images; image != NULL; image = image->next)
        count++;
    stage->modules = arena_alloc(arena, count * sizeof *stage->modules);
    stage->loader = arena_format(arena, "%s/loader", libdir);
    add_module(stage, "almond", arena_format(arena, "%s/almond", libdir), NULL);
    add_module(stage, "sigma0", arena_format(arena, "%s/sigma0", libdir), NULL);
    add_module(stage, "monitor", arena_format(arena, "%s/monitor", libdir), NULL);
    add_module(stage, "system.dtb", NULL, system);
    add_module(stage, "vmm", arena_format(arena, "%s/vmm", libdir), NULL);
    add_module(stage, SYSTEM_SHELL, arena_format(arena, "%s/%s", libdir, SYSTEM_SHELL), NULL);
    if (system->monitors != NULL) /* the loader unpacks the first one: nothing else sees it */
        add_module(stage, "monitor", arena_format(arena, "%s/monitor", libdir), NULL);
    for (const struct image *image = system->images; image != NULL; image = image->next)
        add_module(stage, image->module, image->path, image->system);
}

/* --args MODULE=TEXT */
static int give_arguments(struct stage *stage, const char *text)
{
    const char *equals = strchr(text, '=');
    char *name;
    struct nearest nearest;
    char remedy[80] = "name a module, as in --args monitor=TEXT";

    if (equals == NULL)
        return complain(CODE_USAGE, remedy, "--args \"%s\" has no \"=\"", text);
    name = arena_copy(stage->arena, text, (size_t)(equals - text));
    nearest = nearest_to(name);
    for (unsigned i = 0; i < stage->count; i++) {
        struct module *module = &stage->modules[i];

        nearest_try(&nearest, module->name);
        if (strcmp(module->name, name) != 0)
            continue;
        module->args = *module->args == '\0'
                           ? equals + 1
                           : arena_format(stage->arena, "%s %s", module->args, equals + 1);
        return CODE_OK;
    }
    if (nearest.best != NULL)
        snprintf(remedy, sizeof remedy, "did you mean \"%s\"?", nearest.best);
    return complain(CODE_USAGE, remedy, "the system has no boot module \"%s\"", name);
}

static int write_description(const struct system *system, const char *path, unsigned debug_exit)
{
    size_t size;
    void *blob = system_compile(system, debug_exit, &size);
    int code = write_file(path, blob, size);

    free(blob);
    return code;
}

/* As a word or words of GRUB's shell. */
static const char *grub_escape(struct arena *arena, const char *text)
{
    char *escaped = arena_alloc(arena, 2 * strlen(text) + 1), *out = escaped;

    for (; *text != '\0'; text++) {
        if (strchr("\\\"'$;&|<>{}#*?", *text) != NULL)
            *out++ = '\\';
        *out++ = *text;
    }
    return escaped;
}

static int write_lists(const struct stage *stage)
{
    struct arena *arena = stage->arena;
    const char *path = arena_format(arena, "%s/modules", stage->folder);
    const char *list = "", *entries = "";
    int code;

    for (unsigned i = 0; i < stage->count; i++) {
        const struct module *m = &stage->modules[i];
        const char *space = *m->args == '\0' ? "" : " ";

        list = arena_format(arena, "%s%s%s%s\n", list, m->name, space, m->args);
        entries = arena_format(arena, "%s    module2 $marzipan/%s %s%s%s\n", entries, m->name,
                               m->name, space, grub_escape(arena, m->args));
    }
    code = write_file(path, list, strlen(list));
    if (code != CODE_OK)
        return code;
    path = arena_format(arena, "%s/grub.cfg", stage->folder);
    list = arena_format(arena,
                        "# Boots the files of this folder; set \"marzipan\" to where they are.\n"
                        "set marzipan=/boot\n"
                        "set timeout=0\n"
                        "if serial --unit=0 --speed=115200; then\n"
                        "    terminal_output serial console\n"
                        "fi\n"
                        "menuentry \"Marzipan\" {\n"
                        "    multiboot2 $marzipan/loader\n%s}\n",
                        entries);
    return write_file(path, list, strlen(list));
}

int stage_system(struct stage *stage, struct system *system, const struct settings *settings,
                 const char *libdir, const char *folder, unsigned debug_exit)
{
    int code = CODE_OK;

    *stage = (struct stage){.arena = &system->arena, .folder = folder};
    list_modules(stage, system, libdir);
    for (unsigned i = 0; code == CODE_OK && i < settings->module_args.count; i++)
        code = give_arguments(stage, settings->module_args.items[i]);
    if (code != CODE_OK)
        return code;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return io_error("make the folder", folder);
    code = stage_place(stage->loader, arena_format(stage->arena, "%s/loader", folder));
    for (unsigned i = 0; code == CODE_OK && i < stage->count; i++) {
        const char *path = arena_format(stage->arena, "%s/%s", folder, stage->modules[i].name);

        const struct module *module = &stage->modules[i];

        if (module->system != NULL)
            code =
                write_description(module->system, path, module->system == system ? debug_exit : 0);
        else
            code = stage_place(module->source, path);
    }
    return code == CODE_OK ? write_lists(stage) : code;
}

const char *stage_trace(struct arena *arena, const char *folder)
{
    return arena_format(arena, "%s/trace.log", folder);
}

const char *stage_temporary(struct arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *path =
        arena_format(arena, "%s/marzipan-XXXXXX", base != NULL && *base != '\0' ? base : "/tmp");

    if (mkdtemp(path) == NULL) {
        io_error("make a folder like", path);
        return NULL;
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    return remove(path);
}

void stage_remove(const char *folder)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
