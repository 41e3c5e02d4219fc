/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the machine that domains have for themselves: interrupts, IO ports and device memory, as
 * numbers from a first to a last one.  In the compiled description they are lists of hexadecimal
 * numbers: "3e8-3ef 70-71".  A text that is none ends such a list.
 *
 * Device memory has a third number, "fed00000-fed00fff@0": its place in a window of the monitor's,
 * which is laid out here, since all is known here: each place keeps the low bits of the address, so
 * that large blocks can be mapped.
 */
#ifndef MANIFEST_SPANS_H
#define MANIFEST_SPANS_H

#include <stdbool.h>
#include <stdint.h>

struct span {
    uint64_t first, last, place;
};

#define SPANS_BLOCK_LOG2 22u /* bits of an address that its place keeps */

/* Take the next span off the list; false: there is none.  NULL is an empty list.  What it
 * takes ends at numbers that a uint64_t holds, its place too. */
bool spans_next(const char **list, struct span *span);

/* Does one span of the list hold all from first to last? */
bool spans_hold(const char *list, uint64_t first, uint64_t last);

/* The place of an address of device memory that is in the list. */
uint64_t spans_place(const char *list, uint64_t address);

/* The first span of a that has something in common with b. */
bool spans_overlap(const char *a, const char *b, struct span *common);

enum span_kind { SPAN_INTERRUPTS, SPAN_PORTS, SPAN_MEMORY };

/* The last number that there can be of each. */
#define SPANS_INTERRUPT_LAST 255
#define SPANS_PORT_LAST      0xffff
#define SPANS_MEMORY_LAST    ((UINT64_C(1) << 48) - 1)

/* What of the kernel or the monitor is in there; NULL: nothing. */
const char *span_reserved(enum span_kind kind, const struct span *span);

#endif
