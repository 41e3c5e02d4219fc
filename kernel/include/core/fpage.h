/* SPDX-License-Identifier: BSD-2-Clause */
/* Flexpages: log2-sized, size-aligned pieces of an address or IO space, packed in a word. */
#ifndef CORE_FPAGE_H
#define CORE_FPAGE_H

#include "types.h"

#define FPAGE_COMPLETE ((word_t)0x10) /* the complete address space, without rights */

static inline unsigned fpage_rights(word_t f)
{
    return f & 7;
}

static inline unsigned fpage_field_size(word_t f)
{
    return f >> 4 & 0x3f;
}

static inline bool fpage_is_nil(word_t f)
{
    return f == 0;
}

static inline bool fpage_is_io(word_t f)
{
    return fpage_field_size(f) == 2;
}

static inline bool fpage_is_complete(word_t f)
{
    return fpage_field_size(f) == 1 && f >> 10 == 0;
}

/* Log2 of the size in bytes; the complete space counts as WORD_BITS. */
static inline unsigned fpage_log2(word_t f)
{
    return fpage_is_complete(f) ? WORD_BITS : fpage_field_size(f);
}

/* 2^log2 - 1, also for a whole word. */
static inline word_t mask_of(unsigned log2)
{
    return log2 >= WORD_BITS ? ~(word_t)0 : ((word_t)1 << log2) - 1;
}

static inline word_t fpage_base(word_t f)
{
    return fpage_is_complete(f) ? 0 : f & ~mask_of(fpage_log2(f)) & ~(word_t)0x3ff;
}

static inline word_t fpage_make(word_t base, unsigned log2, unsigned rights)
{
    return (base & ~mask_of(log2)) | (word_t)log2 << 4 | rights;
}

/* IO fpages: constant 2 in bits 4-9, log2 number of ports in 10-15, port in 16-31. */
static inline unsigned fpage_io_log2(word_t f)
{
    return f >> 10 & 0x3f;
}

static inline u32 fpage_io_port(word_t f)
{
    return f >> 16 & 0xffff;
}

static inline word_t fpage_io_make(u16 port, unsigned log2)
{
    return (word_t)port << 16 | log2 << 10 | 2 << 4;
}

#endif
