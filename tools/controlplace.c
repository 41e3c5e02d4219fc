/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a system's control line is, and who may have it. */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *chosen_path(const struct settings *settings)
{
    return settings->control != NULL ? settings->control : getenv("MARZIPAN_CONTROL");
}

const char *control_folder(struct arena *arena, const struct settings *settings)
{
    if (chosen_path(settings) != NULL)
        return NULL;
    return arena_format(arena, "/tmp/marzipan-%u", (unsigned)geteuid());
}

const char *control_path(struct arena *arena, const struct settings *settings)
{
    const char *path = chosen_path(settings);

    return path != NULL ? path : arena_format(arena, "%s/control", control_folder(arena, settings));
}

bool control_too_long(const char *path)
{
    return strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

int control_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error;

    if (s < 0)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (connect(s, (struct sockaddr *)&address, sizeof address) == 0)
        return s;
    error = errno;
    close(s);
    errno = error;
    return -1;
}

static int do_without(const char *why, const char *path)
{
    fprintf(stderr,
            "marzipan: warning: the system has no control line, since %s %s; --control PATH puts "
            "it elsewhere\n",
            path, why);
    return CODE_OK;
}

/* Whether nobody else can put anything into the folder. */
static bool own_folder(const char *folder)
{
    struct stat s;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return false;
    return lstat(folder, &s) == 0 && S_ISDIR(s.st_mode) && s.st_uid == geteuid() &&
           (s.st_mode & 077) == 0;
}

/* The lock is held while a system runs, since QEMU takes a socket away from whoever has it. */
static bool take_lock(struct control_place *place)
{
    struct stat held, named;

    place->lock = open(place->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (place->lock < 0)
        return false;
    if (flock(place->lock, LOCK_EX | LOCK_NB) == 0 && fstat(place->lock, &held) == 0 &&
        stat(place->lock_path, &named) == 0 && held.st_ino == named.st_ino)
        return true; /* else the last holder has just removed the file */
    close(place->lock);
    place->lock = -1;
    return false;
}

/* Whether a socket that is there is of a system that lives. */
static bool is_live(const char *path)
{
    int s = control_connect(path);

    if (s < 0)
        return errno != ECONNREFUSED && errno != ENOENT;
    close(s);
    return true;
}

int control_reserve(struct control_place *place, struct arena *arena,
                    const struct settings *settings)
{
    const char *path = control_path(arena, settings), *folder = control_folder(arena, settings);
    const char *parent = dirname(arena_copy(arena, path, strlen(path)));
    struct stat s;

    if (control_too_long(path))
        return complain(CODE_USAGE, "choose a shorter one with --control",
                        "%s is too long for a socket", path);
    if (folder != NULL && !own_folder(folder))
        return do_without("is no folder of yours alone", folder);
    if (folder == NULL && access(parent, W_OK) != 0)
        return complain(CODE_IO, "choose another path for --control", "cannot write to %s: %s",
                        parent, strerror(errno));
    if (lstat(path, &s) == 0 && !S_ISSOCK(s.st_mode))
        return complain(CODE_USAGE, "choose another path for --control", "%s is there already",
                        path);
    place->lock_path = arena_format(arena, "%s.lock", path);
    if (!take_lock(place) || is_live(path))
        return do_without("is in use", path);
    unlink(path);
    place->path = path;
    return CODE_OK;
}

void control_release(struct control_place *place)
{
    if (place->path != NULL)
        unlink(place->path); /* QEMU leaves it when the machine ends by itself */
    if (place->lock >= 0) {
        unlink(place->lock_path);
        close(place->lock);
    }
}
