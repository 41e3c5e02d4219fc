/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer of flattened device trees, for the host: nodes and properties in the
 * order in which they shall appear, then the finished blob.
 */
#ifndef MANIFEST_FDTWRITE_H
#define MANIFEST_FDTWRITE_H

#include <stddef.h>
#include <stdint.h>

struct fdt_writer {
    struct fdt_buffer {
        uint8_t *data;
        size_t size, room;
    } structure, strings;
};

/* Begins the root node. */
void fdtw_init(struct fdt_writer *writer);

/* All properties of a node come before its children. */
void fdtw_begin(struct fdt_writer *writer, const char *name);
void fdtw_end(struct fdt_writer *writer);
void fdtw_flag(struct fdt_writer *writer, const char *name);
void fdtw_u32(struct fdt_writer *writer, const char *name, uint32_t value);
void fdtw_u64(struct fdt_writer *writer, const char *name, uint64_t value);
void fdtw_string(struct fdt_writer *writer, const char *name, const char *value);

/* End the root node.  The blob, of *size bytes, is the caller's to free. */
void *fdtw_finish(struct fdt_writer *writer, size_t *size);

#endif
