/* SPDX-License-Identifier: BSD-2-Clause */
/* The own thread: its ids, its thread control registers, its preemption flags. */
#ifndef L4_SELF_H
#define L4_SELF_H

#include <l4/types.h>
#include <l4/utcb.h>

static inline L4_ThreadId_t L4_MyGlobalId(void)
{
    return (L4_ThreadId_t){.raw = L4_Tcr(L4_TCR_MY_GLOBAL_ID)};
}

static inline L4_ThreadId_t L4_MyLocalId(void)
{
    return (L4_ThreadId_t){.raw = (L4_Word_t)L4_Utcb()};
}

static inline L4_ThreadId_t L4_Myself(void)
{
    return L4_MyGlobalId();
}

static inline int L4_ProcessorNo(void)
{
    return (int)L4_Tcr(L4_TCR_PROCESSOR_NO);
}

static inline L4_Word_t L4_UserDefinedHandle(void)
{
    return L4_Tcr(L4_TCR_USER_HANDLE);
}

static inline void L4_Set_UserDefinedHandle(L4_Word_t handle)
{
    L4_Set_Tcr(L4_TCR_USER_HANDLE, handle);
}

static inline L4_ThreadId_t L4_Pager(void)
{
    return (L4_ThreadId_t){.raw = L4_Tcr(L4_TCR_PAGER)};
}

static inline void L4_Set_Pager(L4_ThreadId_t t)
{
    L4_Set_Tcr(L4_TCR_PAGER, t.raw);
}

static inline L4_ThreadId_t L4_ExceptionHandler(void)
{
    return (L4_ThreadId_t){.raw = L4_Tcr(L4_TCR_EXCEPTION_HANDLER)};
}

static inline void L4_Set_ExceptionHandler(L4_ThreadId_t t)
{
    L4_Set_Tcr(L4_TCR_EXCEPTION_HANDLER, t.raw);
}

static inline L4_Word_t L4_ErrorCode(void)
{
    return L4_Tcr(L4_TCR_ERROR_CODE);
}

static inline const char *L4_ErrorCode_String(L4_Word_t error)
{
    static const char *const text[] = {
        "no error",          "no privilege",      "invalid thread",
        "invalid space",     "invalid scheduler", "invalid parameter",
        "invalid UTCB area", "invalid KIP area",  "out of memory",
    };

    return error < sizeof(text) / sizeof(text[0]) ? text[error] : "unknown error";
}

static inline L4_Word_t L4_XferTimeouts(void)
{
    return L4_Tcr(L4_TCR_XFER_TIMEOUTS);
}

static inline void L4_Set_XferTimeouts(L4_Word_t timeouts)
{
    L4_Set_Tcr(L4_TCR_XFER_TIMEOUTS, timeouts);
}

static inline L4_ThreadId_t L4_IntendedReceiver(void)
{
    return (L4_ThreadId_t){.raw = L4_Tcr(L4_TCR_INTENDED_RECEIVER)};
}

static inline L4_ThreadId_t L4_ActualSender(void)
{
    return (L4_ThreadId_t){.raw = L4_Tcr(L4_TCR_SENDER)};
}

static inline void L4_Set_VirtualSender(L4_ThreadId_t t)
{
    L4_Set_Tcr(L4_TCR_SENDER, t.raw);
}

static inline L4_Word_t L4_WordSizeMask(void)
{
    return L4_Tcr(L4_TCR_WORD_SIZE_MASK);
}

static inline void L4_Reset_WordSizeMask(void)
{
    L4_Set_Tcr(L4_TCR_WORD_SIZE_MASK, ~0ul);
}

static inline L4_Word_t __L4_TCR_ThreadWord(int n)
{
    return L4_Tcr((enum l4_tcr)(L4_TCR_THREAD_WORD0 - n));
}

static inline void __L4_TCR_Set_ThreadWord(int n, L4_Word_t w)
{
    L4_Set_Tcr((enum l4_tcr)(L4_TCR_THREAD_WORD0 - n), w);
}

/* ---- flags: hints on coprocessors, delayed preemption ---- */

#define L4_FLAG_SIGNAL  (1ul << 5)
#define L4_FLAG_DELAY   (1ul << 6)
#define L4_FLAG_PENDING (1ul << 7)

/* Sets and clears bits of the flags TCR; returns whether any of old was set before. */
static inline L4_Bool_t L4_ChangeFlags(L4_Word_t clear, L4_Word_t set, L4_Word_t old)
{
    L4_Word_t flags = L4_Tcr(L4_TCR_FLAGS);

    L4_Set_Tcr(L4_TCR_FLAGS, (flags & ~clear) | set);
    return (flags & old) != 0;
}

static inline void L4_Set_CopFlag(L4_Word_t n)
{
    L4_ChangeFlags(0, 0x100ul << n, 0);
}

static inline void L4_Clr_CopFlag(L4_Word_t n)
{
    L4_ChangeFlags(0x100ul << n, 0, 0);
}

/* Each of these four returns the flag's old value. */
static inline L4_Bool_t L4_EnablePreemptionFaultException(void)
{
    return L4_ChangeFlags(0, L4_FLAG_SIGNAL, L4_FLAG_SIGNAL);
}

static inline L4_Bool_t L4_DisablePreemptionFaultException(void)
{
    return L4_ChangeFlags(L4_FLAG_SIGNAL, 0, L4_FLAG_SIGNAL);
}

static inline L4_Bool_t L4_EnablePreemption(void)
{
    return L4_ChangeFlags(L4_FLAG_DELAY, 0, L4_FLAG_DELAY);
}

static inline L4_Bool_t L4_DisablePreemption(void)
{
    return L4_ChangeFlags(0, L4_FLAG_DELAY, L4_FLAG_DELAY);
}

/* Clears what it reports. */
static inline L4_Bool_t L4_PreemptionPending(void)
{
    return L4_ChangeFlags(L4_FLAG_PENDING, 0, L4_FLAG_PENDING);
}

#endif
