/* SPDX-License-Identifier: BSD-2-Clause */
#include "supply.h"

#include <l4/kip.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include <marzipan/monitor.h>
#include <marzipan/native.h>
#include <marzipan/vmm.h>

#define ROOT_OFFSET  2u  /* of the root task's number, from the first user thread */
#define FIRST_OFFSET 64u /* of the first window's                                 */
#define NO_UTCB      ((void *)-1L)
#define PAGE         4096u

static bool taken[SUPPLY_WINDOWS];
static unsigned window_end = 1; /* those from here on have never been taken */

bool supply_is_nested(void)
{
    return L4_ThreadNo(L4_Myself()) != L4_ThreadIdUserBase(L4_Kip()) + ROOT_OFFSET;
}

static bool kernel_has(uint64_t feature)
{
    return L4_Almond() && L4_Almond()->features & feature;
}

/* ---- windows ---- */

unsigned supply_new_window(void)
{
    unsigned window = 1;

    if (supply_is_nested())
        return mz_monitor_new_window(native_monitor(), &window) ? 0 : window;
    while (window < SUPPLY_WINDOWS && taken[window])
        window++;
    if (window == SUPPLY_WINDOWS)
        return 0;
    taken[window] = true;
    if (window >= window_end)
        window_end = window + 1;
    supply_isolate(window);
    supply_kernel_memory(window, 0, NULL, NULL);
    return window;
}

void supply_free_window(unsigned window)
{
    if (supply_is_nested())
        mz_monitor_free_window(native_monitor(), window);
    else
        taken[window] = false;
}

enum mz_error supply_kernel_memory(unsigned window, uint64_t limit, uint64_t *used, uint64_t *now)
{
    uint64_t no_used = 0, no_limit = 0;
    L4_Word_t out = 0;

    used = used ? used : &no_used;
    now = now ? now : &no_limit;
    *used = *now = 0;
    if (supply_is_nested())
        return mz_monitor_kernel_memory(native_monitor(), window, limit, used, now);
    if (!kernel_has(L4_ALMOND_F_KMEM))
        return MZ_OK;
    *used = L4_KmemControl(window, (L4_Word_t)limit, &out);
    *now = out;
    return MZ_OK;
}

uint64_t supply_cpu_time(unsigned window)
{
    L4_Word64_t us = 0;

    if (supply_is_nested())
        return mz_monitor_cpu_time(native_monitor(), window, &us) ? 0 : us;
    if (kernel_has(L4_ALMOND_F_DOMAINS))
        L4_DomainCpuTime(window, &us);
    return us;
}

L4_Word_t supply_messages_sent(unsigned window)
{
    L4_Word_t sent = 0;

    if (!supply_is_nested() && kernel_has(L4_ALMOND_F_DOMAINS))
        L4_DomainMessagesSent(window, &sent);
    return sent;
}

void supply_isolate(unsigned window)
{
    if (supply_is_nested())
        mz_monitor_isolate(native_monitor(), window);
    if (supply_is_nested() || !kernel_has(L4_ALMOND_F_DOMAINS))
        return;
    L4_DomainControl(window, L4_DOMAIN_REACH_NONE, 0);
    for (unsigned other = 1; other < window_end; other++) {
        if (other != window)
            L4_DomainControl(other, L4_DOMAIN_UNREACH, window);
    }
}

void supply_connect(unsigned a, unsigned b)
{
    if (supply_is_nested())
        mz_monitor_connect(native_monitor(), a, b);
    if (supply_is_nested() || !kernel_has(L4_ALMOND_F_DOMAINS))
        return;
    L4_DomainControl(a, L4_DOMAIN_REACH, b);
    L4_DomainControl(b, L4_DOMAIN_REACH, a);
}

/* ---- threads ---- */

enum mz_error supply_refusal(void)
{
    return L4_ErrorCode() == L4_ErrNoMem ? MZ_ERR_QUOTA : MZ_ERR_BAD_ARG;
}

static enum mz_error result(L4_Word_t good)
{
    return good ? MZ_OK : supply_refusal();
}

/* A slot's place in the layout of vmm.h, where the first one's is at `base`. */
static void *place(L4_ThreadId_t t, uint64_t base, L4_Word_t size)
{
    unsigned slot = 0;

    supply_window(t, &slot);
    return (void *)(uintptr_t)(base + slot * size);
}

enum mz_error supply_create_space(L4_ThreadId_t t, L4_ThreadId_t pager, bool vm)
{
    L4_Fpage_t kip = vm ? L4_Nilpage : L4_Fpage(MZ_VMM_KIP, L4_KipAreaSize(L4_Kip()));
    L4_Fpage_t utcbs = vm ? L4_Nilpage : L4_Fpage(MZ_VMM_UTCB, MZ_VMM_UTCB_SIZE);
    L4_Word_t control = vm ? L4_SPACE_VM : 0, old;
    enum mz_error error;
    unsigned slot;

    if (supply_is_nested())
        return mz_monitor_create_space(native_monitor(), t, pager, vm);
    if (kernel_has(L4_ALMOND_F_KMEM))
        control |= L4_SPACE_ACCOUNT | (supply_window(t, &slot) & L4_SPACE_ACCOUNT_MASK)
                                          << L4_SPACE_ACCOUNT_SHIFT;
    error = result(L4_ThreadControl(t, t, pager, L4_nilthread, NO_UTCB));
    if (error)
        return error;
    error = result(L4_SpaceControl(t, control, kip, utcbs, L4_nilthread, &old));
    if (error)
        supply_delete_thread(t);
    return error;
}

enum mz_error supply_create_thread(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager)
{
    if (supply_is_nested())
        return mz_monitor_create_thread(native_monitor(), t, space, pager);
    return result(
        L4_ThreadControl(t, space, pager, pager, place(t, MZ_VMM_UTCB, L4_UtcbSize(L4_Kip()))));
}

enum mz_error supply_bind_vcpu(L4_ThreadId_t t, L4_ThreadId_t space)
{
    if (supply_is_nested())
        return mz_monitor_bind_vcpu(native_monitor(), t, space);
    return result(L4_VcpuControl(t, space, place(t, MZ_VMM_STATE, PAGE)));
}

void supply_delete_thread(L4_ThreadId_t t)
{
    if (supply_is_nested())
        mz_monitor_delete_thread(native_monitor(), t);
    else
        L4_ThreadControl(t, L4_nilthread, L4_nilthread, L4_nilthread, NO_UTCB);
}

/* ---- numbers ---- */

static L4_Word_t first_number(void)
{
    return L4_ThreadIdUserBase(L4_Kip()) + FIRST_OFFSET;
}

unsigned supply_window(L4_ThreadId_t id, unsigned *slot)
{
    L4_Word_t index = L4_ThreadNo(id) - first_number();

    if (!L4_IsGlobalId(id) || index >= (SUPPLY_WINDOWS - 1) * SUPPLY_THREADS)
        return 0;
    *slot = (unsigned)(index % SUPPLY_THREADS);
    return (unsigned)(index / SUPPLY_THREADS) + 1;
}

L4_ThreadId_t supply_thread(unsigned window, unsigned slot, L4_Word_t version)
{
    return L4_GlobalId(first_number() + (window - 1) * SUPPLY_THREADS + slot, version);
}

unsigned supply_own_window(void)
{
    unsigned slot;

    return supply_window(L4_Myself(), &slot);
}

/* ---- memory ---- */

void supply_touch(uint64_t base, uint64_t size)
{
    for (uint64_t at = base; supply_is_nested() && at - base < size; at += PAGE)
        (void)*(volatile const uint8_t *)(uintptr_t)at;
}
