/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: the tag, map and grant items, the registers, a message under construction. */
#ifndef L4_MESSAGE_H
#define L4_MESSAGE_H

#include <l4/acceptor.h>
#include <l4/items.h>
#include <l4/types.h>
#include <l4/utcb.h>

typedef union {
    L4_Word_t raw;
    struct {
        L4_Word_t u : 6;     /* untyped words             */
        L4_Word_t t : 6;     /* words of typed items      */
        L4_Word_t flags : 4; /* L4_TAG_* shifted by 12    */
        L4_Word_t label : L4_LABEL_BITS;
    } X;
} L4_MsgTag_t;

#define L4_Niltag ((L4_MsgTag_t){.raw = 0})

#define L4_TAG_PROPAGATED (1ul << 12)
#define L4_TAG_REDIRECTED (1ul << 13)
#define L4_TAG_XCPU       (1ul << 14)
#define L4_TAG_ERROR      (1ul << 15)

#define L4_NUM_MRS 64
#define L4_NUM_BRS 33

/* ---- the tag ---- */

static inline L4_MsgTag_t L4_MakeTag(L4_Word_t label, L4_Word_t u, L4_Word_t t)
{
    return (L4_MsgTag_t){.raw = label << 16 | t << 6 | u};
}

static inline L4_Bool_t L4_IsMsgTagEqual(L4_MsgTag_t a, L4_MsgTag_t b)
{
    return a.raw == b.raw;
}

static inline L4_Bool_t L4_IsMsgTagNotEqual(L4_MsgTag_t a, L4_MsgTag_t b)
{
    return a.raw != b.raw;
}

static inline L4_Word_t L4_Label(L4_MsgTag_t tag)
{
    return tag.raw >> 16;
}

static inline L4_Word_t L4_UntypedWords(L4_MsgTag_t tag)
{
    return tag.raw & 0x3f;
}

static inline L4_Word_t L4_TypedWords(L4_MsgTag_t tag)
{
    return tag.raw >> 6 & 0x3f;
}

static inline void L4_Set_Label(L4_MsgTag_t *tag, L4_Word_t label)
{
    tag->raw = (tag->raw & 0xffff) | label << 16;
}

static inline L4_MsgTag_t L4_MsgTagAddLabel(L4_MsgTag_t tag, L4_Word_t label)
{
    L4_Set_Label(&tag, label);
    return tag;
}

static inline L4_MsgTag_t *L4_MsgTagAddLabelTo(L4_MsgTag_t *tag, L4_Word_t label)
{
    L4_Set_Label(tag, label);
    return tag;
}

/* ---- message registers ---- */

static inline void L4_LoadMR(int i, L4_Word_t w)
{
    ((volatile L4_Word_t *)L4_Utcb())[i] = w;
}

static inline void L4_LoadMRs(int i, int k, const L4_Word_t *w)
{
    L4_Word_t *mr = L4_Utcb() + i;

    for (int n = 0; n < k; n++)
        mr[n] = w[n];
}

static inline void L4_StoreMR(int i, L4_Word_t *w)
{
    *w = ((volatile L4_Word_t *)L4_Utcb())[i];
}

static inline void L4_StoreMRs(int i, int k, L4_Word_t *w)
{
    const L4_Word_t *mr = L4_Utcb() + i;

    for (int n = 0; n < k; n++)
        w[n] = mr[n];
}

static inline L4_Word_t L4_MR(int i)
{
    return ((volatile L4_Word_t *)L4_Utcb())[i];
}

static inline L4_MsgTag_t L4_MsgTag(void)
{
    return (L4_MsgTag_t){.raw = L4_MR(0)};
}

static inline void L4_Set_MsgTag(L4_MsgTag_t tag)
{
    L4_LoadMR(0, tag.raw);
}

/* ---- message objects ---- */

typedef union {
    L4_Word_t raw[L4_NUM_MRS];
    L4_Word_t msg[L4_NUM_MRS];
    L4_MsgTag_t tag;
} L4_Msg_t;

static inline void L4_MsgClear(L4_Msg_t *m)
{
    m->tag = L4_Niltag;
}

static inline L4_MsgTag_t L4_MsgMsgTag(const L4_Msg_t *m)
{
    return m->tag;
}

static inline void L4_Set_MsgMsgTag(L4_Msg_t *m, L4_MsgTag_t tag)
{
    m->tag = tag;
}

static inline L4_Word_t L4_MsgLabel(const L4_Msg_t *m)
{
    return L4_Label(m->tag);
}

static inline void L4_Set_MsgLabel(L4_Msg_t *m, L4_Word_t label)
{
    L4_Set_Label(&m->tag, label);
}

static inline void L4_MsgLoad(const L4_Msg_t *m)
{
    L4_LoadMRs(0, (int)(1 + m->tag.X.u + m->tag.X.t), m->raw);
}

/* Takes the words of a message that was received with this tag. */
static inline void L4_MsgStore(L4_MsgTag_t tag, L4_Msg_t *m)
{
    L4_StoreMRs(1, (int)(tag.X.u + tag.X.t), m->raw + 1);
    m->tag = tag;
}

static inline void L4_MsgPut(L4_Msg_t *m, L4_Word_t label, int u, const L4_Word_t *untyped, int t,
                             const void *items)
{
    for (int i = 0; i < u; i++)
        m->raw[1 + i] = untyped[i];
    for (int i = 0; i < t; i++)
        m->raw[1 + u + i] = ((const L4_Word_t *)items)[i];
    m->tag = L4_MakeTag(label, (L4_Word_t)u, (L4_Word_t)t);
}

