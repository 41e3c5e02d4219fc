/* SPDX-License-Identifier: BSD-2-Clause */
/* The PCI host: configuration mechanism 1, and a bus with nothing but the host bridge. */
#ifndef VMM_DEVICES_PCI_H
#define VMM_DEVICES_PCI_H

#include "board/bus.h"

#define PCI_ADDRESS_PORT 0xcf8
#define PCI_DATA_PORT    0xcfc
#define PCI_SLOTS        32

/* One function's configuration space; offsets are 0-255, aligned to the size. */
struct pci_function {
    uint32_t (*read)(void *device, unsigned offset, unsigned size);
    void (*write)(void *device, unsigned offset, unsigned size, uint32_t value);
    void *device;
};

struct pci_host {
    uint32_t address;
    struct pci_function slots[PCI_SLOTS]; /* bus 0, function 0 */
};

bool pci_attach(struct pci_host *host, struct io_bus *bus);
bool pci_add(struct pci_host *host, unsigned slot, struct pci_function function);

#endif
