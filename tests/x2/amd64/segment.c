/* SPDX-License-Identifier: BSD-2-Clause */
/* FS's base. */
#include "segment.h"

bool set_local(volatile L4_Word_t *at)
{
    return L4_ThreadLocal(0, (L4_Word_t)at, 0);
}

bool drop_local(void)
{
    return L4_ThreadLocal(0, 0, 0);
}

const L4_Word_t bad_segments[BAD_SEGMENTS][3] = {
    {1, 0, 0},         {~0ul, 0, 0}, {0, 0x800000000000, 0},     {0, 0x7fffffffffffffff, 0},
    {0, 0, 1},         {3, 0, 0},    {0, 0xffff7fffffffffff, 0}, {0, 0x1000, ~0ul},
    {1ul << 32, 0, 0},
};
