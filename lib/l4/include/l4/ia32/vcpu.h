/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The extension calls' registers: arguments in EAX, ECX, EDX; results in EAX (and
 * EDX, ECX); all others come back as they were.
 */
#ifndef L4_IA32_VCPU_H
#define L4_IA32_VCPU_H

#include <l4/ia32/links.h>

static inline L4_Word_t l4_vcpu_control(L4_Word_t thread, L4_Word_t space, L4_Word_t state)
{
    __asm__ volatile(L4_CALL
                     : "+a"(thread)
                     : L4_LINK(vcpu_control), "c"(space), "d"(state)
                     : "memory", "cc");
    return thread;
}

static inline L4_Word_t l4_vcpu_run(void)
{
    L4_Word_t result;

    __asm__ volatile(L4_CALL : "=a"(result) : L4_LINK(vcpu_run) : "memory", "cc");
    return result;
}

static inline L4_Word_t l4_vcpu_map(L4_Word_t fpage, L4_Word_t base)
{
    __asm__ volatile(L4_CALL : "+a"(fpage) : L4_LINK(vcpu_map), "c"(base) : "memory", "cc");
    return fpage;
}

static inline L4_Word_t l4_notify(L4_Word_t thread, L4_Word_t bits)
{
    __asm__ volatile(L4_CALL : "+a"(thread) : L4_LINK(notify), "c"(bits) : "memory", "cc");
    return thread;
}

static inline L4_Word_t l4_kmem_control(L4_Word_t account, L4_Word_t limit, L4_Word_t *limit_out)
{
    __asm__ volatile(L4_CALL
                     : "+a"(account), "=d"(*limit_out)
                     : L4_LINK(kmem_control), "c"(limit)
                     : "memory", "cc");
    return account;
}

static inline L4_Word_t l4_domain_control(L4_Word_t domain, L4_Word_t operation, L4_Word_t argument)
{
    __asm__ volatile(L4_CALL
                     : "+a"(domain)
                     : L4_LINK(domain_control), "c"(operation), "d"(argument)
                     : "memory", "cc");
    return domain;
}

/* The low word of the time comes in EDX, the high one in ECX. */
static inline L4_Word_t l4_cpu_time(L4_Word_t of, L4_Word64_t *us, L4_Word_t *sent)
{
    L4_Word_t low, high;

    __asm__ volatile(L4_CALL
                     : "+a"(of), "=d"(low), "=c"(high), "=S"(*sent)
                     : L4_LINK(cpu_time)
                     : "memory", "cc");
    *us = (L4_Word64_t)high << 32 | low;
    return of;
}

static inline L4_Word_t l4_thread_local(L4_Word_t index, L4_Word_t low, L4_Word_t high)
{
    __asm__ volatile(L4_CALL
                     : "+a"(index)
                     : L4_LINK(thread_local), "c"(low), "d"(high)
                     : "memory", "cc");
    return index;
}

static inline L4_Word_t l4_trace_control(L4_Word_t operation, L4_Word_t argument, L4_Word_t *from)
{
    __asm__ volatile(L4_CALL
                     : "+a"(operation), "+d"(*from)
                     : L4_LINK(trace_control), "c"(argument)
                     : "memory", "cc");
    return operation;
}

static inline L4_Word_t l4_interrupt_message(L4_Word_t irq, L4_Word_t *data)
{
    __asm__ volatile(L4_CALL
                     : "+a"(irq), "=d"(*data)
                     : L4_LINK(interrupt_message)
                     : "memory", "cc");
    return irq;
}

#endif
