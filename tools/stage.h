/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A staged system: a folder that holds every file of a boot under its module
 * name, and the list of them.
 */
#ifndef TOOLS_STAGE_H
#define TOOLS_STAGE_H

#include "command.h"

/* What QEMU's isa-debug-exit device is configured to by run. */
#define DEBUG_EXIT_PORT 0xf4u

/* And its isa-debugcon, for run --trace. */
#define TRACE_PORT 0xe9u

struct module {
    const char *name;
    const char *args;            /* "": none                          */
    const char *source;          /* NULL: made in the folder         */
    const struct system *system; /* then it is this, compiled */
};

struct stage {
    struct arena *arena;
    const char *folder;
    struct module *modules; /* in boot order, without the loader */
    unsigned count;
    const char *loader; /* where it comes from */
};

/* Make or fill the folder.  Files are hard links where the file system allows it.
 * CODE_OK, or an exit code with the complaint printed. */
int stage_system(struct stage *stage, struct system *system, const struct settings *settings,
                 const char *libdir, const char *folder, unsigned debug_exit);

/* Where QEMU shall put the lines of a trace. */
const char *stage_trace(struct arena *arena, const char *folder);

/* Make path a link to source, or a copy of it where that cannot be. */
int stage_place(const char *source, const char *path);

/* --isa-debug-exit PORT; *port is 0 if text is NULL. */
int stage_parse_port(const char *text, unsigned *port);

/* A new folder below TMPDIR; NULL, with the complaint printed, if that fails. */
const char *stage_temporary(struct arena *arena);

/* Remove a folder and all in it. */
void stage_remove(const char *folder);

#endif
