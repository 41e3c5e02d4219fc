/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: the own one, those of the same space, and the privileged ThreadControl. */
#ifndef L4_THREAD_H
#define L4_THREAD_H

#include <l4/exregs.h>
#include <l4/self.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_ERROR_OK                0
#define L4_ERROR_NO_PRIVILEGE      1
#define L4_ERROR_INVALID_THREAD    2
#define L4_ERROR_INVALID_SPACE     3
#define L4_ERROR_INVALID_SCHEDULER 4
#define L4_ERROR_INVALID_PARAM     5
#define L4_ERROR_UTCB_AREA         6
#define L4_ERROR_KIP_AREA          7
#define L4_ERROR_NO_MEM            8

/*
 * Creates, changes or deletes (space = nilthread) the thread dest; 1 if it did,
 * else 0 and ErrorCode.  utcb = -1 and nilthread leave a property as it is.
 */
static inline L4_Word_t L4_ThreadControl(L4_ThreadId_t dest, L4_ThreadId_t space,
                                         L4_ThreadId_t scheduler, L4_ThreadId_t pager, void *utcb)
{
    return l4_thread_control(dest.raw, space.raw, scheduler.raw, pager.raw, (L4_Word_t)utcb);
}

/* Interrupt threads: irq is (number, version 1).  Privileged. */
static inline L4_Word_t L4_AssociateInterrupt(L4_ThreadId_t irq, L4_ThreadId_t handler)
{
    return L4_ThreadControl(irq, irq, L4_nilthread, handler, (void *)~0ul);
}

static inline L4_Word_t L4_DeassociateInterrupt(L4_ThreadId_t irq)
{
    return L4_ThreadControl(irq, irq, L4_nilthread, irq, (void *)~0ul);
}

#endif
