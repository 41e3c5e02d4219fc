/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot loader's list of modules: L4's generic bootinfo.  Pure look-up over a
 * piece of memory; modules.h puts it to use.
 */
#ifndef BOOT_BOOTINFO_H
#define BOOT_BOOTINFO_H

#include <stddef.h>
#include <stdint.h>

#define BOOTINFO_MAGIC UINT64_C(0x14b0021d)

/* The total size that the header at `info` claims (32 bytes must be readable);
 * 0 if that is no bootinfo. */
uint64_t bootinfo_size(const void *info);

struct boot_record {
    uint64_t start, size; /* physical; 0, 0 for an image that the loader has unpacked */
    const char *cmdline;  /* "" if there is none */
};

/* Records that name a program or module, in order: fill *record with number n.
 * Returns 0, or -1 if there are not so many or the structure is broken there. */
int bootinfo_record(const void *info, size_t size, unsigned n, struct boot_record *record);

#endif
