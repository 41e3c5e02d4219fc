/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user thread control block, words relative to MR0: message registers
 * above, thread control registers (TCRs) and buffer registers below.
 */
#ifndef L4_UTCB_H
#define L4_UTCB_H

#include <l4/types.h>
#include L4_ARCH_HEADER(utcb.h)

enum l4_tcr {
    L4_TCR_WORD_SIZE_MASK = -1,
    L4_TCR_THREAD_WORD0 = -4,
    L4_TCR_THREAD_WORD1 = -5,
    L4_TCR_SENDER = -6, /* VirtualSender, ActualSender */
    L4_TCR_INTENDED_RECEIVER = -7,
    L4_TCR_XFER_TIMEOUTS = -8,
    L4_TCR_ERROR_CODE = -9,
    L4_TCR_FLAGS = -10, /* byte 0 preemption, byte 1 coprocessors */
    L4_TCR_EXCEPTION_HANDLER = -11,
    L4_TCR_PAGER = -12,
    L4_TCR_USER_HANDLE = -13,
    L4_TCR_PROCESSOR_NO = -14,
    L4_TCR_MY_GLOBAL_ID = -15,
    L4_TCR_BR0 = -16
};

static inline L4_Word_t L4_Tcr(enum l4_tcr word)
{
    return ((volatile L4_Word_t *)L4_Utcb())[word];
}

static inline void L4_Set_Tcr(enum l4_tcr word, L4_Word_t value)
{
    ((volatile L4_Word_t *)L4_Utcb())[word] = value;
}

#endif
