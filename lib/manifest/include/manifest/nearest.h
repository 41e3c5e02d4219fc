/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MANIFEST_NEAREST_H
#define MANIFEST_NEAREST_H

#include <stddef.h>

/* Which of the words was probably meant: the one that the fewest insertions,
 * removals, replacements and swaps of neighbours turn the given word into.  NULL
 * if none is near.  Feed the candidates one by one to nearest_try(). */
struct nearest {
    const char *wanted;
    const char *best;
    unsigned distance;
};

struct nearest nearest_to(const char *wanted);
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
