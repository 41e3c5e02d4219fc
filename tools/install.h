/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where Marzipan's own files are: in the build tree beside the command
 * (build/amd64, build/guests), or installed (PREFIX/lib/marzipan).
 */
#ifndef TOOLS_INSTALL_H
#define TOOLS_INSTALL_H

#include <manifest/arena.h>

/* The folder of loader, almond, sigma0, monitor, vmm and shell: --libdir, else
 * MARZIPAN_LIBDIR, else found from where the command is.  NULL if nowhere. */
const char *install_libdir(struct arena *arena, const char *option);

/* The folder of the catalogue's images that belongs to it; NULL if there is none. */
const char *install_guests(struct arena *arena, const char *libdir);

/* Are the system's files there, and whole?  CODE_OK, or CODE_MISSING with the
 * complaint printed. */
int install_check(struct arena *arena, const char *libdir);

/* A program in PATH; NULL if it is not there. */
const char *install_program(struct arena *arena, const char *name);

#endif
