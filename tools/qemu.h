/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TOOLS_QEMU_H
#define TOOLS_QEMU_H

#include "stage.h"

#define QEMU         "qemu-system-x86_64"
#define QEMU_PACKAGE "qemu-system-x86"
#define OVMF         "/usr/share/ovmf/OVMF.fd"
#define OVMF_PACKAGE "ovmf"

#define QEMU_WORDS 96

struct qemu {
    const char *words[QEMU_WORDS]; /* ends with NULL */
    unsigned count;
};

/* QEMU's command line for a staged system, or for the CD image made of it. */
int qemu_command(struct qemu *qemu, const struct stage *stage, const struct system *system,
                 const struct settings *settings, const char *iso);

/* Print it so that a shell can run it. */
void qemu_print(const struct qemu *qemu);

/* Run it, stop it after timeout_ms unless that is 0, and return what `marzipan run`
 * exits with. */
int qemu_run(const struct qemu *qemu, uint64_t timeout_ms);

#endif
