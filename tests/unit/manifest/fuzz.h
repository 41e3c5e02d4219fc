/* SPDX-License-Identifier: BSD-2-Clause */
/* Random input that is the same in each run, for a bounded time. */
#ifndef TESTS_MANIFEST_FUZZ_H
#define TESTS_MANIFEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define FUZZ_SECONDS 4

static uint64_t fuzz_state;

/* The sequence of a round depends on its number alone. */
static inline void fuzz_seed(unsigned round)
{
    fuzz_state = UINT64_C(0x9e3779b97f4a7c15) * (round + 1);
}

static inline uint32_t fuzz_below(uint32_t limit)
{
    fuzz_state ^= fuzz_state << 13;
    fuzz_state ^= fuzz_state >> 7;
    fuzz_state ^= fuzz_state << 17;
    return (uint32_t)(fuzz_state >> 32) % limit;
}

/* May another round begin?  All of `rounds`, unless the machine is too slow for it. */
static inline bool fuzz_goes_on(unsigned round, unsigned rounds)
{
    static time_t start;

    if (round == 0)
        start = time(NULL);
    return round < rounds && time(NULL) - start < FUZZ_SECONDS;
}

/* Change a few bytes: to anything, to an extreme, or exchanged; maybe cut the end. */
static inline size_t fuzz_mutate(uint8_t *data, size_t size)
{
    static const uint8_t extremes[] = {0, 1, 0x7f, 0x80, 0xff, 3, 9, 4};

    for (uint32_t n = fuzz_below(6) + 1; n > 0 && size > 0; n--) {
        size_t at = fuzz_below((uint32_t)size), other = fuzz_below((uint32_t)size);
        uint8_t byte = data[at];

        switch (fuzz_below(4)) {
        case 0:
            data[at] = (uint8_t)fuzz_below(256);
            break;
        case 1:
            data[at] = extremes[fuzz_below(sizeof extremes)];
            break;
        case 2:
            data[at] = data[other];
            data[other] = byte;
            break;
        default:
            data[at] ^= (uint8_t)(1u << fuzz_below(8));
            break;
        }
    }
    return fuzz_below(8) == 0 ? fuzz_below((uint32_t)size + 1) : size;
}

#endif
