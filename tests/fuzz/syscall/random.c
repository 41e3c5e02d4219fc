/* SPDX-License-Identifier: BSD-2-Clause */
/* Random words of the kinds that system calls take. */
#include "fuzz.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

L4_Word_t random_word(struct random *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return (L4_Word_t)(r->state * UINT64_C(0x2545f4914f6cdd1d) >> (64 - L4_WORD_BITS));
}

L4_Word_t below(struct random *r, L4_Word_t n)
{
    return (random_word(r) >> 8) % n;
}

bool one_in(struct random *r, L4_Word_t n)
{
    return below(r, n) == 0;
}

L4_Word_t random_victim(struct random *r)
{
    return ids[below(r, NUMBERS)];
}

L4_Word_t random_id(struct random *r)
{
    switch (below(r, 20)) {
    case 0:
        return one_in(r, 4) ? root.raw : random_victim(r);
    case 1:
        return L4_nilthread.raw;
    case 2:
        return L4_anythread.raw;
    case 3:
        return L4_anylocalthread.raw;
    case 4:
        return L4_MyGlobalId().raw;
    case 5:
        return L4_MyLocalId().raw;
    case 6: /* a local id, perhaps */
        return UTCB_AREA + UTCB_BYTES * below(r, VICTIMS) + UTCB_BYTES / 2;
    case 7: /* interrupts, kernel threads */
        return L4_GlobalId(below(r, user_base), 1).raw;
    case 8: /* a number of ours, some version */
        return L4_GlobalId(user_base + FIRST_NUMBER + below(r, NUMBERS), below(r, 4)).raw;
    default:
        return random_victim(r);
    }
}

L4_Word_t random_address(struct random *r)
{
    static const L4_Word_t bases[] = {
        0,         IMAGE_BASE,         BLOCK,          PLAY, PLAY + 0x200000, KIP_AREA,
        UTCB_AREA, UTCB_AREA + 0x8000, WILD_ADDRESSES,
    };

    if (one_in(r, 2))
        return PLAY + below(r, 1ul << PLAY_LOG2);
    return bases[below(r, COUNT(bases))] + below(r, 0x2000);
}

L4_Word_t random_fpage(struct random *r)
{
    L4_Word_t log2 = one_in(r, 16) ? below(r, 64) : 12 + below(r, 1 + below(r, PLAY_LOG2 - 11)), at;

    switch (below(r, 24)) {
    case 0: /* the complete space, and IO ports */
        return one_in(r, 4) ? L4_CompleteAddressSpace.raw | below(r, 16) : 0;
    case 1:
        return L4_IoFpageLog2(SAFE_PORT + below(r, 64), (int)below(r, 7)).raw;
    case 2:
        return random_word(r);
    case 3:
        return 0;
    case 4:
    case 5:
        at = random_address(r);
        break;
    default:
        at = PLAY + below(r, 1ul << PLAY_LOG2);
    }
    return (at & ~0x3fful) | log2 << 4 | (one_in(r, 3) ? below(r, 16) : L4_FullyAccessible);
}

/* Mostly short: who waits for ever needs the watchdog. */
L4_Word_t random_time(struct random *r)
{
    switch (below(r, 32)) {
    case 0:
        return L4_Never.raw;
    case 1:
        return below(r, 0x10000);
    case 2: /* a point in time, not far away */
        return 0x8000 | below(r, 0x800);
    default:
        return one_in(r, 2) ? L4_ZeroTime.raw : L4_TimePeriod(1 + below(r, 2000)).raw;
    }
}

/* AMD64 has bases below, IA32 descriptors: of data, for users, if the bits are right. */
L4_Word64_t random_segment(struct random *r)
{
    L4_Word_t base = random_address(r);

    if (one_in(r, 4))
        return (L4_Word64_t)random_word(r) << (L4_WORD_BITS / 2) ^ random_word(r);
    if (L4_WORD_BITS == 64)
        return base;
    return (L4_Word64_t)(base & 0xff000000) << 32 | (L4_Word64_t)(base & 0xffffff) << 16 | 0xffff |
           (L4_Word64_t)(0x40f200 | below(r, 2) << 23 | below(r, 2) << 10) << 32;
}

L4_Word_t random_selector(struct random *r)
{
    return one_in(r, 8)   ? random_word(r) & 0xffff
           : one_in(r, 3) ? L4_LOCAL_SELECTOR(below(r, 4))
                          : below(r, 12) << 3 | 3;
}

L4_Word_t random_value(struct random *r)
{
    switch (below(r, 8)) {
    case 0:
        return below(r, 80);
    case 1:
    case 2:
        return random_id(r);
    case 3:
        return random_address(r);
    case 4:
        return random_fpage(r);
    case 5:
        return 1ul << below(r, L4_WORD_BITS);
    case 6:
        return one_in(r, 2) ? 0 : ~0ul;
    default:
        return random_word(r);
    }
}
