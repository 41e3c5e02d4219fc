/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills the table of system call entries from the KIP. */
#include <l4/kip.h>

struct l4_links l4_links;

/* The extension block lies behind the kernel descriptor's strings, aligned to 8 bytes. */
static const struct l4_almond *find_almond(const struct l4_kip *kip)
{
    const char *s = L4_KernelVersionString(kip);
    uintptr_t at;
    const struct l4_almond *block;

    while (*s)
        s = l4_next_string(s);
    at = ((uintptr_t)s + 1 + 7) & ~(uintptr_t)7;
    block = (const struct l4_almond *)at;
    if (at - (uintptr_t)kip + sizeof(*block) > L4_KipAreaSize(kip))
        return NULL;
    if (block->magic != L4_ALMOND_MAGIC || block->size < sizeof(*block))
        return NULL;
    return block;
}

void l4_init(void)
{
    L4_Word_t version, flags, id;
    const struct l4_kip *kip = l4_kernel_interface(&version, &flags, &id);

    l4_links.kip = kip;
    l4_links.space_control = l4_entry(kip, kip->space_control);
    l4_links.thread_control = l4_entry(kip, kip->thread_control);
    l4_links.processor_control = l4_entry(kip, kip->processor_control);
    l4_links.memory_control = l4_entry(kip, kip->memory_control);
    l4_links.ipc = l4_entry(kip, kip->ipc);
    l4_links.lipc = l4_entry(kip, kip->lipc);
    l4_links.unmap = l4_entry(kip, kip->unmap);
    l4_links.exchange_registers = l4_entry(kip, kip->exchange_registers);
    l4_links.system_clock = l4_entry(kip, kip->system_clock);
    l4_links.thread_switch = l4_entry(kip, kip->thread_switch);
    l4_links.schedule = l4_entry(kip, kip->schedule);

    l4_links.almond = find_almond(kip);
    if (l4_links.almond) {
        l4_links.vcpu_control = l4_entry(kip, (L4_Word_t)l4_links.almond->vcpu_control);
        l4_links.vcpu_run = l4_entry(kip, (L4_Word_t)l4_links.almond->vcpu_run);
        l4_links.vcpu_map = l4_entry(kip, (L4_Word_t)l4_links.almond->vcpu_map);
        l4_links.notify = l4_entry(kip, (L4_Word_t)l4_links.almond->notify);
        l4_links.kmem_control = l4_entry(kip, (L4_Word_t)l4_links.almond->kmem_control);
        l4_links.domain_control = l4_entry(kip, (L4_Word_t)l4_links.almond->domain_control);
        l4_links.cpu_time = l4_entry(kip, (L4_Word_t)l4_links.almond->cpu_time);
        l4_links.thread_local = l4_entry(kip, (L4_Word_t)l4_links.almond->thread_local);
        l4_links.trace_control = l4_entry(kip, (L4_Word_t)l4_links.almond->trace_control);
        l4_links.interrupt_message = l4_entry(kip, (L4_Word_t)l4_links.almond->interrupt_message);
    }
}
