/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes and reads back one word of each page of its memory, and tells how much there is. */
#include "payload.h"

enum { PAGE = 4096, MAX_RANGES = 16 };

static bool is_mine(uint64_t address)
{
    return address < (1 << 20) ||
           (address >= (uintptr_t)image_start && address < (uintptr_t)image_end);
}

void payload_main(void)
{
    struct range ranges[MAX_RANGES];
    unsigned n = ram_ranges(ranges, MAX_RANGES);
    uint64_t bytes = 0, bad = 0;

    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < n; i++)
            for (uint64_t a = ranges[i].start; a + PAGE <= ranges[i].end; a += PAGE) {
                volatile uint64_t *word = (volatile uint64_t *)a;
                bytes += pass ? 0 : PAGE;
                if (is_mine(a))
                    continue;
                if (pass == 0)
                    *word = ~a;
                else if (*word != ~a)
                    bad++;
            }
    print("memory: %lu MiB, %lu bad pages\n", bytes >> 20, bad);
}
