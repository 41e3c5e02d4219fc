/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading of the guest's kernel.  Nothing is copied here: the images become
 * sources of the RAM.  Images come from outside and are checked to the byte.
 */
#ifndef VMM_BOOT_BOOT_H
#define VMM_BOOT_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board/ram.h"

#define BOOT_CMDLINE_MAX 2560
#define BOOT_CAUSE_MAX   63 /* with the parentheses around it, what exit.now takes */

struct boot_image {
    const uint8_t *bytes;
    uint64_t size;
};

struct boot_config {
    struct boot_image kernel, initrd;
    const char *cmdline;
    uint64_t tsc_khz;
    unsigned cpus;
    uint32_t watchdog_ms; /* 0: none */
};

/* How the boot processor enters the guest: flat 32-bit protected mode. */
struct boot_entry {
    uint64_t rip, rbx, rsi;
    uint16_t code, data; /* selectors */
    uint64_t gdt;        /* 0: none */
    uint16_t gdt_limit;
};

/* What the parts of this folder share about one load. */
struct boot {
    const struct boot_config *config;
    struct ram *ram;
    uint64_t kernel_start, kernel_end; /* guest-physical span, with what the kernel clears */
    uint64_t initrd;                   /* guest-physical address */
    uint64_t rsdp;
    char cmdline[BOOT_CMDLINE_MAX];
    char cause[BOOT_CAUSE_MAX]; /* why it failed */
};

/* False: the images cannot be booted, and boot->cause says why. */
bool boot_load(struct boot *boot, const struct boot_config *config, struct ram *ram,
               struct boot_entry *entry);

/* Set the cause; returns false for convenience. */
bool boot_fail(struct boot *boot, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Choose the place of the initrd, once the kernel's is known: below `limit`. */
bool boot_place_initrd(struct boot *boot, uint64_t limit);

/* The guest's memory map. */
enum { BOOT_MAP_RAM = 1, BOOT_MAP_RESERVED = 2 };
struct boot_range {
    uint64_t address, size;
    uint32_t type;
};
#define BOOT_RANGES 5
unsigned boot_memory_map(const struct ram *ram, struct boot_range map[BOOT_RANGES]);

/* An ELF kernel with a PVH entry point. */
bool elf_load(struct boot *boot, uint32_t *pvh_entry);
bool pvh_prepare(struct boot *boot, uint32_t pvh_entry, struct boot_entry *entry);

/* A bzImage, entered by the 32-bit boot protocol. */
bool bzimage_recognize(const struct boot_image *image);
bool bzimage_load(struct boot *boot, struct boot_entry *entry);

#endif
