/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VM's RAM.  It is one contiguous piece of the VMM's space, zero at first
 * touch; in the guest it lies at 0 up to RAM_HOLE and, what is beyond that, at
 * RAM_HIGH.  Boot images are copied in when a 2 MiB chunk is touched first, by
 * the guest or by the VMM, so that starting a VM costs little.  Of several vCPUs
 * that touch a chunk at the same time one fills it, and the others wait for it.
 */
#ifndef VMM_BOARD_RAM_H
#define VMM_BOARD_RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "lock.h"

#define RAM_HOLE GIB(3) /* the MMIO hole is [RAM_HOLE, RAM_HIGH) */
#define RAM_HIGH GIB(4)
#define RAM_MIN  MIB(2)
#define RAM_MAX  GIB(64)

#define RAM_SOURCES 24

struct ram_source {
    uint64_t offset; /* in the RAM   */
    uint64_t size;
    const uint8_t *from;
};

struct ram {
    uint8_t *base;
    uint64_t size;
    uint64_t low; /* bytes below RAM_HOLE */
    unsigned source_count;
    struct ram_source sources[RAM_SOURCES];
    struct lock lock;                           /* of what follows: who takes it takes no other */
    uint64_t filled[RAM_MAX / CHUNK_SIZE / 64]; /* a bit for each chunk, set when it is done    */
    uint64_t filled_chunks;
};

/* size is a multiple of CHUNK_SIZE between RAM_MIN and RAM_MAX, or false. */
bool ram_init(struct ram *ram, void *base, uint64_t size);

/* The first guest-physical address that is neither RAM nor hole. */
gpa_t ram_end(const struct ram *ram);

/* Whether [addr, addr + size) is RAM without a gap; gives its place in the RAM. */
bool ram_offset(const struct ram *ram, gpa_t addr, uint64_t size, uint64_t *offset);

/* Let [addr, addr + size) start with these bytes.  Only before the chunk is filled. */
bool ram_add_source(struct ram *ram, gpa_t addr, const void *from, uint64_t size);

/* Fill the chunk at this offset if that has not happened.  True if this call has done it. */
bool ram_fill(struct ram *ram, uint64_t offset);

/* A pointer to guest memory, filled; NULL if that is not RAM. */
void *ram_pointer(struct ram *ram, gpa_t addr, uint64_t size);

#endif
