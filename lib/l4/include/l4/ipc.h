/* SPDX-License-Identifier: BSD-2-Clause */
/* Ipc and its derived forms. */
#ifndef L4_IPC_H
#define L4_IPC_H

#include <l4/message.h>
#include <l4/self.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

static inline L4_Word_t L4_Timeouts(L4_Time_t snd, L4_Time_t rcv)
{
    return (L4_Word_t)snd.raw << 16 | rcv.raw;
}

/* *from is only written if there was a receive phase. */
static inline L4_MsgTag_t L4_Ipc(L4_ThreadId_t to, L4_ThreadId_t from_specifier, L4_Word_t timeouts,
                                 L4_ThreadId_t *from)
{
    L4_Word_t sender;
    L4_MsgTag_t tag = {.raw = l4_ipc(to.raw, from_specifier.raw, timeouts, &sender)};

    if (!L4_IsNilThread(from_specifier))
        from->raw = sender;
    return tag;
}

/* Ipc for partners in the own space. */
static inline L4_MsgTag_t L4_Lipc(L4_ThreadId_t to, L4_ThreadId_t from_specifier,
                                  L4_Word_t timeouts, L4_ThreadId_t *from)
{
    L4_Word_t sender;
    L4_MsgTag_t tag = {.raw = l4_lipc(to.raw, from_specifier.raw, timeouts, &sender)};

    if (!L4_IsNilThread(from_specifier))
        from->raw = sender;
    return tag;
}

/* ---- the tag of a finished IPC ---- */

static inline L4_Bool_t L4_IpcSucceeded(L4_MsgTag_t tag)
{
    return (tag.raw & L4_TAG_ERROR) == 0;
}

static inline L4_Bool_t L4_IpcFailed(L4_MsgTag_t tag)
{
    return (tag.raw & L4_TAG_ERROR) != 0;
}

static inline L4_Bool_t L4_IpcPropagated(L4_MsgTag_t tag)
{
    return (tag.raw & L4_TAG_PROPAGATED) != 0;
}

static inline L4_Bool_t L4_IpcRedirected(L4_MsgTag_t tag)
{
    return (tag.raw & L4_TAG_REDIRECTED) != 0;
}

static inline L4_Bool_t L4_IpcXcpu(L4_MsgTag_t tag)
{
    return (tag.raw & L4_TAG_XCPU) != 0;
}

static inline void L4_Set_Propagation(L4_MsgTag_t *tag)
{
    tag->raw = (tag->raw & ~0xf000ul) | L4_TAG_PROPAGATED;
}

/* ErrorCode after a failed Ipc: bit 0 the phase, bits 1-3 the error, then an offset. */
#define L4_IPC_ERROR(code)      ((code) >> 1 & 7)
#define L4_IPC_RECV_PHASE(code) ((code)&1)
#define L4_IPC_TIMEOUT          1
#define L4_IPC_NO_PARTNER       2
#define L4_IPC_CANCELLED        3
#define L4_IPC_OVERFLOW         4
#define L4_IPC_XFER_TIMEOUT     5 /* in the own space */
#define L4_IPC_XFER_PARTNER     6 /* in the partner's */
#define L4_IPC_ABORTED          7

/* ---- derived forms ---- */

static inline L4_MsgTag_t L4_Call_Timeouts(L4_ThreadId_t to, L4_Time_t snd, L4_Time_t rcv)
{
    L4_ThreadId_t from;

    return L4_Ipc(to, to, L4_Timeouts(snd, rcv), &from);
}

static inline L4_MsgTag_t L4_Call(L4_ThreadId_t to)
{
    return L4_Call_Timeouts(to, L4_Never, L4_Never);
}

static inline L4_MsgTag_t L4_Send_Timeout(L4_ThreadId_t to, L4_Time_t snd)
{
    L4_ThreadId_t from;

    return L4_Ipc(to, L4_nilthread, L4_Timeouts(snd, L4_ZeroTime), &from);
}

static inline L4_MsgTag_t L4_Send(L4_ThreadId_t to)
{
    return L4_Send_Timeout(to, L4_Never);
}

static inline L4_MsgTag_t L4_Reply(L4_ThreadId_t to)
{
    return L4_Send_Timeout(to, L4_ZeroTime);
}

static inline L4_MsgTag_t L4_Receive_Timeout(L4_ThreadId_t from, L4_Time_t rcv)
{
    L4_ThreadId_t sender;

    return L4_Ipc(L4_nilthread, from, L4_Timeouts(L4_ZeroTime, rcv), &sender);
}

static inline L4_MsgTag_t L4_Receive(L4_ThreadId_t from)
{
    return L4_Receive_Timeout(from, L4_Never);
}

static inline L4_MsgTag_t L4_Wait_Timeout(L4_Time_t rcv, L4_ThreadId_t *from)
{
    return L4_Ipc(L4_nilthread, L4_anythread, L4_Timeouts(L4_ZeroTime, rcv), from);
}

static inline L4_MsgTag_t L4_Wait(L4_ThreadId_t *from)
{
    return L4_Wait_Timeout(L4_Never, from);
}

static inline L4_MsgTag_t L4_ReplyWait_Timeout(L4_ThreadId_t to, L4_Time_t rcv, L4_ThreadId_t *from)
{
    return L4_Ipc(to, L4_anythread, L4_Timeouts(L4_ZeroTime, rcv), from);
}

static inline L4_MsgTag_t L4_ReplyWait(L4_ThreadId_t to, L4_ThreadId_t *from)
{
    return L4_ReplyWait_Timeout(to, L4_Never, from);
}

/* Waits for a message of its own, which never comes. */
static inline void L4_Sleep(L4_Time_t time)
{
    L4_Set_MsgTag(L4_Receive_Timeout(L4_MyGlobalId(), time));
}

static inline L4_MsgTag_t L4_Lcall(L4_ThreadId_t to)
{
    L4_ThreadId_t from;

    return L4_Lipc(to, to, L4_Timeouts(L4_Never, L4_Never), &from);
}

static inline L4_MsgTag_t L4_LreplyWait(L4_ThreadId_t to, L4_ThreadId_t *from)
{
    return L4_Lipc(to, L4_anylocalthread, L4_Timeouts(L4_ZeroTime, L4_Never), from);
}

#endif
