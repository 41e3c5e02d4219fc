/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's RAM: finds it in the kernel's memory descriptors, takes it all
 * from sigma0 and enters it into the memory book. */
#ifndef MONITOR_RAM_H
#define MONITOR_RAM_H

#include <stdbool.h>
#include <stdint.h>

void ram_take_all(void);

/* Whether a part of this is RAM, whatever else a descriptor says of it. */
bool ram_overlaps(uint64_t first, uint64_t last);

/* Address of a copy of ACPI's root pointer that the boot loader left, or 0. */
uint64_t ram_acpi_rsdp(void);

#endif
