/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the multiboot loader left, in one form whatever its version.  All of it
 * is copied into the loader's own memory: the original may be overwritten by
 * the images that are loaded.
 */
#ifndef LOADER_BOOT_H
#define LOADER_BOOT_H

#include <stdbool.h>
#include <stdint.h>
#include "elf.h"

#define MODULES      64
#define MAP_ENTRIES  160
#define STRING_BYTES 16384
#define RSDP_MAX     64

enum { MODULE_KERNEL, MODULE_SIGMA0, MODULE_ROOT, MODULE_OTHERS };

struct module {
    uint64_t start, size;
    const char *cmdline;
    bool loaded;            /* its image is in place, the file is not needed any more */
    struct elf_image image; /* if loaded */
};

/* An entry of the BIOS's memory map. */
struct map_entry {
    uint64_t low, high; /* high: exclusive */
    uint32_t type;
};

#define MAP_RAM 1

struct boot {
    const char *cmdline;
    unsigned module_count, map_count;
    struct module module[MODULES];
    struct map_entry map[MAP_ENTRIES];
    unsigned rsdp_size; /* 0: none found */
    uint8_t rsdp[RSDP_MAX];
    unsigned string_bytes;
    char strings[STRING_BYTES];
};

/* Read multiboot information of version 1 or 2; return what is wrong, or NULL. */
const char *boot_read_mb1(struct boot *boot, uint64_t info);
const char *boot_read_mb2(struct boot *boot, uint64_t info);

/* Parts that both use. */
const char *boot_add_module(struct boot *boot, uint64_t start, uint64_t end, const char *cmdline);
const char *boot_add_map(struct boot *boot, uint64_t low, uint64_t length, uint32_t type);
const char *boot_set_rsdp(struct boot *boot, const void *rsdp, uint64_t size);
const char *boot_string(struct boot *boot, const char *s);

/* Looks for ACPI's root pointer where a BIOS puts it. */
void boot_scan_rsdp(struct boot *boot);

/* The module's name: the first word of its command line, without the path. */
const char *module_name(const struct module *m, int *length);

#endif
