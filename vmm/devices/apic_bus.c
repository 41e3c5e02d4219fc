/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/apic_bus.h"

enum shorthand { SHORT_NONE, SHORT_SELF, SHORT_ALL, SHORT_OTHERS };

#define ICR_ASSERT (1u << 14)

#define MSI_DESTINATION(address) ((address) >> 12 & 0xff)
#define MSI_LOGICAL(address)     ((address) >> 2 & 1)

bool apic_bus_add(struct apic_bus *bus, struct lapic *lapic)
{
    if (bus->count == APIC_BUS_LAPICS)
        return false;
    bus->lapics[bus->count++] = lapic;
    return true;
}

static void deliver_to(struct lapic *lapic, const struct apic_message *message)
{
    switch (message->mode) {
    case APIC_MODE_FIXED:
    case APIC_MODE_LOWEST:
        lapic_post(lapic, message->vector, message->level);
        break;
    case APIC_MODE_NMI:
    case APIC_MODE_INIT:
    case APIC_MODE_START:
        lapic->ops->signal(lapic->context, message->mode, message->vector);
        break;
    default:
        break;
    }
}

/* Lowest priority goes to the first that matches: any choice is allowed. */
void apic_bus_deliver(struct apic_bus *bus, const struct apic_message *message)
{
    for (unsigned i = 0; i < bus->count; i++) {
        if (!lapic_matches(bus->lapics[i], message->destination, message->logical))
            continue;
        deliver_to(bus->lapics[i], message);
        if (message->mode == APIC_MODE_LOWEST)
            break;
    }
}

void apic_bus_msi(struct apic_bus *bus, uint64_t address, uint32_t data)
{
    struct apic_message message = {
        .destination = MSI_DESTINATION(address),
        .logical = MSI_LOGICAL(address),
        .level = data >> 15 & 1,
        .mode = data >> 8 & 7,
        .vector = (uint8_t)data,
    };
    apic_bus_deliver(bus, &message);
}

void apic_bus_command(struct apic_bus *bus, struct lapic *from, uint64_t icr)
{
    struct apic_message message = {
        .destination = (uint32_t)(icr >> (lapic_x2apic(from) ? 32 : 56)),
        .logical = icr >> 11 & 1,
        .mode = icr >> 8 & 7,
        .vector = (uint8_t)icr,
    };
    enum shorthand to = icr >> 18 & 3;
    if (message.mode == APIC_MODE_INIT && !(icr & ICR_ASSERT))
        return; /* the end of an INIT, from the days when it was a wire */
    if (to == SHORT_NONE) {
        apic_bus_deliver(bus, &message);
        return;
    }
    for (unsigned i = 0; i < bus->count; i++) {
        bool self = bus->lapics[i] == from;
        if (to == SHORT_ALL || self == (to == SHORT_SELF))
            deliver_to(bus->lapics[i], &message);
    }
}
