/* SPDX-License-Identifier: BSD-2-Clause */
/* What the KIP's memory descriptors tell the kernel at boot. */
#include "arch/boot.h"
#include "arch/memory.h"
#include "core/fpage.h"
#include "core/kip.h"
#include "debug/panic.h"

paddr_t boot_pool_base;
u64 boot_pool_size;

INIT bool boot_memory_find(unsigned type, unsigned n, u64 *low, u64 *high)
{
    word_t count = kip.memory_info & mask_of(WORD_BITS / 2);
    const struct memdesc *d = (void *)((char *)&kip + (kip.memory_info >> WORD_BITS / 2));
    unsigned type_mask = (type & 0xf) >= MEM_BOOTLOADER ? 0xff : 0xf;

    for (; count > 0; count--, d++) {
        if ((d->low & (0x200 | type_mask)) != type || n-- > 0)
            continue;
        *low = d->low & ~0x3ffUL;
        *high = (u64)(d->high | 0x3ff) + 1;
        return true;
    }
    return false;
}

INIT void pool_find(u64 unit, u64 max)
{
    u64 low, high;

    for (unsigned n = 0; boot_memory_find(MEM_RESERVED, n, &low, &high); n++) {
        low = ALIGN_UP(low, unit);
        high = ALIGN_DOWN(high, unit);
        if (high <= low || high - low <= boot_pool_size)
            continue;
        boot_pool_base = paddr(low);
        boot_pool_size = MIN(high - low, max);
    }
    if (boot_pool_size == 0)
        panic("the boot loader has reserved no memory for the kernel");
}
