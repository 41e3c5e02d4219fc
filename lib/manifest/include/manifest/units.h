/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Quantities as people write them: 64K, 128M, 2G (binary multiples of bytes);
 * 500ms, 10s, 2min, and from microseconds up where those matter; 50%.  A number without a unit is refused, for nobody can tell what
 * was meant; so are fractions, since the next smaller unit says it exactly.
 */
#ifndef MANIFEST_UNITS_H
#define MANIFEST_UNITS_H

#include <manifest/arena.h>
#include <stdbool.h>
#include <stdint.h>

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

/* Why a text is no quantity, and what to write instead. */
struct unit_fault {
    const char *cause;
    const char *remedy;
};

/* *out is in bytes or milliseconds; false with *fault filled in. */
bool parse_size(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);
bool parse_time(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);

/* Times of a scheduler: 250us, 2ms, 1s, in microseconds. */
bool parse_span(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);

bool parse_percent(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);

/* A whole decimal number without a unit. */
bool parse_count(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);

/* The shortest text that reads back as the same quantity: 1536M, 2min. */
const char *format_size(struct arena *arena, uint64_t bytes);
const char *format_time(struct arena *arena, uint64_t ms);
const char *format_span(struct arena *arena, uint64_t us);
const char *format_percent(struct arena *arena, uint64_t percent);

#endif
