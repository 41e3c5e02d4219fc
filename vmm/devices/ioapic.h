/* SPDX-License-Identifier: BSD-2-Clause */
/* An IO-APIC (82093AA with fewer pins) for the few devices that have wires. */
#ifndef VMM_DEVICES_IOAPIC_H
#define VMM_DEVICES_IOAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"
#include "devices/lapic.h"

#define IOAPIC_BASE UINT64_C(0xfec00000)
#define IOAPIC_SIZE 0x1000u
#define IOAPIC_ID   0u
#define IOAPIC_PINS 8u

struct ioapic {
    void (*deliver)(void *context, const struct apic_message *message);
    void *context;
    uint32_t id, select;
    uint64_t redirect[IOAPIC_PINS];
    uint32_t lines;   /* levels at the pins */
    uint32_t pending; /* edges that came while the pin was masked */
};

void ioapic_init(struct ioapic *ioapic,
                 void (*deliver)(void *context, const struct apic_message *message), void *context);
struct mmio_device ioapic_page(struct ioapic *ioapic);

/* For struct irq_line. */
void ioapic_set(void *ioapic, unsigned pin, bool level);

/* A local APIC has ended a level-triggered interrupt with this vector. */
void ioapic_end(struct ioapic *ioapic, uint8_t vector);

#endif
