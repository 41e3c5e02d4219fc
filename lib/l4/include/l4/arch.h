/* SPDX-License-Identifier: BSD-2-Clause */
/* What IA32 and AMD64 share beyond X.2's core: IO flexpages. */
#ifndef L4_ARCH_H
#define L4_ARCH_H

#include <l4/types.h>

#define L4_IO_FPAGE_MARK 2 /* in the place of a memory fpage's size */

/* A flexpage of 2^log2 ports. */
static inline L4_Fpage_t L4_IoFpageLog2(L4_Word_t port, int log2)
{
    return (L4_Fpage_t){.raw =
                            (port & 0xffff) << 16 | (L4_Word_t)log2 << 10 | L4_IO_FPAGE_MARK << 4};
}

/* Rounds the number of ports up to a power of two. */
static inline L4_Fpage_t L4_IoFpage(L4_Word_t port, L4_Word_t size)
{
    return L4_IoFpageLog2(port, size <= 1 ? 0 : L4_WORD_BITS - __builtin_clzl(size - 1));
}

static inline L4_Bool_t L4_IsIoFpage(L4_Fpage_t f)
{
    return L4_SizeLog2(f) == L4_IO_FPAGE_MARK;
}

static inline L4_Word_t L4_IoFpagePort(L4_Fpage_t f)
{
    return f.raw >> 16 & 0xffff;
}

static inline L4_Word_t L4_IoFpageSizeLog2(L4_Fpage_t f)
{
    return f.raw >> 10 & 0x3f;
}

static inline L4_Word_t L4_IoFpageSize(L4_Fpage_t f)
{
    return 1ul << L4_IoFpageSizeLog2(f);
}

#endif
