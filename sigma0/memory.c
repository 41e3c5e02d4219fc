/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors are taken in their order, a later one overrides an earlier one.
 * What none of them names is device memory: it can be had by its address.
 */
#include "memory.h"

static unsigned long owner_of_type(const struct l4_kip *kip, L4_Word_t type)
{
    switch (type & 0xf) {
    case L4_ConventionalMemoryType:
        return OWNER_RAM;
    case L4_ReservedMemoryType:
        return L4_GlobalId(L4_ThreadIdSystemBase(kip), 1).raw;
    case L4_DedicatedMemoryType:
    case L4_BootLoaderSpecificMemoryType:
    case L4_ArchitectureSpecificMemoryType:
        return OWNER_DEVICE;
    case L4_SharedMemoryType:
        return OWNER_ANYONE;
    default:
        return OWNER_NOBODY;
    }
}

static bool set_pages(struct ranges *memory, L4_Word_t low, L4_Word_t high, unsigned long owner)
{
    return ranges_set(memory, low & ~PAGE_MASK, high | PAGE_MASK, owner);
}

/* A region of the KIP; its high end is exclusive, empty ones are not there. */
static bool set_region(struct ranges *memory, L4_Word_t low, L4_Word_t high, L4_ThreadId_t owner)
{
    return low >= high || set_pages(memory, low, high - 1, owner.raw);
}

bool memory_init(struct ranges *memory, const struct l4_kip *kip)
{
    L4_Word_t user = L4_ThreadIdUserBase(kip);
    const L4_MemoryDesc_t *m;

    for (L4_Word_t n = 0; (m = L4_MemoryDesc(kip, n)); n++) {
        L4_Word_t low = L4_MemoryDescLow(m), high = L4_MemoryDescHigh(m);
        if (L4_IsMemoryDescVirtual(m) || low > high)
            continue;
        if (!set_pages(memory, low, high, owner_of_type(kip, L4_MemoryDescType(m))))
            return false;
    }
    return set_region(memory, kip->kdebug_low, kip->kdebug_high,
                      L4_GlobalId(L4_ThreadIdSystemBase(kip), 1)) &&
           set_region(memory, kip->sigma0.low, kip->sigma0.high, L4_GlobalId(user, 1)) &&
           set_region(memory, kip->sigma1.low, kip->sigma1.high, L4_GlobalId(user + 1, 1)) &&
           set_region(memory, kip->root_server.low, kip->root_server.high,
                      L4_GlobalId(user + 2, 1));
}

L4_Word_t memory_user_last(const struct l4_kip *kip)
{
    const L4_MemoryDesc_t *m;

    for (L4_Word_t n = 0; (m = L4_MemoryDesc(kip, n)); n++)
        if (L4_IsMemoryDescVirtual(m) && L4_MemoryDescType(m) == L4_ConventionalMemoryType)
            return L4_MemoryDescHigh(m);
    return ~0ul;
}
