/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel wants to know from ACPI's tables. */
#ifndef PLAT_ACPI_H
#define PLAT_ACPI_H

#include "types.h"

#define ACPI_IOAPICS    8
#define ACPI_OVERRIDES  24
#define ACPI_PROCESSORS 64

struct acpi_ioapic {
    u64 address;
    u32 first_gsi;
};

/* Where an ISA interrupt really arrives, and how. */
struct acpi_override {
    u8 irq;
    u32 gsi;
    bool low, level;
};

struct acpi_info {
    bool found; /* there is an MADT */
    u64 lapic;
    unsigned ioapics, overrides, processors;
    struct acpi_ioapic ioapic[ACPI_IOAPICS];
    struct acpi_override override[ACPI_OVERRIDES];
    u32 processor[ACPI_PROCESSORS]; /* local APIC ids */
    u16 pm_timer;                   /* IO port, 0: none */
    u16 sci;                        /* GSI of the system control interrupt, 0: none */
};

extern struct acpi_info acpi;

/* Read the tables; acpi holds a PC's defaults if there are none. */
void acpi_init(void);

#endif
