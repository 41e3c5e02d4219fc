/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to sigma0, the owner of all memory. */
#ifndef L4_SIGMA0_H
#define L4_SIGMA0_H

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/protocol.h>
#include <l4/types.h>

static inline L4_ThreadId_t L4_Sigma0Id(void)
{
    return L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()), 1);
}

/* Asks for f with memory attribute a; the answer is the page, nil if refused. */
static inline L4_Fpage_t L4_Sigma0_Request(L4_ThreadId_t s0, L4_Fpage_t f, L4_Word_t a,
                                           L4_Fpage_t window)
{
    L4_MsgTag_t tag;

    if (L4_IsNilThread(s0))
        s0 = L4_Sigma0Id();
    L4_Accept(L4_MapGrantItems(window));
    L4_LoadMR(1, f.raw);
    L4_LoadMR(2, a);
    L4_Set_MsgTag(L4_MakeTag(L4_LABEL_SIGMA0, 2, 0));
    tag = L4_Call(s0);
    if (L4_IpcFailed(tag))
        return L4_Nilpage;
    return (L4_Fpage_t){.raw = L4_MR(2)};
}

static inline L4_Fpage_t L4_Sigma0_GetPage_RcvWindow(L4_ThreadId_t s0, L4_Fpage_t f,
                                                     L4_Fpage_t window)
{
    return L4_Sigma0_Request(s0, f, 0, window);
}

/* One to one: the page appears at its physical address. */
static inline L4_Fpage_t L4_Sigma0_GetPage(L4_ThreadId_t s0, L4_Fpage_t f)
{
    return L4_Sigma0_Request(s0, f, 0, L4_CompleteAddressSpace);
}

/* Any free page of 2^log2 bytes of ordinary memory. */
static inline L4_Fpage_t L4_Sigma0_GetAny(L4_ThreadId_t s0, L4_Word_t log2, L4_Fpage_t window)
{
    return L4_Sigma0_Request(s0, L4_FpageLog2(~0ul, (int)log2), 0, window);
}

/* The page at address with a memory attribute (L4_UncacheableMemory and so on). */
static inline L4_Fpage_t L4_Sigma0_GetSpecial(L4_Word_t attribute, L4_Word_t address,
                                              L4_Word_t size)
{
    return L4_Sigma0_Request(L4_nilthread, L4_Fpage(address, size), attribute,
                             L4_CompleteAddressSpace);
}

#endif
