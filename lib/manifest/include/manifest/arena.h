/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that lives as long as one system description: allocated piece by piece,
 * given back at once.  Running out of it ends the program with a message, since
 * a host command has nothing better to do.
 */
#ifndef MANIFEST_ARENA_H
#define MANIFEST_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_piece *pieces;
};

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of len bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t len);

__attribute__((format(printf, 2, 3))) char *arena_format(struct arena *arena, const char *format,
                                                         ...);

void arena_free(struct arena *arena);

#endif
