/* SPDX-License-Identifier: BSD-2-Clause */
#include "supply_root.h"

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/sigma0.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include <marzipan/vmm.h>

#include "modules.h"
#include "power.h"
#include "ram.h"
#include "rtc.h"
#include "supply.h"

#define PAGE_LOG2  12u
#define BLOCK_LOG2 30u /* the largest block asked for: the largest page of AMD64 */
#define PAGE       (UINT64_C(1) << PAGE_LOG2)
#define NO_UTCB    ((void *)-1L)
#define STATE_PAGE 4096u

/* ---- memory ---- */

static bool get_block(uint64_t base, unsigned log2)
{
    L4_Fpage_t got = L4_Sigma0_GetPage_RcvWindow(L4_nilthread, L4_FpageLog2(base, (int)log2),
                                                 L4_CompleteAddressSpace);

    /* The window was open for sigma0 only: nobody else may map into the monitor. */
    L4_Accept(L4_UntypedWordsAcceptor);
    return !L4_IsNilFpage(got);
}

/* The largest naturally aligned block at the start of [base, end). */
static unsigned block_log2(uint64_t base, uint64_t end)
{
    unsigned log2 = BLOCK_LOG2;

    while (log2 > PAGE_LOG2 &&
           (base & ((UINT64_C(1) << log2) - 1) || end - base < UINT64_C(1) << log2))
        log2--;
    return log2;
}

void supply_ram(uint64_t base, uint64_t size, void (*got)(uint64_t base, uint64_t size))
{
    uint64_t end = (base + size + PAGE - 1) & ~(PAGE - 1);

    base &= ~(PAGE - 1);
    while (base < end) {
        unsigned log2 = block_log2(base, end);

        /* A block may be refused for one page in it: halve it until the rest comes. */
        while (!get_block(base, log2)) {
            if (log2 == PAGE_LOG2)
                goto next;
            log2--;
        }
        got(base, UINT64_C(1) << log2);
    next:
        base += UINT64_C(1) << log2;
    }
}

static uint64_t counted;

static void count(uint64_t base, uint64_t size)
{
    counted += size;
}

bool supply_memory(uint64_t base, uint64_t size)
{
    uint64_t first = base & ~(PAGE - 1);
    uint64_t end = (base + size + PAGE - 1) & ~(PAGE - 1);

    counted = 0;
    supply_ram(base, size, count);
    return counted == end - first;
}

/* ---- windows ---- */

static bool taken[SUPPLY_WINDOWS];
static unsigned window_end = 1; /* those from here on have never been taken */

static bool kernel_has(uint64_t feature)
{
    return L4_Almond() && L4_Almond()->features & feature;
}

static void isolate(unsigned window)
{
    if (!kernel_has(L4_ALMOND_F_DOMAINS))
        return;
    L4_DomainControl(window, L4_DOMAIN_REACH_NONE, 0);
    for (unsigned other = 1; other < window_end; other++) {
        if (other != window)
            L4_DomainControl(other, L4_DOMAIN_UNREACH, window);
    }
}

static void join(unsigned a, unsigned b)
{
    if (!kernel_has(L4_ALMOND_F_DOMAINS))
        return;
    L4_DomainControl(a, L4_DOMAIN_REACH, b);
    L4_DomainControl(b, L4_DOMAIN_REACH, a);
}

static bool limit_kernel_memory(unsigned window, uint64_t limit)
{
    L4_Word_t out;

    return !kernel_has(L4_ALMOND_F_KMEM) || L4_KmemControl(window, (L4_Word_t)limit, &out) != ~0UL;
}

static unsigned new_window(void)
{
    for (unsigned window = 1; window < SUPPLY_WINDOWS; window++) {
        if (taken[window])
            continue;
        taken[window] = true;
        if (window >= window_end)
            window_end = window + 1;
        isolate(window);
        limit_kernel_memory(window, 0);
        return window;
    }
    return 0;
}

static void free_window(unsigned window)
{
    taken[window] = false;
}

static struct supply_usage usage(unsigned window)
{
    struct supply_usage u = {0};
    L4_Word_t limit = 0;
    L4_Word64_t us = 0;

    if (kernel_has(L4_ALMOND_F_KMEM)) {
        u.kernel_memory = L4_KmemControl(window, ~0UL, &limit);
        u.kernel_memory_limit = limit;
    }
    if (kernel_has(L4_ALMOND_F_DOMAINS))
        L4_DomainCpuTime(window, &us);
    u.cpu_us = us;
    return u;
}

/* ---- threads ---- */

static enum mz_error result(L4_Word_t good)
{
    if (good)
        return MZ_OK;
    return L4_ErrorCode() == L4_ErrNoMem ? MZ_ERR_QUOTA : MZ_ERR_BAD_ARG;
}

/* A place in the layout of vmm.h. */
static void *at(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static void delete_thread(L4_ThreadId_t t)
{
    L4_ThreadControl(t, L4_nilthread, L4_nilthread, L4_nilthread, NO_UTCB);
}

static enum mz_error create_space(L4_ThreadId_t t, L4_ThreadId_t pager, bool vm)
{
    L4_Fpage_t kip = vm ? L4_Nilpage : L4_Fpage(MZ_VMM_KIP, L4_KipAreaSize(L4_Kip()));
    L4_Fpage_t utcbs = vm ? L4_Nilpage : L4_Fpage(MZ_VMM_UTCB, MZ_VMM_UTCB_SIZE);
    L4_Word_t control = vm ? L4_SPACE_VM : 0, old;
    enum mz_error error;
    unsigned slot;

    if (kernel_has(L4_ALMOND_F_KMEM))
        control |= L4_SPACE_ACCOUNT | (supply_window(t, &slot) & L4_SPACE_ACCOUNT_MASK)
                                          << L4_SPACE_ACCOUNT_SHIFT;
    error = result(L4_ThreadControl(t, t, pager, L4_nilthread, NO_UTCB));
    if (error)
        return error;
    error = result(L4_SpaceControl(t, control, kip, utcbs, L4_nilthread, &old));
    if (error)
        delete_thread(t);
    return error;
}

static enum mz_error create_thread(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager)
{
    unsigned slot = 0;

    supply_window(t, &slot);
    return result(L4_ThreadControl(t, space, pager, pager,
                                   at(MZ_VMM_UTCB + slot * L4_UtcbSize(L4_Kip()))));
}

static enum mz_error bind_vcpu(L4_ThreadId_t t, L4_ThreadId_t space)
{
    unsigned slot = 0;

    supply_window(t, &slot);
    return result(L4_VcpuControl(t, space, at(MZ_VMM_STATE + slot * STATE_PAGE)));
}

static bool interrupt(unsigned irq)
{
    return L4_AssociateInterrupt(L4_GlobalId(irq, 1), L4_Myself()) != 0;
}

static bool asked_to_stop(void)
{
    return false;
}

const struct supply supply_root = {
    .ram = ram_take_all,
    .modules = modules_from_loader,
    .interrupt = interrupt,
    .boot_seconds = rtc_boot_seconds,
    .new_window = new_window,
    .free_window = free_window,
    .usage = usage,
    .limit_kernel_memory = limit_kernel_memory,
    .isolate = isolate,
    .connect = join,
    .create_space = create_space,
    .create_thread = create_thread,
    .bind_vcpu = bind_vcpu,
    .delete_thread = delete_thread,
    .asked_to_stop = asked_to_stop,
    .end = power_end,
};
