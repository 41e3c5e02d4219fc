/* SPDX-License-Identifier: BSD-2-Clause */
/* The body of ACPI's watchdog action table: how the guest uses devices/watchdog.h. */
#ifndef VMM_BOARD_WDAT_H
#define VMM_BOARD_WDAT_H

#include <stdint.h>

#define WDAT_ACTIONS 8

/* Layouts: Microsoft, "Hardware Watchdog Timers Design Specification", 1.01. */

struct __attribute__((packed)) wdat_entry {
    uint8_t action, instruction;
    uint16_t reserved;
    uint8_t space, bits, offset, access; /* a register: ACPI 6.4, 5.2.3.2 */
    uint64_t address;
    uint32_t value, mask;
};
_Static_assert(sizeof(struct wdat_entry) == 24, "its instruction entries");

struct __attribute__((packed)) wdat {
    uint32_t header_length;
    uint16_t pci_segment;
    uint8_t pci_bus, pci_device, pci_function;
    uint8_t reserved0[3];
    uint32_t period_ms, max_count, min_count;
    uint8_t flags;
    uint8_t reserved1[3];
    uint32_t entries;
    struct wdat_entry entry[WDAT_ACTIONS];
};
_Static_assert(sizeof(struct wdat) == 32 + 24 * WDAT_ACTIONS, "its header without the common one");

void wdat_fill(struct wdat *wdat, uint32_t longest_ms);

#endif
