/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables that the root task finds through KIP.BootInfo: the generic boot
 * info, and a copy of the multiboot information in the form of version 1.
 */
#ifndef LOADER_BOOTINFO_H
#define LOADER_BOOTINFO_H

#include <stdint.h>
#include "boot.h"

/* Upper limits of what the two functions below write. */
uint64_t bootinfo_size(const struct boot *boot);
uint64_t mbi_size(const struct boot *boot);

/* Writes the boot info for a root task of that word size; mbi: address of the copy, or 0. */
void bootinfo_write(const struct boot *boot, unsigned bits, uint64_t at, uint64_t mbi);

/* Writes the multiboot copy, whose command line is the root task's. */
void mbi_write(const struct boot *boot, uint64_t at);

#endif
