/* SPDX-License-Identifier: BSD-2-Clause */
/* Three descriptors; FS is loaded with one of them. */
#include "segment.h"

bool set_local(volatile L4_Word_t *at)
{
    L4_Word_t base = (L4_Word_t)at;
    L4_Word_t low = base << 16 | 3, high = 0x0040f200 | (base >> 16 & 0xff) | (base & 0xff000000);

    if (!L4_ThreadLocal(1, low, high))
        return false;
    __asm__ volatile("mov %0, %%fs" : : "r"(L4_LOCAL_SELECTOR(1)));
    return true;
}

bool drop_local(void)
{
    return L4_ThreadLocal(1, 0, 0);
}

const L4_Word_t bad_segments[BAD_SEGMENTS][3] = {
    {3, 0xffff, 0x00cff200},
    {~0ul, 0, 0},
    {0, 0xffff, 0x00cf9200},
    {0, 0xffff, 0x00cffa00},
    {0, 0x67, 0x00008900},
    {0, 0x80000, 0x0000ee00},
    {0, 0xffff, 0x00cf7200},
    {0, 0xffff, 0x00eff200},
    {0, 1, 0},
};
