/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the system calls are entered.  l4_init() fills the table before main; the veneers call
 * through it. */
#ifndef L4_LINKS_H
#define L4_LINKS_H

#include <l4/almond.h>
#include <l4/types.h>

struct l4_links {
    L4_Word_t space_control, thread_control, processor_control, memory_control;
    L4_Word_t ipc, lipc, unmap, exchange_registers, system_clock, thread_switch, schedule;
    /* 0 without Almond */
    L4_Word_t vcpu_control, vcpu_run, vcpu_map, notify, kmem_control, domain_control, cpu_time;
    L4_Word_t thread_local, trace_control, interrupt_message;
    const struct l4_almond *almond; /* NULL without */
    const void *kip;
};

extern struct l4_links l4_links;

void l4_init(void);

/* The operand that L4_CALL, the asm text of a call, needs. */
#define L4_LINK(member) [link] "i"(__builtin_offsetof(struct l4_links, member))

#endif
