/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader of flattened device trees, the form in which a compiled system
 * description reaches the monitor.
 *
 * The blob is not trusted: fdt_open() checks the header and walks the whole
 * tree, and every later access is bounded again.  Nothing is copied or
 * allocated; strings and properties point into the blob, which needs no
 * alignment and must stay unchanged while it is in use.
 *
 * A node is a handle: 0 is the root, -1 means none.  Every function takes -1
 * (or any other number that is no node) and answers "not there", so look-ups
 * can be chained without a test at each step.
 */
#ifndef MANIFEST_FDT_H
#define MANIFEST_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDT_ROOT 0
#define FDT_NONE (-1)

struct fdt {
    const void *blob;
    size_t size; /* bytes that may be read from blob */
};

enum fdt_error {
    FDT_BAD_MAGIC = -1,     /* not a device tree                              */
    FDT_TRUNCATED = -2,     /* the header names more bytes than there are     */
    FDT_BAD_VERSION = -3,   /* no version that reads as version 17            */
    FDT_BAD_STRUCTURE = -4, /* a token, name or property that breaks the form */
};

/* Check the tree and prepare *fdt.  0, or an enum fdt_error; *fdt then answers
 * "not there" to every question. */
int fdt_open(struct fdt *fdt, const void *blob, size_t size);

/* What an error of fdt_open() means, for a log line. */
const char *fdt_error_text(int error);

int fdt_first_child(const struct fdt *fdt, int node);
int fdt_next_sibling(const struct fdt *fdt, int node);

/* The first child called name.  A name without "@" also matches a child with
 * any unit address: "vm" finds vm@0. */
int fdt_child(const struct fdt *fdt, int node, const char *name);

/* The node's own name with its unit address; NULL if there is no such node. */
const char *fdt_name(const struct fdt *fdt, int node);

/* The value of a property and, unless len is NULL, its length; NULL if there is
 * none.  An empty property (a flag) has a value that is not NULL and length 0. */
const void *fdt_prop(const struct fdt *fdt, int node, const char *name, size_t *len);

/* A property that ends with NUL; NULL if it is missing or does not. */
const char *fdt_string(const struct fdt *fdt, int node, const char *name);

/* A number of exactly 4 or 8 bytes.  False, with *out untouched, if the property
 * is missing or has another length. */
bool fdt_u32(const struct fdt *fdt, int node, const char *name, uint32_t *out);
bool fdt_u64(const struct fdt *fdt, int node, const char *name, uint64_t *out);

#endif
