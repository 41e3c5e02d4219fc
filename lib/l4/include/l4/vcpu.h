/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Almond's extension calls: vCPUs, notifications, kernel memory accounts, domains, segments.
 * They may be used only where L4_Almond() is not NULL and its features say so.
 * Layouts and constants: <l4/almond.h>.
 */
#ifndef L4_VCPU_H
#define L4_VCPU_H

#include <l4/almond.h>
#include <l4/kip.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(vcpu.h)

/* The kernel's extension block, NULL on another kernel. */
static inline const struct l4_almond *L4_Almond(void)
{
    return l4_links.almond;
}

/* From whom notifications come. */
static inline L4_ThreadId_t L4_NotifyThread(void)
{
    return L4_GlobalId(L4_ThreadIdSystemBase(L4_Kip()) + L4_NOTIFY_THREAD_OFFSET, 1);
}

/*
 * Makes thread a vCPU of the space that space, one of its threads, names: of a VM space, or, in
 * user mode, of an ordinary one.  Its state page appears at state_addr.  nilthread undoes
 * it.  Privileged.
 */
static inline L4_Word_t L4_VcpuControl(L4_ThreadId_t thread, L4_ThreadId_t space, void *state_addr)
{
    return l4_vcpu_control(thread.raw, space.raw, (L4_Word_t)state_addr);
}

/* Runs the caller's guest until something concerns the VMM: the reason. */
static inline enum l4_vcpu_exit L4_VcpuRun(void)
{
    return (enum l4_vcpu_exit)l4_vcpu_run();
}

/* Maps pages of the caller's into its VM space, at guest-physical address base. */
static inline L4_Word_t L4_VcpuMap(L4_Fpage_t fpage, L4_Word_t base)
{
    return l4_vcpu_map(fpage.raw, base);
}

/* Adds bits to thread's notifications; never blocks. */
static inline L4_Word_t L4_Notify(L4_ThreadId_t thread, L4_Word_t bits)
{
    return l4_notify(thread.raw, bits);
}

/* Sets an account's limit in bytes, ~0 leaves it; *limit_out: see docs.  Privileged. */
static inline L4_Word_t L4_KmemControl(L4_Word_t account, L4_Word_t limit, L4_Word_t *limit_out)
{
    return l4_kmem_control(account, limit, limit_out);
}

/* Changes whom the threads of a domain reach: L4_DOMAIN_*.  Privileged. */
static inline L4_Word_t L4_DomainControl(L4_Word_t domain, L4_Word_t operation, L4_Word_t argument)
{
    return l4_domain_control(domain, operation, argument);
}

/* Microseconds that were spent on a thread's quanta; for its own space and its scheduler's. */
static inline L4_Word_t L4_CpuTime(L4_ThreadId_t thread, L4_Word64_t *us)
{
    L4_Word_t sent;

    return l4_cpu_time(thread.raw, us, &sent);
}

/* Messages that a thread has sent, or the kernel in its name; for the same.  On IA32 the count begins
 * anew behind 2^32. */
static inline L4_Word_t L4_MessagesSent(L4_ThreadId_t thread, L4_Word_t *sent)
{
    L4_Word64_t us;

    return l4_cpu_time(thread.raw, &us, sent);
}

/* The same of all threads that a domain has, or had.  Privileged. */
static inline L4_Word_t L4_DomainCpuTime(L4_Word_t domain, L4_Word64_t *us)
{
    L4_Word_t sent;

    return l4_cpu_time(domain << L4_CPU_TIME_DOMAIN_SHIFT, us, &sent);
}

/* Messages of a domain's threads that are no more.  Privileged. */
static inline L4_Word_t L4_DomainMessagesSent(L4_Word_t domain, L4_Word_t *sent)
{
    L4_Word64_t us;

    return l4_cpu_time(domain << L4_CPU_TIME_DOMAIN_SHIFT, &us, sent);
}

/*
 * The caller's index-th thread-local segment.  AMD64: index 0, FS's base is low.  IA32: indices 0 to
 * 2, a descriptor of a data segment, in the hardware's format, for the selector
 * L4_LOCAL_SELECTOR(index); 0 takes it away.
 */
static inline L4_Word_t L4_ThreadLocal(L4_Word_t index, L4_Word_t low, L4_Word_t high)
{
    return l4_thread_local(index, low, high);
}

/* An event L4_TRACE_USER of the caller's in the trace; 0: there is none right now. */
static inline L4_Word_t L4_TraceWrite(L4_Word_t a, L4_Word_t b)
{
    return l4_trace_control(L4_TRACE_WRITE, a, &b);
}

/* Up to eight letters (IA32: four) as a word: viewers show it as the name of a user's event. */
static inline L4_Word_t L4_TraceName(const char *name)
{
    L4_Word_t word = 0;

    for (unsigned i = 0; i < sizeof(word) && name[i]; i++)
        word |= (L4_Word_t)(unsigned char)name[i] << 8 * i;
    return word;
}

/* 2^log2 events for each processor, 0: none.  Privileged, as all that follow. */
static inline L4_Word_t L4_TraceSize(unsigned log2)
{
    L4_Word_t none = 0;

    return l4_trace_control(L4_TRACE_SIZE, log2, &none);
}

/* Begins to write events of these types (bits 1 << enum l4_trace_type), none: ends it. */
static inline L4_Word_t L4_TraceStart(L4_Word_t types)
{
    L4_Word_t none = 0;

    return l4_trace_control(types ? L4_TRACE_START : L4_TRACE_STOP, types, &none);
}

/*
 * Events of a processor's, from number *from on or the first behind it that has not been overwritten,
 * whose number then is in *from, to the message registers from MR0 on.  Returns how many, ~0:
 * refused.
 */
static inline L4_Word_t L4_TraceRead(L4_Word_t processor, L4_Word_t *from)
{
    return l4_trace_control(L4_TRACE_READ, processor, from);
}

/*
 * Where a device has to write what (*data) to raise the interrupt whose thread this is, one of
 * those behind the interrupt controllers' inputs; 0: refused.  For the handler's space and the
 * privileged; to be asked again when the handler has moved to another processor.
 */
static inline L4_Word_t L4_InterruptMessage(L4_ThreadId_t irq, L4_Word_t *data)
{
    return l4_interrupt_message(irq.raw, data);
}

#endif
