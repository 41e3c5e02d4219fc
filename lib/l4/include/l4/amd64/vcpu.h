/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The extension calls' registers: arguments in RDI, RSI, RDX, R8; results in RAX
 * (and RDX); RCX, R11 and RBP destroyed.
 */
#ifndef L4_AMD64_VCPU_H
#define L4_AMD64_VCPU_H

#include <l4/amd64/links.h>

static inline L4_Word_t l4_vcpu_control(L4_Word_t thread, L4_Word_t space, L4_Word_t state)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result)
                     : L4_LINK(vcpu_control), "D"(thread), "S"(space), "d"(state)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_vcpu_run(void)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL : "=a"(result) : L4_LINK(vcpu_run) : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_vcpu_map(L4_Word_t fpage, L4_Word_t base)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result)
                     : L4_LINK(vcpu_map), "D"(fpage), "S"(base)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_notify(L4_Word_t thread, L4_Word_t bits)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result)
                     : L4_LINK(notify), "D"(thread), "S"(bits)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_kmem_control(L4_Word_t account, L4_Word_t limit, L4_Word_t *limit_out)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "=d"(*limit_out)
                     : L4_LINK(kmem_control), "D"(account), "S"(limit)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_domain_control(L4_Word_t domain, L4_Word_t operation, L4_Word_t argument)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result)
                     : L4_LINK(domain_control), "D"(domain), "S"(operation), "d"(argument)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_cpu_time(L4_Word_t of, L4_Word64_t *us, L4_Word_t *sent)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "=d"(*us), "=S"(*sent)
                     : L4_LINK(cpu_time), "D"(of)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_thread_local(L4_Word_t index, L4_Word_t low, L4_Word_t high)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(high)
                     : L4_LINK(thread_local), "D"(index), "S"(low)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_trace_control(L4_Word_t operation, L4_Word_t argument, L4_Word_t *from)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "+d"(*from)
                     : L4_LINK(trace_control), "D"(operation), "S"(argument)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static inline L4_Word_t l4_interrupt_message(L4_Word_t irq, L4_Word_t *data)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL
                     : "=a"(result), "=d"(*data)
                     : L4_LINK(interrupt_message), "D"(irq)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

#endif
