/* SPDX-License-Identifier: BSD-2-Clause */
#include "supply.h"

#include <l4/kip.h>
#include <l4/thread.h>

#define ROOT_OFFSET  2u  /* of the root task's number, from the first user thread */
#define FIRST_OFFSET 64u /* of the first window's                                 */
#define PAGE         4096u

const struct supply *supply;

void supply_init(void)
{
    bool root = L4_ThreadNo(L4_Myself()) == L4_ThreadIdUserBase(L4_Kip()) + ROOT_OFFSET;

    supply = root ? &supply_root : &supply_nested;
}

static L4_Word_t first_number(void)
{
    return L4_ThreadIdUserBase(L4_Kip()) + FIRST_OFFSET;
}

unsigned supply_window(L4_ThreadId_t id, unsigned *slot)
{
    L4_Word_t index = L4_ThreadNo(id) - first_number();

    if (!L4_IsGlobalId(id) || index >= (SUPPLY_WINDOWS - 1) * SUPPLY_THREADS)
        return 0;
    *slot = (unsigned)(index % SUPPLY_THREADS);
    return (unsigned)(index / SUPPLY_THREADS) + 1;
}

L4_ThreadId_t supply_thread(unsigned window, unsigned slot, L4_Word_t version)
{
    return L4_GlobalId(first_number() + (window - 1) * SUPPLY_THREADS + slot, version);
}

unsigned supply_own_window(void)
{
    unsigned slot;

    return supply_window(L4_Myself(), &slot);
}

void supply_touch(uint64_t base, uint64_t size)
{
    for (uint64_t at = base; supply_is_nested() && at - base < size; at += PAGE)
        (void)*(volatile const uint8_t *)(uintptr_t)at;
}
