/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The little of ACPI that switching a PC off takes: RSDP -> XSDT or RSDT ->
 * FADT -> DSDT -> the value of \_S5.  Firmware tables are checked like any
 * foreign data; reading memory is the caller's, so that the host can test it.
 */
#ifndef BOOT_ACPI_H
#define BOOT_ACPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pointer to `size` readable bytes at a physical address, or NULL. */
typedef const void *(*acpi_map_fn)(uint64_t phys, size_t size);

/* How to enter S5: write the values, in order, to the registers that are there. */
struct acpi_s5 {
    bool reduced; /* hardware-reduced: sleep_control; else pm1a, pm1b */
    bool memory;  /* sleep_control is a memory address, not a port    */
    uint64_t sleep_control;
    uint8_t sleep_value;
    uint16_t pm1a, pm1b;             /* control ports; pm1b 0 if there is none           */
    uint16_t pm1a_value, pm1b_value; /* bits to set: SLP_TYP and SLP_EN       */
    uint16_t smi_command;            /* 0, or the port that takes `enable` to switch the */
    uint8_t enable;                  /* machine to ACPI mode while PM1's bit 0 is 0      */
};

#define ACPI_SLP_TYP_MASK 0x1c00u
#define ACPI_SLP_EN       0x2000u
#define ACPI_SCI_EN       0x0001u

/* Find out.  NULL, or what is missing. */
const char *acpi_find_s5(acpi_map_fn map, uint64_t rsdp, struct acpi_s5 *s5);

#endif
