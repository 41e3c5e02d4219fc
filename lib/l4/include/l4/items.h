/* SPDX-License-Identifier: BSD-2-Clause */
/* The typed items of a message.  Bit 0 of each (C, more follow) is for lists of buffers. */
#ifndef L4_ITEMS_H
#define L4_ITEMS_H

#include <l4/types.h>

#define L4_ITEM_TYPE(word) ((word) >> 1 & 7)
#define L4_ITEM_STRING_BIT 4 /* clear in the type of a string item */
#define L4_ITEM_MAP        4
#define L4_ITEM_GRANT      5
#define L4_ITEM_CTRLXFER   6

/* ---- map and grant ---- */

typedef union {
    L4_Word_t raw[2];
} L4_MapItem_t;

typedef union {
    L4_Word_t raw[2];
} L4_GrantItem_t;

static inline L4_MapItem_t L4_MapItem(L4_Fpage_t f, L4_Word_t base)
{
    return (L4_MapItem_t){{(base & ~0x3fful) | L4_ITEM_MAP << 1, f.raw}};
}

static inline L4_GrantItem_t L4_GrantItem(L4_Fpage_t f, L4_Word_t base)
{
    return (L4_GrantItem_t){{(base & ~0x3fful) | L4_ITEM_GRANT << 1, f.raw}};
}

static inline L4_Bool_t L4_IsMapItem(L4_MapItem_t m)
{
    return L4_ITEM_TYPE(m.raw[0]) == L4_ITEM_MAP;
}

static inline L4_Bool_t L4_IsGrantItem(L4_GrantItem_t g)
{
    return L4_ITEM_TYPE(g.raw[0]) == L4_ITEM_GRANT;
}

static inline L4_Fpage_t L4_MapItemSndFpage(L4_MapItem_t m)
{
    return (L4_Fpage_t){.raw = m.raw[1]};
}

static inline L4_Word_t L4_MapItemSndBase(L4_MapItem_t m)
{
    return m.raw[0] & ~0x3fful;
}

static inline L4_Fpage_t L4_GrantItemSndFpage(L4_GrantItem_t g)
{
    return (L4_Fpage_t){.raw = g.raw[1]};
}

static inline L4_Word_t L4_GrantItemSndBase(L4_GrantItem_t g)
{
    return g.raw[0] & ~0x3fful;
}

/* ---- strings ---- */

/* Word 0, then the substrings' addresses; a compound string goes on behind them. */
typedef union {
    L4_Word_t raw[32];
    struct {
        L4_Word_t C : 1;
        L4_Word_t hint : 2;
        L4_Word_t zero : 1;
        L4_Word_t j : 5; /* substrings - 1 */
        L4_Word_t c : 1; /* another item continues this string */
        L4_Word_t length : L4_WORD_BITS - 10;
        void *address[31];
    } X;
} L4_StringItem_t;

typedef L4_Word_t L4_CacheAllocationHint_t;
#define L4_UseDefaultCacheLineAllocation ((L4_CacheAllocationHint_t)0)
#define L4_AllocateNewCacheLines         ((L4_CacheAllocationHint_t)1)
#define L4_DoNotAllocateNewCacheLines    ((L4_CacheAllocationHint_t)2)
#define L4_AllocateOnlyNewL1CacheLines   ((L4_CacheAllocationHint_t)3)

static inline L4_StringItem_t L4_StringItem(L4_Word_t size, const void *address)
{
    return (L4_StringItem_t){{size << 10, (L4_Word_t)address}};
}

static inline L4_Bool_t L4_IsStringItem(const L4_StringItem_t *s)
{
    return (L4_ITEM_TYPE(s->raw[0]) & L4_ITEM_STRING_BIT) == 0;
}

static inline L4_Bool_t L4_CompoundString(const L4_StringItem_t *s)
{
    return s->X.c;
}

static inline L4_Word_t L4_Substrings(const L4_StringItem_t *s)
{
    return s->X.j + 1ul;
}

/* n counts from 1. */
static inline void *L4_Substring(const L4_StringItem_t *s, L4_Word_t n)
{
    return s->X.address[n - 1];
}

/* Words of the whole string, its continuations included. */
static inline int L4_StringItemWords(const L4_StringItem_t *s)
{
    const L4_Word_t *w = s->raw;

    for (;;) {
        L4_Word_t first = *w;
        w += 2 + (first >> 4 & 0x1f);
        if (!(first >> 9 & 1) || w >= s->raw + 32)
            return (int)(w - s->raw);
    }
}

static inline L4_Word_t *L4_StringItemLast(L4_StringItem_t *s)
{
    L4_Word_t *w = s->raw;

    while (*w >> 9 & 1)
        w += 2 + (*w >> 4 & 0x1f);
    return w;
}

/* Continues dest by another, simple or compound, string. */
static inline L4_StringItem_t *L4_AddSubstringTo(L4_StringItem_t *dest, const L4_StringItem_t *more)
{
    L4_Word_t *end = dest->raw + L4_StringItemWords(dest);

    *L4_StringItemLast(dest) |= 1ul << 9;
    for (int i = 0; i < L4_StringItemWords(more); i++)
        *end++ = more->raw[i];
    return dest;
}

/* Another substring of the same length as the last. */
static inline L4_StringItem_t *L4_AddSubstringAddressTo(L4_StringItem_t *dest, const void *address)
{
    L4_Word_t *last = L4_StringItemLast(dest);

    dest->raw[L4_StringItemWords(dest)] = (L4_Word_t)address;
    *last += 1ul << 4;
    return dest;
}

static inline L4_CacheAllocationHint_t L4_CacheAllocationHint(const L4_StringItem_t *s)
{
    return s->X.hint;
}

static inline L4_StringItem_t L4_AddCacheAllocationHint(L4_StringItem_t s,
                                                        L4_CacheAllocationHint_t hint)
{
    s.X.hint = hint & 3;
    return s;
}

/* ---- control registers (an extension of IA32 kernels) ---- */

typedef union {
    L4_Word_t raw[16];
    struct {
        L4_Word_t C : 1;
        L4_Word_t type : 3;
        L4_Word_t id : 8;
        L4_Word_t mask : L4_WORD_BITS - 12;
    } X;
} L4_CtrlXferItem_t;

static inline void L4_CtrlXferItemInit(L4_CtrlXferItem_t *c, L4_Word_t id)
{
    c->raw[0] = (id & 0xff) << 4 | L4_ITEM_CTRLXFER << 1;
}

static inline L4_Bool_t L4_IsCtrlXferItem(const L4_CtrlXferItem_t *c)
{
    return L4_ITEM_TYPE(c->raw[0]) == L4_ITEM_CTRLXFER;
}

static inline int L4_CtrlXferItemWords(const L4_CtrlXferItem_t *c)
{
    int words = 1;

    for (L4_Word_t mask = c->X.mask; mask && words < 16; mask &= mask - 1)
        words++;
    return words;
}

/* Appends register reg; registers are set in ascending order. */
static inline void L4_CtrlXferItemSet(L4_CtrlXferItem_t *c, L4_Word_t reg, L4_Word_t value)
{
    c->raw[L4_CtrlXferItemWords(c)] = value;
    c->raw[0] |= 1ul << (12 + reg);
}

#endif
