/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys of the console and of the machine, which a system has once. */
#include <manifest/schema.h>

#include <manifest/system.h>
#include <manifest/units.h>

#include "commonkeys.h"

static const char *const machine_types[] = {"q35", "pc", NULL};

#define CONSOLE_OFFSET(field)                                                                      \
    (offsetof(struct system, console.field) - offsetof(struct system, console))

static const struct key console_keys[] = {
    {.name = "history",
     .kind = VALUE_SIZE,
     .offset = CONSOLE_OFFSET(history),
     .min = KIB,
     .max = MIB,
     .multiple = KIB,
     .fallback = "32K",
     .help = "How much of what a VM wrote out of focus is kept, for each VM."},
    {.name = "focus",
     .kind = VALUE_NAME,
     .offset = CONSOLE_OFFSET(focus),
     .fallback_note = "none: all VMs are seen",
     .help = "The VM that has the console at first."},
    END_OF_KEYS};

const struct section console_section = {
    .title = "Console",
    .help = "The serial line that all VMs share.",
    .keys = console_keys,
};

static const struct key machine_keys[] = {
    {.name = "memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct machine, memory),
     .min = 64 * MIB,
     .max = MACHINE_MOST,
     .multiple = MIB,
     .fallback_note = "what the VMs need, rounded up to 256M, at least 512M",
     .help = "The memory of the machine. VMs that do not fit into it are an error."},
    {.name = "processors",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct machine, processors),
     .min = 1,
     .max = 32,
     .fallback_note = "one more than the VM with the most vCPUs has, or 1 if none has several",
     .help = "Its processors. The vCPUs of a VM are spread over them, and take turns if there are "
             "fewer. Of several the first runs no vCPUs in QEMU, where a fault of the emulation "
             "would harm them. With `--icount` there is always one."},
    {.name = "type",
     .kind = VALUE_CHOICE,
     .offset = offsetof(struct machine, type),
     .choices = machine_types,
     .fallback = "q35",
     .help = "QEMU's machine type."},
    {.name = "cpu",
     .kind = VALUE_TEXT,
     .offset = offsetof(struct machine, cpu),
     .min = 1,
     .max = 500,
     .fallback = "qemu64,+svm,+npt,+vgif",
     .help = "QEMU's processor model and flags. Hardware VMs need svm and npt."},
    END_OF_KEYS};

const struct section machine_section = {
    .title = "Machine",
    .help = "What the system runs on: `marzipan run` starts QEMU so.",
    .keys = machine_keys,
};
