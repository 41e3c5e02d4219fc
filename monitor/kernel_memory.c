/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel_memory.h"

#include <l4/vcpu.h>

#define UNCHANGED (~0UL)

static bool accounts_exist(void)
{
    return L4_Almond() && L4_Almond()->features & L4_ALMOND_F_KMEM;
}

bool kernel_memory_set(unsigned account, uint64_t limit)
{
    L4_Word_t out;

    return !accounts_exist() || L4_KmemControl(account, limit, &out) != ~0UL;
}

void kernel_memory_get(unsigned account, uint64_t *used, uint64_t *limit)
{
    L4_Word_t out = 0;

    *used = *limit = 0;
    if (!accounts_exist())
        return;
    *used = L4_KmemControl(account, UNCHANGED, &out);
    *limit = out;
}

uint64_t kernel_memory_space_bits(unsigned account)
{
    if (!accounts_exist())
        return 0;
    return L4_SPACE_ACCOUNT | (account & L4_SPACE_ACCOUNT_MASK) << L4_SPACE_ACCOUNT_SHIFT;
}
