/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board's two buses: IO ports and memory-mapped registers.  A device names
 * the range that it serves and two callbacks, which are called with the bus's lock
 * held.  What nobody claims reads as all ones, and writes to it vanish, as on a PC.
 */
#ifndef VMM_BOARD_BUS_H
#define VMM_BOARD_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "lock.h"

/* Sizes are 1, 2 or 4 bytes. */
typedef uint32_t io_read_fn(void *device, uint16_t port, unsigned size);
typedef void io_write_fn(void *device, uint16_t port, unsigned size, uint32_t value);

struct io_device {
    io_read_fn *read;
    io_write_fn *write;
    void *device;
};

#define IO_DEVICES 16

/* A device behind a lock. */
struct io_guard {
    struct io_device device;
    struct lock *lock;
};

/*
 * The table gives each port's device; entry 0 is the empty bus.  Where the lock is shared,
 * devices[] holds guards in the devices' places, so that a VM with one vCPU pays nothing.
 */
struct io_bus {
    unsigned count;
    struct lock *lock;
    struct io_device devices[IO_DEVICES];
    struct io_guard guards[IO_DEVICES];
    uint8_t of_port[0x10000];
};

void io_bus_init(struct io_bus *bus, struct lock *lock);
bool io_bus_add(struct io_bus *bus, uint16_t first, unsigned ports, struct io_device device);

static inline const struct io_device *io_bus_find(const struct io_bus *bus, uint16_t port)
{
    return &bus->devices[bus->of_port[port]];
}

/* Sizes are 1, 2, 4 or 8 bytes, offsets count from the start of the range. */
typedef uint64_t mmio_read_fn(void *device, uint64_t offset, unsigned size);
typedef void mmio_write_fn(void *device, uint64_t offset, unsigned size, uint64_t value);

struct mmio_device {
    uint64_t base, size;
    mmio_read_fn *read;
    mmio_write_fn *write;
    void *device;
};

#define MMIO_DEVICES 8

struct mmio_bus {
    unsigned count;
    struct lock *lock;
    struct mmio_device devices[MMIO_DEVICES];
};

void mmio_bus_init(struct mmio_bus *bus, struct lock *lock);

bool mmio_bus_add(struct mmio_bus *bus, struct mmio_device device);
uint64_t mmio_bus_read(const struct mmio_bus *bus, gpa_t addr, unsigned size);
void mmio_bus_write(const struct mmio_bus *bus, gpa_t addr, unsigned size, uint64_t value);

#endif
