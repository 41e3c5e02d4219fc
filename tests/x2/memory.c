/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for the checks.  It is taken from sigma0 once, and given out anew to each
 * check, so that a machine needs no more of it for more checks.
 */
#include "x2.h"

#define ARENA_MAX_LOG2 24
#define ARENA_MIN_LOG2 20

L4_Word_t hole;

static L4_Word_t arena, arena_size, used;

void memory_init(void)
{
    for (unsigned log2 = ARENA_MAX_LOG2; !arena && log2 >= ARENA_MIN_LOG2; log2--) {
        L4_Fpage_t f = L4_Sigma0_GetAny(L4_nilthread, log2, L4_CompleteAddressSpace);

        arena = L4_Address(f);
        arena_size = L4_Size(f);
    }
    hole = arena >> ARENA_MAX_LOG2 == 0x70000000ul >> ARENA_MAX_LOG2 ? 0x6e000000 : 0x70000000;
}

void memory_reset(void)
{
    used = 0;
}

static L4_Word_t next_offset(unsigned log2)
{
    L4_Word_t size = 1ul << log2;

    return (used + size - 1) & ~(size - 1);
}

bool has_memory(unsigned log2)
{
    return next_offset(log2) + (1ul << log2) <= arena_size;
}

L4_Word_t get_memory(unsigned log2)
{
    L4_Word_t offset = next_offset(log2);
    L4_Fpage_t f = L4_FpageLog2(arena + offset, (int)log2);

    if (!has_memory(log2))
        return 0;
    used = offset + (1ul << log2);
    /* What other checks have made of it goes: mappings, cuts in superpages, access bits. */
    L4_Flush(L4_FpageAddRights(f, L4_FullyAccessible));
    f = L4_Sigma0_GetPage(L4_nilthread, f);
    return L4_IsNilFpage(f) ? 0 : L4_Address(f);
}

L4_Word_t user_end(void)
{
    const L4_MemoryDesc_t *m;
    L4_Word_t end = 0;

    for (L4_Word_t n = 0; (m = L4_MemoryDesc(L4_Kip(), n)); n++)
        if (L4_IsMemoryDescVirtual(m) && L4_MemoryDescType(m) == L4_ConventionalMemoryType)
            end = L4_MemoryDescHigh(m) + 1;
    return end;
}
