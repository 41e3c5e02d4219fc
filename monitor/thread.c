/* SPDX-License-Identifier: BSD-2-Clause */
#include "thread.h"

#include <l4/ipc.h>
#include <l4/message.h>
#include <l4/schedule.h>
#include <l4/thread.h>

#include <books/directory.h>

#include "policy.h"
#include "service.h"
#include "supply.h"

#define VERSION_SHIFT 6 /* the low 6 bits of a version must not all be 0 */

_Static_assert(SLOTS <= SUPPLY_THREADS, "a domain's slots fit its window and slots_used");

L4_Word_t thread_number(const struct domain *d, unsigned slot)
{
    return L4_ThreadNo(supply_thread(d->window, slot, 1));
}

static L4_ThreadId_t new_id(const struct domain *d, unsigned slot)
{
    static L4_Word_t generation;

    generation = (generation + 1) & ((1u << 26) - 1);
    return supply_thread(d->window, slot, generation << VERSION_SHIFT | 1);
}

struct domain *thread_find(L4_ThreadId_t id, unsigned *slot)
{
    struct domain *d = domain_of_window(supply_window(id, slot));

    return d && *slot < SLOTS && L4_IsThreadEqual(d->thread[*slot], id) ? d : NULL;
}

enum mz_error thread_reserve(struct domain *d, unsigned slot)
{
    if (!L4_IsNilThread(d->thread[slot]))
        return MZ_ERR_BAD_ARG;
    if (!quota_take(&d->threads, 1))
        return MZ_ERR_QUOTA;
    d->thread[slot] = new_id(d, slot);
    d->slots_used |= UINT64_C(1) << slot;
    return MZ_OK;
}

/* The slot's thread does not exist after all. */
static enum mz_error unreserve(struct domain *d, unsigned slot, enum mz_error error)
{
    d->thread[slot] = L4_nilthread;
    quota_give(&d->threads, 1);
    return error;
}

/* A new space with the inactive thread of `slot` in it. */
static enum mz_error create_space(struct domain *d, unsigned slot, bool vm)
{
    enum mz_error error = thread_reserve(d, slot);

    if (error)
        return error;
    error = supply_create_space(d->thread[slot], L4_Myself(), vm);
    return error ? unreserve(d, slot, error) : MZ_OK;
}

enum mz_error thread_create_space(struct domain *d, unsigned slot)
{
    return create_space(d, slot, false);
}

enum mz_error thread_create_main(struct domain *d)
{
    enum mz_error error = thread_create_space(d, SLOT_MAIN);

    if (error)
        return error;
    error = supply_create_thread(d->thread[SLOT_MAIN], d->thread[SLOT_MAIN], L4_Myself());
    if (!error)
        error = thread_set_priority(d, SLOT_MAIN, d->config.priority);
    return error ? error : policy_thread(d, SLOT_MAIN);
}

enum mz_error thread_create_vm(struct domain *d)
{
    return create_space(d, SLOT_VM, true);
}

enum mz_error thread_bind_vcpu(struct domain *d, unsigned slot)
{
    return supply_bind_vcpu(d->thread[slot], d->thread[SLOT_VM]);
}

enum mz_error thread_create(struct domain *d, unsigned slot)
{
    enum mz_error error = thread_reserve(d, slot);

    if (error)
        return error;
    error = supply_create_thread(d->thread[slot], d->thread[SLOT_MAIN], L4_Myself());
    if (error)
        return unreserve(d, slot, error);
    error = thread_set_priority(d, slot, d->config.priority);
    if (!error)
        error = policy_thread(d, slot);
    if (!error && !d->config.program && slot < d->config.vcpus)
        error = thread_bind_vcpu(d, slot);
    if (error)
        thread_delete(d, slot);
    return error;
}

bool thread_start(struct domain *d, unsigned slot, L4_Word_t ip, L4_Word_t sp)
{
    L4_MsgTag_t tag = L4_Niltag;

    tag.X.u = 2;
    L4_Set_MsgTag(tag);
    L4_LoadMR(1, ip);
    L4_LoadMR(2, sp);
    return L4_IpcSucceeded(L4_Reply(d->thread[slot]));
}

enum mz_error thread_set_priority(struct domain *d, unsigned slot, unsigned priority)
{
    return L4_Set_Priority(d->thread[slot], priority) ? MZ_OK : supply_refusal();
}

void thread_delete(struct domain *d, unsigned slot)
{
    L4_ThreadId_t t = d->thread[slot];

    if (L4_IsNilThread(t))
        return;
    directory_forget_thread(d->number, t.raw);
    service_forget_thread(d, slot);
    supply_delete_thread(t);
    unreserve(d, slot, MZ_OK);
}
