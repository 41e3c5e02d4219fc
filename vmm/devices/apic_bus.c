/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/apic_bus.h"

enum shorthand { SHORT_NONE, SHORT_SELF, SHORT_ALL, SHORT_OTHERS };

bool apic_bus_add(struct apic_bus *bus, struct lapic *lapic)
{
    if (bus->count == APIC_BUS_LAPICS)
        return false;
    bus->lapics[bus->count++] = lapic;
    return true;
}

/* INIT and START reach nobody yet: every VM has one processor. */
static void deliver_to(struct lapic *lapic, const struct apic_message *message)
{
    switch (message->mode) {
    case APIC_MODE_FIXED:
    case APIC_MODE_LOWEST:
        lapic_accept(lapic, message->vector, message->level);
        break;
    case APIC_MODE_NMI:
        lapic->ops->nmi(lapic->context);
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

void apic_bus_command(struct apic_bus *bus, struct lapic *from, uint64_t icr)
{
    struct apic_message message = {
        .destination = (uint32_t)(icr >> (lapic_x2apic(from) ? 32 : 56)),
        .logical = icr >> 11 & 1,
        .mode = icr >> 8 & 7,
        .vector = (uint8_t)icr,
    };
    enum shorthand to = icr >> 18 & 3;
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
