/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/pci.h"

#include <stddef.h>

#define ADDRESS_ENABLE 0x80000000u
#define ADDRESS_MASK   0x80fffffcu

/* Vendor and device of the generic host bridge that other virtual boards show too. */
#define BRIDGE_ID    0x00081b36u
#define BRIDGE_CLASS 0x06000000u

static uint32_t part(uint32_t word, unsigned offset, unsigned size)
{
    word >>= 8 * (offset & 3);
    return size == 4 ? word : word & ((1u << 8 * size) - 1);
}

/* Linux takes a host bridge on bus 0 as proof that the mechanism works. */
static uint32_t bridge_read(void *device, unsigned offset, unsigned size)
{
    static const uint32_t registers[] = {BRIDGE_ID, 0, BRIDGE_CLASS};
    unsigned index = offset / 4;
    return part(index < 3 ? registers[index] : 0, offset, size);
}

static void bridge_write(void *device, unsigned offset, unsigned size, uint32_t value)
{
}

/* The function that the address register selects, with the byte's offset. */
static const struct pci_function *selected(const struct pci_host *host, uint16_t port,
                                           unsigned size, unsigned *offset)
{
    uint32_t address = host->address;
    unsigned slot = address >> 11 & 31;
    *offset = (address & 0xfc) + (port & 3);
    if (!(address & ADDRESS_ENABLE) || (address >> 16 & 0xff) != 0 || (address >> 8 & 7) != 0)
        return NULL;
    if ((port & 3) + size > 4)
        return NULL;
    return host->slots[slot].read ? &host->slots[slot] : NULL;
}

static uint32_t address_read(void *device, uint16_t port, unsigned size)
{
    struct pci_host *host = device;
    return size == 4 && port == PCI_ADDRESS_PORT ? host->address : UINT32_MAX;
}

static void address_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct pci_host *host = device;
    if (size == 4 && port == PCI_ADDRESS_PORT)
        host->address = value & ADDRESS_MASK;
}

static uint32_t data_read(void *device, uint16_t port, unsigned size)
{
    unsigned offset;
    const struct pci_function *f = selected(device, port, size, &offset);
    return f ? f->read(f->device, offset, size) : UINT32_MAX;
}

static void data_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    unsigned offset;
    const struct pci_function *f = selected(device, port, size, &offset);
    if (f)
        f->write(f->device, offset, size, value);
}

bool pci_add(struct pci_host *host, unsigned slot, struct pci_function function)
{
    if (slot >= PCI_SLOTS || host->slots[slot].read)
        return false;
    host->slots[slot] = function;
    return true;
}

bool pci_attach(struct pci_host *host, struct io_bus *bus)
{
    return pci_add(host, 0, (struct pci_function){bridge_read, bridge_write, NULL}) &&
           io_bus_add(bus, PCI_ADDRESS_PORT, 4,
                      (struct io_device){address_read, address_write, host}) &&
           io_bus_add(bus, PCI_DATA_PORT, 4, (struct io_device){data_read, data_write, host});
}
