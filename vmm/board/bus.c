/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/bus.h"

#include <stddef.h>

static uint32_t empty_read(void *device, uint16_t port, unsigned size)
{
    return UINT32_MAX;
}

static void empty_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
}

void io_bus_init(struct io_bus *bus)
{
    bus->devices[0] = (struct io_device){empty_read, empty_write, NULL};
    bus->count = 1;
}

bool io_bus_add(struct io_bus *bus, uint16_t first, unsigned ports, struct io_device device)
{
    if (bus->count == IO_DEVICES || ports > 0x10000u - first)
        return false;
    bus->devices[bus->count] = device;
    for (unsigned i = 0; i < ports; i++)
        bus->of_port[first + i] = (uint8_t)bus->count;
    bus->count++;
    return true;
}

bool mmio_bus_add(struct mmio_bus *bus, struct mmio_device device)
{
    if (bus->count == MMIO_DEVICES)
        return false;
    bus->devices[bus->count++] = device;
    return true;
}

static const struct mmio_device *find(const struct mmio_bus *bus, uint64_t addr, unsigned size)
{
    for (unsigned i = 0; i < bus->count; i++) {
        const struct mmio_device *d = &bus->devices[i];
        if (addr >= d->base && addr - d->base < d->size && size <= d->size - (addr - d->base))
            return d;
    }
    return NULL;
}

uint64_t mmio_bus_read(const struct mmio_bus *bus, gpa_t addr, unsigned size)
{
    const struct mmio_device *d = find(bus, addr.raw, size);
    return d ? d->read(d->device, addr.raw - d->base, size) : UINT64_MAX;
}

void mmio_bus_write(const struct mmio_bus *bus, gpa_t addr, unsigned size, uint64_t value)
{
    const struct mmio_device *d = find(bus, addr.raw, size);
    if (d)
        d->write(d->device, addr.raw - d->base, size, value);
}
