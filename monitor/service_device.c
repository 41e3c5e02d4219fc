/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface `device`.  Ports and memory need no book: the description gives each to one domain at
 * most, which gets it whenever it asks, and loses all of it when it ends.
 */
#include <l4/arch.h>
#include <l4/misc.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include <books/memory.h>
#include <manifest/spans.h>
#include <marzipan/device_server.h>

#include "build_domain.h"
#include "service.h"
#include "supply.h"
#include "supply_root.h"
#include "thread.h"

#define INTERRUPTS_MAX (SPANS_INTERRUPT_LAST + 1u) /* as many as a description can name */

/* Whose thread gets the interrupt. */
static struct {
    const struct domain *domain;
    unsigned slot;
} handlers[INTERRUPTS_MAX];
static unsigned attached; /* how many there are: mostly none */

static bool may_have(const struct domain *d, enum span_kind kind, uint64_t first, uint64_t size)
{
    return spans_hold(d->config.devices[kind], first, first + size - 1);
}

static enum mz_error attach(const struct mz_caller *caller, unsigned number, L4_ThreadId_t handler)
{
    unsigned slot;

    if (thread_find(handler, &slot) != caller->domain || slot >= SLOT_OWN_END)
        return MZ_ERR_BAD_ID;
    if (handlers[number].domain)
        return MZ_ERR_EXISTS;
    if (!L4_AssociateInterrupt(L4_GlobalId(number, 1), handler))
        return supply_refusal();
    handlers[number].domain = caller->domain;
    handlers[number].slot = slot;
    attached++;
    return MZ_OK;
}

static void detach(unsigned number)
{
    L4_DeassociateInterrupt(L4_GlobalId(number, 1));
    handlers[number].domain = NULL;
    attached--;
}

enum mz_error serve_device_claim_interrupt(struct mz_caller *caller, uint32_t number,
                                           L4_ThreadId_t handler)
{
    if (number >= INTERRUPTS_MAX || !may_have(caller->domain, SPAN_INTERRUPTS, number, 1))
        return service_deny(caller->domain, "have", "an interrupt");
    return attach(caller, number, handler);
}

/* Message interrupts are the last numbers; the kernel says no for those of another kind. */
enum mz_error serve_device_claim_message_interrupt(struct mz_caller *caller, L4_ThreadId_t handler,
                                                   struct mz_device_message *result)
{
    const struct domain *d = caller->domain;
    unsigned n = (unsigned)L4_ThreadIdSystemBase(L4_Kip()), used = 0;
    enum mz_error error = MZ_ERR_EXISTS;
    L4_Word_t data;

    if (!d->config.messages)
        return service_deny(caller->domain, "have", "a message interrupt");
    if (!L4_Almond() || !(L4_Almond()->features & L4_ALMOND_F_MSI) || n > INTERRUPTS_MAX)
        return MZ_ERR_NOT_SUPPORTED;
    for (unsigned i = 0; i < INTERRUPTS_MAX; i++)
        used += handlers[i].domain == d && !may_have(d, SPAN_INTERRUPTS, i, 1);
    while (used < d->config.messages && error == MZ_ERR_EXISTS && n-- > 0 &&
           L4_InterruptMessage(L4_GlobalId(n, 1), &data))
        error = attach(caller, n, handler);
    if (error)
        return error == MZ_ERR_EXISTS ? MZ_ERR_QUOTA : error;
    result->number = n;
    result->address = L4_InterruptMessage(L4_GlobalId(n, 1), &data); /* now to its processor */
    result->data = (uint32_t)data;
    return MZ_OK;
}

enum mz_error serve_device_release_interrupt(struct mz_caller *caller, uint32_t number)
{
    if (number >= INTERRUPTS_MAX || handlers[number].domain != caller->domain)
        return MZ_ERR_BAD_ID;
    detach(number);
    return MZ_OK;
}

void service_forget_thread(const struct domain *d, unsigned slot)
{
    for (unsigned i = 0; attached && i < INTERRUPTS_MAX; i++) {
        if (handlers[i].domain == d && handlers[i].slot == slot)
            detach(i);
    }
}

static uint64_t place(const struct domain *d, uint64_t address)
{
    return SUPPLY_DEVICES + spans_place(d->config.devices[SPAN_MEMORY], address);
}

static enum mz_error check(struct domain *d, enum span_kind kind, uint64_t first, uint64_t size)
{
    uint64_t unit = kind == SPAN_PORTS ? size & -size : MEM_PAGE;

    if (!size || (kind == SPAN_PORTS && unit != size) || (first | size) % unit)
        return MZ_ERR_BAD_ARG;
    if (may_have(d, kind, first, size))
        return MZ_OK;
    return service_deny(d, "have", kind == SPAN_PORTS ? "ports" : "device memory");
}

static void unmap(const struct domain *d, enum span_kind kind, uint64_t first, uint64_t size)
{
    if (kind == SPAN_MEMORY)
        return build_unmap(place(d, first), size);
    for (uint64_t port = first; port < first + size; port++)
        L4_UnmapFpage(L4_FpageAddRights(L4_IoFpageLog2((L4_Word_t)port, 0), L4_FullyAccessible));
}

static enum mz_error release(struct domain *d, enum span_kind kind, uint64_t first, uint64_t size)
{
    enum mz_error error = check(d, kind, first, size);

    if (!error)
        unmap(d, kind, first, size);
    return error;
}

enum mz_error serve_device_release_ports(struct mz_caller *caller, uint32_t first, uint32_t count)
{
    return release(caller->domain, SPAN_PORTS, first, count);
}

enum mz_error serve_device_release_memory(struct mz_caller *caller, uint64_t address, uint64_t size)
{
    return release(caller->domain, SPAN_MEMORY, address, size);
}

enum mz_error serve_device_claim_ports(struct mz_caller *caller, uint32_t first, uint32_t count,
                                       struct mz_fpage *ports)
{
    enum mz_error error = check(caller->domain, SPAN_PORTS, first, count);

    ports->page = L4_FpageAddRights(L4_IoFpage(first, count), L4_FullyAccessible);
    if (!error && !supply_device(ports->page, L4_DefaultMemory, L4_CompleteAddressSpace))
        error = MZ_ERR_DENIED;
    return error;
}

/* Anew, with the caching that is wanted now: all who have it lose it. */
enum mz_error serve_device_claim_memory(struct mz_caller *caller, uint64_t address, uint64_t size,
                                        enum mz_device_caching how, struct mz_fpage *block,
                                        uint64_t *mapped)
{
    const L4_Word_t attributes[] = {L4_UncacheableMemory, L4_WriteCombiningMemory};
    enum mz_error error = check(caller->domain, SPAN_MEMORY, address, size);
    int log2;

    if (error)
        return error;
    log2 = (int)supply_block_log2(address, address + size);
    if (log2 > (int)SPANS_BLOCK_LOG2)
        log2 = SPANS_BLOCK_LOG2;
    block->page =
        L4_FpageAddRights(L4_FpageLog2(place(caller->domain, address), log2), L4_FullyAccessible);
    *mapped = UINT64_C(1) << log2;
    L4_Flush(block->page);
    return supply_device(L4_FpageLog2(address, log2), attributes[how], block->page) ? MZ_OK
                                                                                    : MZ_ERR_DENIED;
}

void service_forget_devices(const struct domain *d)
{
    struct span s;

    for (enum span_kind kind = SPAN_PORTS; kind <= SPAN_MEMORY; kind++) {
        for (const char *list = d->config.devices[kind]; spans_next(&list, &s);)
            unmap(d, kind, s.first, s.last - s.first + 1);
    }
}
