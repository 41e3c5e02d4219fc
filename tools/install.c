/* SPDX-License-Identifier: BSD-2-Clause */
#include "install.h"

#include <fcntl.h>
#include <limits.h>
#include <manifest/image.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static const char *const system_files[] = {"loader", "almond", "sigma0", "monitor", "vmm", "shell"};

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *install_libdir(struct arena *arena, const char *option)
{
    static const char *const places[] = {"amd64", "../lib/marzipan"};
    const char *from_environment = getenv("MARZIPAN_LIBDIR");
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);

    if (option != NULL)
        return option;
    if (from_environment != NULL)
        return from_environment;
    if (len <= 0)
        return NULL;
    own[len] = '\0';
    *strrchr(own, '/') = '\0';
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *path = arena_format(arena, "%s/%s", own, places[i]);

        if (is_folder(path))
            return path;
    }
    return NULL;
}

const char *install_guests(struct arena *arena, const char *libdir)
{
    static const char *const places[] = {"guests", "../guests"};

    for (unsigned i = 0; libdir != NULL && i < sizeof places / sizeof places[0]; i++) {
        const char *path = arena_format(arena, "%s/%s", libdir, places[i]);

        if (is_folder(path))
            return path;
    }
    return NULL;
}

static bool is_whole_program(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *data = MAP_FAILED;
    bool whole = false;

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
        data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
        whole = elf_is_whole(data, (size_t)st.st_size);
        munmap(data, (size_t)st.st_size);
    }
    if (fd >= 0)
        close(fd);
    return whole;
}

int install_check(struct arena *arena, const char *libdir)
{
    if (libdir == NULL)
        return complain(CODE_MISSING,
                        "name their folder: --libdir DIR, or MARZIPAN_LIBDIR in the environment",
                        "Marzipan's own files (almond, monitor, ...) are not to be found");
    for (unsigned i = 0; i < sizeof system_files / sizeof system_files[0]; i++) {
        const char *path = arena_format(arena, "%s/%s", libdir, system_files[i]);

        if (access(path, R_OK) != 0)
            return complain(CODE_MISSING, "\"make\" in Marzipan's source tree builds it",
                            "%s is missing", path);
        if (!is_whole_program(path))
            return complain(CODE_MISSING, "build it again: remove it, then \"make\"",
                            "%s is truncated, or no program", path);
    }
    return CODE_OK;
}

const char *install_program(struct arena *arena, const char *name)
{
    const char *path = getenv("PATH");

    for (size_t len; path != NULL && *path != '\0'; path += len + (path[len] == ':')) {
        const char *file;

        len = strcspn(path, ":");
        file = arena_format(arena, "%.*s/%s", (int)len, path, name);
        if (access(file, X_OK) == 0)
            return file;
    }
    return NULL;
}
