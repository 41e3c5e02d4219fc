/* SPDX-License-Identifier: BSD-2-Clause */
#include "thread.h"

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include "directory.h"
#include "kernel_memory.h"
#include "memory.h"
#include "policy.h"
#include "service.h"

#define WINDOW        64u /* thread numbers of one domain; SLOTS of them are used */
#define FIRST_OFFSET  64u /* of the first window, from the first user thread      */
#define VERSION_SHIFT 6   /* the low 6 bits of a version must not all be 0        */
#define NO_UTCB       ((void *)-1L)
#define STATE_PAGE    4096u

_Static_assert(SLOTS <= WINDOW, "a domain's slots fit its window and slots_used");

static L4_Word_t first_number(void)
{
    return L4_ThreadIdUserBase(L4_Kip()) + FIRST_OFFSET;
}

L4_Word_t thread_number(const struct domain *d, unsigned slot)
{
    return first_number() + (d->number - 1) * WINDOW + slot;
}

static L4_ThreadId_t new_id(const struct domain *d, unsigned slot)
{
    static L4_Word_t generation;

    generation = (generation + 1) & ((1u << 26) - 1);
    return L4_GlobalId(thread_number(d, slot), generation << VERSION_SHIFT | 1);
}

struct domain *thread_find(L4_ThreadId_t id, unsigned *slot)
{
    L4_Word_t index = L4_ThreadNo(id) - first_number();
    struct domain *d;

    if (!L4_IsGlobalId(id) || index >= domain_end * WINDOW)
        return NULL;
    d = &domains[index / WINDOW];
    *slot = (unsigned)(index % WINDOW);
    if (*slot >= SLOTS || !L4_IsThreadEqual(d->thread[*slot], id))
        return NULL;
    return d;
}

enum mz_error thread_kernel_error(void)
{
    return L4_ErrorCode() == L4_ErrNoMem ? MZ_ERR_QUOTA : MZ_ERR_BAD_ARG;
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

static void *utcb(unsigned slot)
{
    return mem_at(MZ_VMM_UTCB + slot * L4_UtcbSize(L4_Kip()));
}

/* A new space with the inactive thread of `slot` in it. */
static enum mz_error create_space(struct domain *d, unsigned slot, L4_Word_t control,
                                  L4_Fpage_t kip, L4_Fpage_t utcbs)
{
    enum mz_error error = thread_reserve(d, slot);
    L4_ThreadId_t t = d->thread[slot];
    L4_Word_t old;

    if (error)
        return error;
    if (!L4_ThreadControl(t, t, L4_Myself(), L4_nilthread, NO_UTCB))
        return unreserve(d, slot, thread_kernel_error());
    if (!L4_SpaceControl(t, control | kernel_memory_space_bits(d->number), kip, utcbs, L4_nilthread,
                         &old)) {
        error = thread_kernel_error();
        thread_delete(d, slot);
    }
    return error;
}

enum mz_error thread_create_space(struct domain *d, unsigned slot)
{
    const void *kip = L4_Kip();

    return create_space(d, slot, 0, L4_Fpage(MZ_VMM_KIP, L4_KipAreaSize(kip)),
                        L4_Fpage(MZ_VMM_UTCB, MZ_VMM_UTCB_SIZE));
}

enum mz_error thread_create_main(struct domain *d)
{
    enum mz_error error = thread_create_space(d, SLOT_MAIN);

    if (error)
        return error;
    if (L4_ThreadControl(d->thread[SLOT_MAIN], d->thread[SLOT_MAIN], L4_Myself(), L4_Myself(),
                         utcb(SLOT_MAIN)))
        error = thread_set_priority(d, SLOT_MAIN, d->config.priority);
    else
        error = thread_kernel_error();
    return error ? error : policy_thread(d, SLOT_MAIN);
}

enum mz_error thread_create_vm(struct domain *d)
{
    return create_space(d, SLOT_VM, L4_SPACE_VM, L4_Nilpage, L4_Nilpage);
}

enum mz_error thread_bind_vcpu(struct domain *d, unsigned slot)
{
    void *state = mem_at(MZ_VMM_STATE + slot * STATE_PAGE);

    if (L4_VcpuControl(d->thread[slot], d->thread[SLOT_VM], state))
        return MZ_OK;
    return thread_kernel_error();
}

enum mz_error thread_create(struct domain *d, unsigned slot)
{
    enum mz_error error = thread_reserve(d, slot);

    if (error)
        return error;
    if (!L4_ThreadControl(d->thread[slot], d->thread[SLOT_MAIN], L4_Myself(), L4_Myself(),
                          utcb(slot)))
        return unreserve(d, slot, thread_kernel_error());
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
    return L4_Set_Priority(d->thread[slot], priority) ? MZ_OK : thread_kernel_error();
}

void thread_delete(struct domain *d, unsigned slot)
{
    L4_ThreadId_t t = d->thread[slot];

    if (L4_IsNilThread(t))
        return;
    directory_forget_thread(d->number, t.raw);
    service_forget_thread(d, slot);
    L4_ThreadControl(t, L4_nilthread, L4_nilthread, L4_nilthread, NO_UTCB);
    unreserve(d, slot, MZ_OK);
}
