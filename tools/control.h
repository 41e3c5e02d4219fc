/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line of a running system: COM2 of its machine, where the monitor reads commands,
 * is a socket of the host.  `marzipan run` makes it, `marzipan ps` and the like connect to it.
 * What goes over it is described in docs/monitor.md.
 */
#ifndef TOOLS_CONTROL_H
#define TOOLS_CONTROL_H

#include "command.h"

/* Where the socket is: --control, MARZIPAN_CONTROL, or in a folder of this user's. */
const char *control_path(struct arena *arena, const struct settings *settings);

/* The folder of the default path, NULL if the path was chosen. */
const char *control_folder(struct arena *arena, const struct settings *settings);

/* Too long for the address of a socket. */
bool control_too_long(const char *path);

/* A socket for it, without waiting; -1 with errno: nobody listens, or not to us. */
int control_connect(const char *path);

struct control_place {
    const char *path; /* NULL: the system runs without */
    const char *lock_path;
    int lock;
};

/* Have a place for the socket of a system that starts; says why if it has to do without.
 * CODE_OK, or what to exit with.  control_release() in any case. */
int control_reserve(struct control_place *place, struct arena *arena,
                    const struct settings *settings);
void control_release(struct control_place *place);

/* Send a request and wait for its answer: lines of text, to be freed, also if it was refused.
 * CODE_OK, CODE_REFUSED with the reason printed, or another with the complaint printed. */
int control_ask(const struct settings *settings, const char *request, char **answer);

/* Show the table of `top` again and again until the user has enough. */
int control_watch(const struct settings *settings);

#endif
