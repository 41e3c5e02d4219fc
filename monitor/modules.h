/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot loader's modules by name.  A module's name is the last part of the
 * path that is the first word of its command line. */
#ifndef MONITOR_MODULES_H
#define MONITOR_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <marzipan/vmm.h>

#define MODULES_MAX 64

struct module {
    char name[MZ_NAME_MAX * 2];
    const char *args;    /* the rest of the command line           */
    const uint8_t *data; /* physical = virtual, page-aligned       */
    size_t size;
};

/* Find the list, the boot loader's or what the parent lets a nested monitor see, and get access to
 * the modules.  False, with a line in the log, if there is no usable list. */
bool modules_init(void);

const struct module *module_find(const char *name);

/* The value of `option=...` among the monitor's own arguments, copied to *value
 * of `size` bytes; false if it is not there. */
bool modules_option(const char *option, char *value, size_t size);

/* All names, for the log: "vmm, system.dtb, ...". */
void modules_list(char *text, size_t size);

#endif
