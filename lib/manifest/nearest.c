/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/nearest.h>

#include <string.h>

#define LONGEST 64 /* of our words: the path of a service */

static unsigned min(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are alive at a time. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_len; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *free_row = before;

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = min(above[j - 1] + (a[i - 1] != b[j - 1]), min(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_len];
}

struct nearest nearest_to(const char *wanted)
{
    unsigned tolerated = ((unsigned)strlen(wanted) + 2) / 3;

    return (struct nearest){wanted, NULL, tolerated + 1};
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
    size_t a = strlen(nearest->wanted), b = strlen(candidate);
    unsigned d;

    if (a > LONGEST || b > LONGEST)
        return;
    d = distance(nearest->wanted, a, candidate, b);
    if (d < nearest->distance && d < a) {
        nearest->distance = d;
        nearest->best = candidate;
    }
}