static inline void L4_MsgGet(const L4_Msg_t *m, L4_Word_t *untyped, void *items)
{
    for (L4_Word_t i = 0; i < m->tag.X.u; i++)
        untyped[i] = m->raw[1 + i];
    for (L4_Word_t i = 0; i < m->tag.X.t; i++)
        ((L4_Word_t *)items)[i] = m->raw[1 + m->tag.X.u + i];
}

/* Inserts behind the untyped words: items appended before move up. */
static inline void L4_MsgAppendWord(L4_Msg_t *m, L4_Word_t w)
{
    for (L4_Word_t i = m->tag.X.u + m->tag.X.t; i > m->tag.X.u; i--)
        m->raw[i + 1] = m->raw[i];
    m->raw[++m->tag.X.u] = w;
}

static inline void L4_MsgAppendWords(L4_Msg_t *m, const L4_Word_t *item, int n)
{
    for (int i = 0; i < n; i++)
        m->raw[1 + m->tag.X.u + m->tag.X.t++] = item[i];
}

static inline void L4_MsgAppendMapItem(L4_Msg_t *m, L4_MapItem_t item)
{
    L4_MsgAppendWords(m, item.raw, 2);
}

static inline void L4_MsgAppendGrantItem(L4_Msg_t *m, L4_GrantItem_t item)
{
    L4_MsgAppendWords(m, item.raw, 2);
}

static inline void L4_MsgAppendSimpleStringItem(L4_Msg_t *m, L4_StringItem_t item)
{
    L4_MsgAppendWords(m, item.raw, 2);
}

static inline void L4_MsgAppendStringItem(L4_Msg_t *m, const L4_StringItem_t *item)
{
    L4_MsgAppendWords(m, item->raw, L4_StringItemWords(item));
}

static inline void L4_MsgAppendCtrlXferItem(L4_Msg_t *m, const L4_CtrlXferItem_t *item)
{
    L4_MsgAppendWords(m, item->raw, L4_CtrlXferItemWords(item));
}

/* ---- words and items by their index, from 0 ---- */

static inline void L4_MsgPutWord(L4_Msg_t *m, L4_Word_t u, L4_Word_t w)
{
    m->raw[1 + u] = w;
}

static inline L4_Word_t L4_MsgWord(const L4_Msg_t *m, L4_Word_t u)
{
    return m->raw[1 + u];
}

static inline void L4_MsgGetWord(const L4_Msg_t *m, L4_Word_t u, L4_Word_t *w)
{
    *w = m->raw[1 + u];
}

static inline void L4_MsgPutMapItem(L4_Msg_t *m, L4_Word_t t, L4_MapItem_t item)
{
    m->raw[1 + m->tag.X.u + t] = item.raw[0];
    m->raw[2 + m->tag.X.u + t] = item.raw[1];
}

static inline void L4_MsgPutGrantItem(L4_Msg_t *m, L4_Word_t t, L4_GrantItem_t item)
{
    m->raw[1 + m->tag.X.u + t] = item.raw[0];
    m->raw[2 + m->tag.X.u + t] = item.raw[1];
}

static inline void L4_MsgPutSimpleStringItem(L4_Msg_t *m, L4_Word_t t, L4_StringItem_t item)
{
    m->raw[1 + m->tag.X.u + t] = item.raw[0];
    m->raw[2 + m->tag.X.u + t] = item.raw[1];
}

static inline void L4_MsgPutStringItem(L4_Msg_t *m, L4_Word_t t, const L4_StringItem_t *item)
{
    for (int i = 0; i < L4_StringItemWords(item); i++)
        m->raw[1 + m->tag.X.u + t + (L4_Word_t)i] = item->raw[i];
}

/* Each returns the item's words. */
static inline L4_Word_t L4_MsgGetMapItem(const L4_Msg_t *m, L4_Word_t t, L4_MapItem_t *item)
{
    item->raw[0] = m->raw[1 + m->tag.X.u + t];
    item->raw[1] = m->raw[2 + m->tag.X.u + t];
    return 2;
}

static inline L4_Word_t L4_MsgGetGrantItem(const L4_Msg_t *m, L4_Word_t t, L4_GrantItem_t *item)
{
    item->raw[0] = m->raw[1 + m->tag.X.u + t];
    item->raw[1] = m->raw[2 + m->tag.X.u + t];
    return 2;
}

static inline L4_Word_t L4_MsgGetStringItem(const L4_Msg_t *m, L4_Word_t t, L4_StringItem_t *item)
{
    item->raw[0] = m->raw[1 + m->tag.X.u + t];
    for (int i = 1; i < L4_StringItemWords(item); i++)
        item->raw[i] = m->raw[1 + m->tag.X.u + t + (L4_Word_t)i];
    return (L4_Word_t)L4_StringItemWords(item);
}

static inline L4_Word_t L4_MsgGetCtrlXferItem(const L4_Msg_t *m, L4_Word_t t,
                                              L4_CtrlXferItem_t *item)
{
    item->raw[0] = m->raw[1 + m->tag.X.u + t];
    for (int i = 1; i < L4_CtrlXferItemWords(item); i++)
        item->raw[i] = m->raw[1 + m->tag.X.u + t + (L4_Word_t)i];
    return (L4_Word_t)L4_CtrlXferItemWords(item);
}

#endif
