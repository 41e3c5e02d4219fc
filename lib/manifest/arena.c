/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/arena.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_piece {
    struct arena_piece *next;
    max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_piece *piece = calloc(1, sizeof *piece + size);

    if (piece == NULL) {
        fputs("marzipan: out of memory\n", stderr);
        exit(71); /* EX_OSERR */
    }
    piece->next = arena->pieces;
    arena->pieces = piece;
    return piece->data;
}

char *arena_copy(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(struct arena *arena)
{
    while (arena->pieces != NULL) {
        struct arena_piece *piece = arena->pieces;

        arena->pieces = piece->next;
        free(piece);
    }
}
