/* SPDX-License-Identifier: BSD-2-Clause */
/* ExchangeRegisters and what is made of it. */
#ifndef L4_EXREGS_H
#define L4_EXREGS_H

#include <l4/self.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_EXREGS_HALT       (1ul << 0) /* the new halt state, if bit 8 is set */
#define L4_EXREGS_ABORT_RECV (1ul << 1)
#define L4_EXREGS_ABORT_SEND (1ul << 2)
#define L4_EXREGS_SP         (1ul << 3)
#define L4_EXREGS_IP         (1ul << 4)
#define L4_EXREGS_FLAGS      (1ul << 5)
#define L4_EXREGS_HANDLE     (1ul << 6)
#define L4_EXREGS_PAGER      (1ul << 7)
#define L4_EXREGS_SET_HALT   (1ul << 8)
#define L4_EXREGS_DELIVER    (1ul << 9)
#define L4_EXREGS_RUN        (L4_EXREGS_SET_HALT | L4_EXREGS_ABORT_RECV | L4_EXREGS_ABORT_SEND)
#define L4_EXREGS_STOP       (L4_EXREGS_SET_HALT | L4_EXREGS_HALT | L4_EXREGS_DELIVER)

/* The old control word: what dest was doing. */
typedef union {
    L4_Word_t raw;
} L4_ThreadState_t;

static inline L4_Bool_t L4_ThreadWasHalted(L4_ThreadState_t state)
{
    return state.raw & 1;
}

static inline L4_Bool_t L4_ThreadWasReceiving(L4_ThreadState_t state)
{
    return (state.raw & 2) != 0;
}

static inline L4_Bool_t L4_ThreadWasSending(L4_ThreadState_t state)
{
    return (state.raw & 4) != 0;
}

static inline L4_Bool_t L4_ThreadWasIpcing(L4_ThreadState_t state)
{
    return (state.raw & 6) != 0;
}

static inline L4_ThreadId_t L4_ExchangeRegisters(L4_ThreadId_t dest, L4_Word_t control,
                                                 L4_Word_t sp, L4_Word_t ip, L4_Word_t flags,
                                                 L4_Word_t handle, L4_ThreadId_t pager,
                                                 L4_Word_t *old_control, L4_Word_t *old_sp,
                                                 L4_Word_t *old_ip, L4_Word_t *old_flags,
                                                 L4_Word_t *old_handle, L4_ThreadId_t *old_pager)
{
    struct l4_exregs r = {control, sp, ip, flags, handle, pager.raw};
    L4_ThreadId_t result = {.raw = l4_exchange_registers(dest.raw, &r)};

    *old_control = r.control;
    *old_sp = r.sp;
    *old_ip = r.ip;
    *old_flags = r.flags;
    *old_handle = r.handle;
    old_pager->raw = r.pager;
    return result;
}

/* The same with the values in a struct: what the functions below share. */
static inline L4_ThreadId_t L4_Exregs(L4_ThreadId_t dest, struct l4_exregs *r)
{
    return (L4_ThreadId_t){.raw = l4_exchange_registers(dest.raw, r)};
}

static inline L4_ThreadId_t L4_GlobalIdOf(L4_ThreadId_t t)
{
    struct l4_exregs r = {0};

    return L4_IsNilThread(t) || L4_IsGlobalId(t) ? t : L4_Exregs(t, &r);
}

static inline L4_ThreadId_t L4_LocalIdOf(L4_ThreadId_t t)
{
    struct l4_exregs r = {0};

    return L4_IsLocalId(t) ? t : L4_Exregs(t, &r);
}

static inline L4_Bool_t L4_SameThreads(L4_ThreadId_t a, L4_ThreadId_t b)
{
    return L4_GlobalIdOf(a).raw == L4_GlobalIdOf(b).raw;
}

static inline L4_Word_t L4_UserDefinedHandleOf(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};

    L4_Exregs(t, &r);
    return r.handle;
}

static inline void L4_Set_UserDefinedHandleOf(L4_ThreadId_t t, L4_Word_t handle)
{
    struct l4_exregs r = {.control = L4_EXREGS_HANDLE, .handle = handle};

    L4_Exregs(t, &r);
}

static inline L4_ThreadId_t L4_PagerOf(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};

    L4_Exregs(t, &r);
    return (L4_ThreadId_t){.raw = r.pager};
}

static inline void L4_Set_PagerOf(L4_ThreadId_t t, L4_ThreadId_t pager)
{
    struct l4_exregs r = {.control = L4_EXREGS_PAGER, .pager = pager.raw};

    L4_Exregs(t, &r);
}

static inline void L4_Start(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_RUN};

    L4_Exregs(t, &r);
}

static inline void L4_Start_SpIp(L4_ThreadId_t t, L4_Word_t sp, L4_Word_t ip)
{
    struct l4_exregs r = {L4_EXREGS_RUN | L4_EXREGS_SP | L4_EXREGS_IP, sp, ip, 0, 0, 0};

    L4_Exregs(t, &r);
}

static inline void L4_Start_SpIpFlags(L4_ThreadId_t t, L4_Word_t sp, L4_Word_t ip, L4_Word_t flags)
{
    struct l4_exregs r = {
        L4_EXREGS_RUN | L4_EXREGS_SP | L4_EXREGS_IP | L4_EXREGS_FLAGS, sp, ip, flags, 0, 0};

    L4_Exregs(t, &r);
}

/* Halts t, after ending the IPC phases that abort names. */
static inline L4_ThreadState_t L4_StopAfter(L4_ThreadId_t t, L4_Word_t abort, L4_Word_t *sp,
                                            L4_Word_t *ip, L4_Word_t *flags)
{
    struct l4_exregs r = {.control = L4_EXREGS_STOP | abort};

    L4_Exregs(t, &r);
    *sp = r.sp;
    *ip = r.ip;
    *flags = r.flags;
    return (L4_ThreadState_t){.raw = r.control};
}

#define L4_STOP_FUNCTIONS(name, abort)                                                             \
    static inline L4_ThreadState_t name##_SpIpFlags(L4_ThreadId_t t, L4_Word_t *sp, L4_Word_t *ip, \
                                                    L4_Word_t *flags)                              \
    {                                                                                              \
        return L4_StopAfter(t, abort, sp, ip, flags);                                              \
    }                                                                                              \
    static inline L4_ThreadState_t name(L4_ThreadId_t t)                                           \
    {                                                                                              \
        L4_Word_t sp, ip, flags;                                                                   \
                                                                                                   \
        return L4_StopAfter(t, abort, &sp, &ip, &flags);                                           \
    }

/* L4_Stop(t), L4_Stop_SpIpFlags(t, &sp, &ip, &flags) and so on. */
L4_STOP_FUNCTIONS(L4_Stop, 0)
L4_STOP_FUNCTIONS(L4_AbortReceive_and_stop, L4_EXREGS_ABORT_RECV)
L4_STOP_FUNCTIONS(L4_AbortSend_and_stop, L4_EXREGS_ABORT_SEND)
L4_STOP_FUNCTIONS(L4_AbortIpc_and_stop, L4_EXREGS_ABORT_RECV | L4_EXREGS_ABORT_SEND)

#endif
