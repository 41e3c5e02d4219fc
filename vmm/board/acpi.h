/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables of a hardware-reduced board: RSDP, XSDT, FADT with reset and
 * sleep registers, MADT, and a DSDT with the PCI host, COM1 and the power button; WDAT if
 * there is a watchdog.
 */
#ifndef VMM_BOARD_ACPI_H
#define VMM_BOARD_ACPI_H

#include <stdint.h>

/* Write the tables to `to`, which the guest sees at physical address `at`; the
 * RSDP comes first.  Returns the bytes used, 0 if `size` is too small. */
unsigned acpi_build(uint8_t *to, unsigned size, uint32_t at, unsigned cpus, uint32_t watchdog_ms);

#endif
