/* SPDX-License-Identifier: BSD-2-Clause */
/* What a receiver takes: the acceptor in BR0, the buffers for strings behind it. */
#ifndef L4_ACCEPTOR_H
#define L4_ACCEPTOR_H

#include <l4/items.h>
#include <l4/types.h>
#include <l4/utcb.h>

typedef union {
    L4_Word_t raw;
    struct {
        L4_Word_t s : 1;
        L4_Word_t c : 1;
        L4_Word_t zero : 2;
        L4_Word_t window : L4_WORD_BITS - 4;
    } X;
} L4_Acceptor_t;

#define L4_UntypedWordsAcceptor ((L4_Acceptor_t){.raw = 0})
#define L4_StringItemsAcceptor  ((L4_Acceptor_t){.raw = 1})
#define L4_CtrlXferAcceptor     ((L4_Acceptor_t){.raw = 2})

static inline L4_Acceptor_t L4_MapGrantItems(L4_Fpage_t window)
{
    return (L4_Acceptor_t){.raw = window.raw & ~0xful};
}

/* Both kinds; r's window, unless it has none. */
static inline L4_Acceptor_t L4_AddAcceptor(L4_Acceptor_t l, L4_Acceptor_t r)
{
    L4_Word_t window = r.raw & ~0xful ? r.raw : l.raw;

    return (L4_Acceptor_t){.raw = (window & ~0xful) | ((l.raw | r.raw) & 3)};
}

static inline L4_Acceptor_t *L4_AddAcceptorTo(L4_Acceptor_t *l, L4_Acceptor_t r)
{
    *l = L4_AddAcceptor(*l, r);
    return l;
}

static inline L4_Acceptor_t L4_RemoveAcceptor(L4_Acceptor_t l, L4_Acceptor_t r)
{
    L4_Word_t window = r.raw & ~0xful ? 0 : l.raw & ~0xful;

    return (L4_Acceptor_t){.raw = window | (l.raw & ~r.raw & 3)};
}

static inline L4_Acceptor_t *L4_RemoveAcceptorFrom(L4_Acceptor_t *l, L4_Acceptor_t r)
{
    *l = L4_RemoveAcceptor(*l, r);
    return l;
}

static inline L4_Bool_t L4_HasStringItems(L4_Acceptor_t a)
{
    return a.raw & 1;
}

static inline L4_Bool_t L4_HasMapGrantItems(L4_Acceptor_t a)
{
    return (a.raw & ~0xful) != 0;
}

static inline L4_Fpage_t L4_RcvWindow(L4_Acceptor_t a)
{
    return (L4_Fpage_t){.raw = a.raw & ~0xful};
}

/* ---- buffer registers: they lie below each other ---- */

static inline void L4_LoadBR(int i, L4_Word_t w)
{
    ((volatile L4_Word_t *)L4_Utcb())[L4_TCR_BR0 - i] = w;
}

static inline void L4_LoadBRs(int i, int k, const L4_Word_t *w)
{
    L4_Word_t *br = L4_Utcb() + L4_TCR_BR0 - i;

    for (int n = 0; n < k; n++)
        br[-n] = w[n];
}

static inline void L4_StoreBR(int i, L4_Word_t *w)
{
    *w = ((volatile L4_Word_t *)L4_Utcb())[L4_TCR_BR0 - i];
}

static inline void L4_StoreBRs(int i, int k, L4_Word_t *w)
{
    const L4_Word_t *br = L4_Utcb() + L4_TCR_BR0 - i;

    for (int n = 0; n < k; n++)
        w[n] = br[-n];
}

static inline void L4_Accept(L4_Acceptor_t a)
{
    L4_LoadBR(0, a.raw);
}

static inline L4_Acceptor_t L4_Accepted(void)
{
    return (L4_Acceptor_t){.raw = L4_Tcr(L4_TCR_BR0)};
}

/* ---- receive buffers ---- */

typedef union {
    L4_Word_t raw[32];
} L4_MsgBuffer_t;

static inline void L4_MsgBufferClear(L4_MsgBuffer_t *b)
{
    b->raw[0] = 0;
}

/* Finds the end of the list of strings; *last: the last string's first word, or -1. */
static inline int L4_MsgBufferEnd(const L4_MsgBuffer_t *b, int *last)
{
    int i = 0, more = b->raw[0] != 0;

    *last = -1;
    while (more && i < 32) {
        *last = i;
        more = (int)(b->raw[i] & 1);
        i += L4_StringItemWords((const L4_StringItem_t *)(b->raw + i));
    }
    return i;
}

static inline void L4_MsgBufferAppendRcvString(L4_MsgBuffer_t *b, const L4_StringItem_t *s)
{
    int last, end = L4_MsgBufferEnd(b, &last), words = L4_StringItemWords(s);

    if (end + words > 32)
        return;
    if (last >= 0)
        b->raw[last] |= 1;
    for (int i = 0; i < words; i++)
        b->raw[end + i] = s->raw[i];
    b->raw[end] &= ~1ul;
}

static inline void L4_MsgBufferAppendSimpleRcvString(L4_MsgBuffer_t *b, L4_StringItem_t s)
{
    L4_MsgBufferAppendRcvString(b, &s);
}

static inline void L4_AcceptStrings(L4_Acceptor_t a, const L4_MsgBuffer_t *b)
{
    int last;

    L4_Accept(a);
    L4_LoadBRs(1, L4_MsgBufferEnd(b, &last), b->raw);
}

#endif
