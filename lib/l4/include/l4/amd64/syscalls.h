/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls' registers on AMD64; one function for each link of the KIP. */
#ifndef L4_AMD64_SYSCALLS_H
#define L4_AMD64_SYSCALLS_H

#include <l4/amd64/links.h>
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
    register L4_Word_t ip __asm__("r8") = r->ip;
    register L4_Word_t flags __asm__("r9") = r->flags;
    register L4_Word_t handle __asm__("r10") = r->handle;

    __asm__ volatile(L4_CALL
                     : "+a"(dest), "+S"(r->control), "+d"(r->sp), "+D"(r->pager), "+r"(ip),
                       "+r"(flags), "+r"(handle)
                     : L4_LINK(exchange_registers)
                     : "rbx", "rcx", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    r->ip = ip;
    r->flags = flags;
    r->handle = handle;
    return dest;
}

static inline L4_Word_t l4_thread_control(L4_Word_t dest, L4_Word_t space, L4_Word_t scheduler,
                                          L4_Word_t pager, L4_Word_t utcb)
{
    register L4_Word_t r8 __asm__("r8") = space;
    register L4_Word_t r9 __asm__("r9") = utcb;
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(scheduler), "+S"(pager), "+D"(dest), "+r"(r8), "+r"(r9)
                     : L4_LINK(thread_control)
                     : "rbx", "rcx", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return result;
}

static inline L4_Word64_t l4_system_clock(void)
{
    L4_Word_t clock;

    __asm__ volatile(L4_CALL
                     : "=a"(clock)
                     : L4_LINK(system_clock)
                     : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
                       "r14", "r15", "memory", "cc");
    return clock;
}

static inline void l4_thread_switch(L4_Word_t dest)
{
    __asm__ volatile(L4_CALL
                     : "+D"(dest)
                     : L4_LINK(thread_switch)
                     : "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13",
                       "r14", "r15", "memory", "cc");
}

/* *time: in the time control, out the old one. */
static inline L4_Word_t l4_schedule(L4_Word_t dest, L4_Word_t *time, L4_Word_t processor,
                                    L4_Word_t prio, L4_Word_t preemption)
{
    register L4_Word_t r8 __asm__("r8") = processor;
    register L4_Word_t r9 __asm__("r9") = preemption;
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(*time), "+S"(prio), "+D"(dest), "+r"(r8), "+r"(r9)
                     : L4_LINK(schedule)
                     : "rbx", "rcx", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return result;
}

/* MR0 to MR7 travel in registers, in both directions; memory is their home. */
#define L4_LOAD_MRS                                                                                \
    "mov (%%rdi), %%r9; mov 8(%%rdi), %%rax; mov 16(%%rdi), %%rbx; mov 24(%%rdi), %%r10;"          \
    "mov 32(%%rdi), %%r12; mov 40(%%rdi), %%r13; mov 48(%%rdi), %%r14; mov 56(%%rdi), %%r15;"
#define L4_STORE_MRS                                                                               \
    "; mov %%r9, (%%rdi); mov %%rax, 8(%%rdi); mov %%rbx, 16(%%rdi); mov %%r10, 24(%%rdi);"        \
    "mov %%r12, 32(%%rdi); mov %%r13, 40(%%rdi); mov %%r14, 48(%%rdi); mov %%r15, 56(%%rdi)"
#define L4_MR_CLOBBERS "rax", "rbx", "rcx", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc"

/* *from is set, whatever the phases were; the result is the tag. */
static inline L4_Word_t l4_ipc(L4_Word_t to, L4_Word_t from_specifier, L4_Word_t timeouts,
                               L4_Word_t *from)
{
    L4_Word_t *utcb = L4_Utcb();
    register L4_Word_t r8 __asm__("r8") = timeouts;
    register L4_Word_t tag __asm__("r9");

    __asm__ volatile(L4_LOAD_MRS L4_CALL L4_STORE_MRS
                     : "+S"(to), "+d"(from_specifier), "+D"(utcb), "+r"(r8), "=&r"(tag)
                     : L4_LINK(ipc)
                     : L4_MR_CLOBBERS);
    *from = to;
    return tag;
}

static inline L4_Word_t l4_lipc(L4_Word_t to, L4_Word_t from_specifier, L4_Word_t timeouts,
                                L4_Word_t *from)
{
    L4_Word_t *utcb = L4_Utcb();
    register L4_Word_t r8 __asm__("r8") = timeouts;
    register L4_Word_t tag __asm__("r9");

    __asm__ volatile(L4_LOAD_MRS L4_CALL L4_STORE_MRS
                     : "+S"(to), "+d"(from_specifier), "+D"(utcb), "+r"(r8), "=&r"(tag)
                     : L4_LINK(lipc)
                     : L4_MR_CLOBBERS);
    *from = to;
    return tag;
}

static inline void l4_unmap(L4_Word_t control)
{
    L4_Word_t *utcb = L4_Utcb();

    __asm__ volatile(L4_LOAD_MRS L4_CALL L4_STORE_MRS
                     : "+d"(control), "+D"(utcb)
                     : L4_LINK(unmap)
                     : "rsi", "r8", "r9", L4_MR_CLOBBERS);
}

/* *control: in the control word, out the old one. */
static inline L4_Word_t l4_space_control(L4_Word_t space, L4_Word_t *control, L4_Word_t kip_area,
                                         L4_Word_t utcb_area, L4_Word_t redirector)
{
    register L4_Word_t r8 __asm__("r8") = utcb_area;
    register L4_Word_t r9 __asm__("r9") = redirector;
    L4_Word_t result, rdx = kip_area, rsi = *control;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(rdx), "+S"(rsi), "+D"(space), "+r"(r8), "+r"(r9)
                     : L4_LINK(space_control)
                     : "rbx", "rcx", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    *control = rdx;
    return result;
}

static inline L4_Word_t l4_processor_control(L4_Word_t no, L4_Word_t internal, L4_Word_t external,
                                             L4_Word_t voltage)
{
    register L4_Word_t r8 __asm__("r8") = voltage;
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(external), "+S"(internal), "+D"(no), "+r"(r8)
                     : L4_LINK(processor_control)
                     : "rbx", "rcx", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory",
                       "cc");
    return result;
}

/* The fpages are in the MRs; the result comes back in RDX, attribute 3 goes in R11. */
static inline L4_Word_t l4_memory_control(L4_Word_t control, const L4_Word_t attribute[4])
{
    L4_Word_t *utcb = L4_Utcb();
    L4_Word_t rcx = attribute[0], rsi = attribute[1];
    register L4_Word_t r8 __asm__("r8") = attribute[2];
    register L4_Word_t r11 __asm__("r11") = attribute[3];

    __asm__ volatile(L4_LOAD_MRS L4_CALL
                     : "+d"(control), "+c"(rcx), "+S"(rsi), "+D"(utcb), "+r"(r8), "+r"(r11)
                     : L4_LINK(memory_control)
                     : "rax", "rbx", "r9", "r10", "r12", "r13", "r14", "r15", "memory", "cc");
    return control;
}

#endif
