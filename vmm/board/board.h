/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board: what a VM consists of besides its processors, and how it is wired.
 *
 *   0x0000_0000  RAM
 *   0x000a_0000    reserved, the page of boot data at BOARD_BOOT_DATA below it
 *   0x000e_0000    ACPI tables
 *   0x000f_fff0    reset vector
 *   0x0010_0000    RAM up to its size or 3 GiB
 *   0xc000_0000  hole: PCI windows
 *   0xfec0_0000    IO-APIC
 *   0xfee0_0000    local APIC
 *   0x1_0000_0000 the rest of the RAM
 *
 *   ports 0x3f8 COM1 (GSI 4), 0x600 sleep registers, 0x610 watchdog, 0xcf8 PCI,
 *         0xcf9 reset, 0x64 reset
 *
 * Its vCPUs are threads.  A local APIC belongs to its vCPU's thread and takes messages from all
 * (devices/lapic.h).  All else is behind locks, to be taken in this order:
 *
 *   lock      the devices on the buses, with the console
 *   ram.lock  the filling of the RAM
 *
 *   flushing  alone: one vCPU at a time waits for the monitor to take the console's output
 */
#ifndef VMM_BOARD_BOARD_H
#define VMM_BOARD_BOARD_H

#include "board/bus.h"
#include "board/cpus.h"
#include "board/ram.h"
#include "console.h"
#include "devices/apic_bus.h"
#include "devices/ioapic.h"
#include "devices/kvmclock.h"
#include "devices/pci.h"
#include "devices/reset.h"
#include "devices/uart.h"
#include "devices/watchdog.h"

#define BOARD_BOOT_DATA    0x90000u
#define BOARD_LOW_END      0xa0000u
#define BOARD_ACPI         0xe0000u
#define BOARD_ACPI_SIZE    0x2000u
#define BOARD_RESET_VECTOR 0xffff0u
#define BOARD_HIGH         0x100000u
#define BOARD_PCI_BASE     0xc0000000u
#define BOARD_PCI_END      0xfec00000u
#define BOARD_COM1         0x3f8u
#define BOARD_COM1_GSI     4u
#define BOARD_POWER_GSI    5u

struct board {
    struct lock lock, flushing;
    struct cpus cpus;
    uint64_t tsc_start; /* the host's TSC when the guest's was 0 */
    struct ram ram;
    struct io_bus ports;
    struct mmio_bus mmio;
    struct apic_bus apics;
    struct ioapic ioapic;
    struct uart com1;
    struct pci_host pci;
    struct reset reset;
    struct kvmclock clock;
    struct watchdog watchdog;
    struct console console;
};

/* ram and console are initialized; the rest is made here. */
void board_init(struct board *board, unsigned cpus, uint64_t tsc_khz, uint64_t start_ns);
void board_add_lapic(struct board *board, struct lapic *lapic);
/* With this longest time-out, or none if it is 0. */
void board_add_watchdog(struct board *board, uint32_t longest_ms, uint64_t tsc_khz);
/* To be called when its time has come. */
void board_look_at_watchdog(struct board *board);

static inline bool board_in_hole(gpa_t address)
{
    return address.raw >= RAM_HOLE && address.raw < RAM_HIGH;
}

/* End the VM: an access to what is neither RAM nor hole, or to the hole where that cannot be. */
_Noreturn void board_bad_access(const struct board *board, gpa_t address, uint64_t rip);

/* Let the monitor have what the console has gathered. */
void board_flush(struct board *board);
/* A local APIC has ended a level-triggered interrupt. */
void board_end_of_level(struct board *board, uint8_t vector);
/* Bytes came for the console. */
void board_input(struct board *board);
/* Somebody presses the power button. */
void board_power_button(struct board *board);

#endif
