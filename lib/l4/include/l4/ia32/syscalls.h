/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls' registers on IA32; one function for each link of the KIP. */
#ifndef L4_IA32_SYSCALLS_H
#define L4_IA32_SYSCALLS_H

#include <l4/ia32/links.h>
#include <l4/utcb.h>

struct l4_exregs {
    L4_Word_t control, sp, ip, flags, handle, pager;
};

static inline const void *l4_kernel_interface(L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id)
{
    const void *kip;

    __asm__ volatile("lock; nop" : "=a"(kip), "=c"(*version), "=d"(*flags), "=S"(*id));
    return kip;
}

/* In: r holds the new values; out: the old ones. */
static inline L4_Word_t l4_exchange_registers(L4_Word_t dest, struct l4_exregs *r)
{
    struct l4_exregs x = *r;

    __asm__ volatile(L4_CALL_EBP
                     : "+a"(dest), "+c"(x.control), "+d"(x.sp), "+S"(x.ip), "+D"(x.flags),
                       "+b"(x.handle), [ebp] "+m"(x.pager)
                     : L4_LINK(exchange_registers)
                     : "memory", "cc");
    *r = x;
    return dest;
}

static inline L4_Word_t l4_thread_control(L4_Word_t dest, L4_Word_t space, L4_Word_t scheduler,
                                          L4_Word_t pager, L4_Word_t utcb)
{
    __asm__ volatile(L4_CALL
                     : "+a"(dest), "+c"(pager), "+d"(scheduler), "+S"(space), "+D"(utcb)
                     : L4_LINK(thread_control)
                     : "ebx", "memory", "cc");
    return dest;
}

static inline L4_Word64_t l4_system_clock(void)
{
    L4_Word64_t clock;

    __asm__ volatile(L4_CALL
                     : "=A"(clock)
                     : L4_LINK(system_clock)
                     : "ecx", "esi", "edi", "memory", "cc");
    return clock;
}

static inline void l4_thread_switch(L4_Word_t dest)
{
    __asm__ volatile(L4_CALL : : L4_LINK(thread_switch), "a"(dest) : "memory", "cc");
}

/* *time: in the time control, out the old one. */
static inline L4_Word_t l4_schedule(L4_Word_t dest, L4_Word_t *time, L4_Word_t processor,
                                    L4_Word_t prio, L4_Word_t preemption)
{
    __asm__ volatile(L4_CALL
                     : "+a"(dest), "+c"(prio), "+d"(*time), "+S"(processor), "+D"(preemption)
                     : L4_LINK(schedule)
                     : "ebx", "memory", "cc");
    return dest;
}

/* MR0 to MR2 come back in registers, and perhaps nowhere else. */
#define L4_IPC_CALL "push %%ebp; call *l4_links+%c[link]; mov %%ebp, %%ecx; pop %%ebp"

static inline L4_Word_t l4_ipc_result(L4_Word_t *utcb, L4_Word_t tag, L4_Word_t mr1, L4_Word_t mr2,
                                      L4_Word_t from_specifier)
{
    utcb[0] = tag;
    if (from_specifier) { /* a call that only sends leaves nothing in the registers */
        utcb[1] = mr1;
        utcb[2] = mr2;
    }
    return tag;
}

/* *from is set, whatever the phases were; the result is the tag. */
static inline L4_Word_t l4_ipc(L4_Word_t to, L4_Word_t from_specifier, L4_Word_t timeouts,
                               L4_Word_t *from)
{
    L4_Word_t *utcb = L4_Utcb(), tag = utcb[0], mr1, edx = from_specifier;

    __asm__ volatile(L4_IPC_CALL
                     : "+a"(to), "+c"(timeouts), "+d"(edx), "+S"(tag), "+D"(utcb), "=b"(mr1)
                     : L4_LINK(ipc)
                     : "memory", "cc");
    *from = to;
    return l4_ipc_result(utcb, tag, mr1, timeouts, from_specifier);
}

static inline L4_Word_t l4_lipc(L4_Word_t to, L4_Word_t from_specifier, L4_Word_t timeouts,
                                L4_Word_t *from)
{
    L4_Word_t *utcb = L4_Utcb(), tag = utcb[0], mr1, edx = from_specifier;

    __asm__ volatile(L4_IPC_CALL
                     : "+a"(to), "+c"(timeouts), "+d"(edx), "+S"(tag), "+D"(utcb), "=b"(mr1)
                     : L4_LINK(lipc)
                     : "memory", "cc");
    *from = to;
    return l4_ipc_result(utcb, tag, mr1, timeouts, from_specifier);
}

static inline void l4_unmap(L4_Word_t control)
{
    L4_Word_t *utcb = L4_Utcb(), mr0 = utcb[0];

    __asm__ volatile(L4_CALL
                     : "+a"(control), "+S"(mr0), "+D"(utcb)
                     : L4_LINK(unmap)
                     : "ebx", "ecx", "edx", "memory", "cc");
    L4_Utcb()[0] = mr0;
}

/* *control: in the control word, out the old one. */
static inline L4_Word_t l4_space_control(L4_Word_t space, L4_Word_t *control, L4_Word_t kip_area,
                                         L4_Word_t utcb_area, L4_Word_t redirector)
{
    L4_Word_t ecx = *control;

    __asm__ volatile(L4_CALL
                     : "+a"(space), "+c"(ecx), "+d"(kip_area), "+S"(utcb_area), "+D"(redirector)
                     : L4_LINK(space_control)
                     : "ebx", "memory", "cc");
    *control = ecx;
    return space;
}

static inline L4_Word_t l4_processor_control(L4_Word_t no, L4_Word_t internal, L4_Word_t external,
                                             L4_Word_t voltage)
{
    __asm__ volatile(L4_CALL
                     : "+a"(no), "+c"(internal), "+d"(external), "+S"(voltage)
                     : L4_LINK(processor_control)
                     : "ebx", "edi", "memory", "cc");
    return no;
}

/* The fpages are in the MRs. */
static inline L4_Word_t l4_memory_control(L4_Word_t control, const L4_Word_t attribute[4])
{
    L4_Word_t *utcb = L4_Utcb(), mr0 = utcb[0];
    L4_Word_t ecx = attribute[0], edx = attribute[1], ebx = attribute[2], last = attribute[3];

    __asm__ volatile(L4_CALL_EBP
                     : "+a"(control), "+c"(ecx), "+d"(edx), "+b"(ebx), "+S"(mr0),
                       "+D"(utcb), [ebp] "+m"(last)
                     : L4_LINK(memory_control)
                     : "memory", "cc");
    return control;
}

#endif
