/* SPDX-License-Identifier: BSD-2-Clause */
#include "supply_root.h"

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/misc.h>
#include <l4/sigma0.h>
#include <l4/thread.h>

#define PAGE_LOG2  12u
#define BLOCK_LOG2 30u /* the largest block asked for: the largest page of AMD64 */
#define PAGE       (UINT64_C(1) << PAGE_LOG2)

bool supply_device(L4_Fpage_t device, L4_Word_t attribute, L4_Fpage_t window)
{
    L4_Fpage_t got = L4_Sigma0_Request(L4_nilthread, device, attribute, window);

    /* The window was open for sigma0 only: nobody else may map into the monitor. */
    L4_Accept(L4_UntypedWordsAcceptor);
    return !L4_IsNilFpage(got);
}

static bool get_block(uint64_t base, unsigned log2)
{
    return supply_device(L4_FpageLog2(base, (int)log2), L4_DefaultMemory, L4_CompleteAddressSpace);
}

unsigned supply_block_log2(uint64_t base, uint64_t end)
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
        unsigned log2 = supply_block_log2(base, end);

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
