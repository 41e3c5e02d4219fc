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

static uint32_t guarded_read(void *device, uint16_t port, unsigned size)
{
    struct io_guard *guard = device;
    lock_take(guard->lock);
    uint32_t value = guard->device.read(guard->device.device, port, size);
    lock_drop(guard->lock);
    return value;
}

static void guarded_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct io_guard *guard = device;
    lock_take(guard->lock);
    guard->device.write(guard->device.device, port, size, value);
    lock_drop(guard->lock);
}

void io_bus_init(struct io_bus *bus, struct lock *lock)
{
    bus->devices[0] = (struct io_device){empty_read, empty_write, NULL};
    bus->count = 1;
    bus->lock = lock;
}

bool io_bus_add(struct io_bus *bus, uint16_t first, unsigned ports, struct io_device device)
{
    if (bus->count == IO_DEVICES || ports > 0x10000u - first)
        return false;
    struct io_guard *guard = &bus->guards[bus->count];
    *guard = (struct io_guard){device, bus->lock};
    if (bus->lock->shared)
        device = (struct io_device){guarded_read, guarded_write, guard};
    bus->devices[bus->count] = device;
    for (unsigned i = 0; i < ports; i++)
        bus->of_port[first + i] = (uint8_t)bus->count;
    bus->count++;
    return true;
}

void mmio_bus_init(struct mmio_bus *bus, struct lock *lock)
{
    *bus = (struct mmio_bus){.lock = lock};
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
    if (!d)
        return UINT64_MAX;
    lock_take(bus->lock);
    uint64_t value = d->read(d->device, addr.raw - d->base, size);
    lock_drop(bus->lock);
    return value;
}

void mmio_bus_write(const struct mmio_bus *bus, gpa_t addr, unsigned size, uint64_t value)
{
    const struct mmio_device *d = find(bus, addr.raw, size);
    if (!d)
        return;
    lock_take(bus->lock);
    d->write(d->device, addr.raw - d->base, size, value);
    lock_drop(bus->lock);
}
