/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What connects local APICs with each other and with the senders of interrupts.
 * Once all are added any thread may send: nothing here changes any more.
 */
#ifndef VMM_DEVICES_APIC_BUS_H
#define VMM_DEVICES_APIC_BUS_H

#include "devices/lapic.h"

#define APIC_BUS_LAPICS 16

struct apic_bus {
    unsigned count;
    struct lapic *lapics[APIC_BUS_LAPICS];
};

bool apic_bus_add(struct apic_bus *bus, struct lapic *lapic);
void apic_bus_deliver(struct apic_bus *bus, const struct apic_message *message);

/* A device's write of `data` to `address`, which lies in the local APICs' page. */
void apic_bus_msi(struct apic_bus *bus, uint64_t address, uint32_t data);

/* A write to the interrupt command register of `from`. */
void apic_bus_command(struct apic_bus *bus, struct lapic *from, uint64_t icr);

#endif
