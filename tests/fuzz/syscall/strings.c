/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings: items and buffers, simple and compound, of which some pages are there. */
#include "fuzz.h"

#define CONTINUES  (1ul << 9)
#define LARGE      0x10000ul  /* many buffers are larger than most strings */
#define LENGTH_MAX 0x3ffffful /* 22 bits; AMD64 has more */

static L4_Word_t random_length(struct random *r)
{
    switch (below(r, 8)) {
    case 0:
        return below(r, LENGTH_MAX + 1);
    case 1:
        return 0;
    case 2:
    case 3:
        return below(r, 0x10000);
    default:
        return below(r, 300);
    }
}

/* Mostly in the playground: who writes elsewhere hits states and stacks of victims. */
static L4_Word_t random_place(struct random *r)
{
    return one_in(r, 30) ? random_address(r) : PLAY + below(r, 1ul << PLAY_LOG2);
}

unsigned string_item(struct random *r, L4_Word_t words[STRING_WORDS])
{
    unsigned n = 0, count;
    bool more;

    do {
        count = one_in(r, 3) ? 1 + (unsigned)below(r, 6) : 1;
        more = one_in(r, 4);
        if (n + 1 + count > STRING_WORDS)
            break;
        words[n] = random_length(r) << 10 | (more ? CONTINUES : 0) | (L4_Word_t)(count - 1) << 4 |
                   (one_in(r, 40) ? below(r, 16) : one_in(r, 2));
        for (unsigned i = 1; i <= count; i++)
            words[n + i] = random_place(r);
        n += 1 + count;
    } while (more);
    return n;
}

/* Buffer registers from 1 on; as many as fit, all of which but the last announce another. */
void string_buffers(struct random *r)
{
    L4_Word_t words[STRING_WORDS];

    for (unsigned at = 1, n; at + STRING_WORDS < 33; at += n) {
        n = string_item(r, words);
        if (one_in(r, 2))
            words[0] |= LARGE << 10;
        for (unsigned i = 0; i < n; i++)
            L4_LoadBR((int)(at + i), words[i]);
        if (one_in(r, 3))
            return;
    }
}
