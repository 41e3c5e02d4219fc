/* SPDX-License-Identifier: BSD-2-Clause */
#include "ram.h"

#include <stddef.h>

#include <l4/kip.h>
#include <l4/thread.h>

#include <books/memory.h>
#include <rt/ranges.h>
#include <rt/text.h>

#include "log.h"
#include "supply_root.h"

#define FIRST_MIB         UINT64_C(0x100000) /* left to firmware and processor start-up */
#define ADDRESS_END       (~UINT64_C(0) & ~(MEM_PAGE - 1))
#define TYPE_CONVENTIONAL 1
#define LOADER_ACPI       0x4e
#define ROOT_UTCB_AREA    UINT64_C(0x40000) /* the kernel's choice for root servers    */

static uint64_t rsdp, entered, given;

static uint64_t page_up(uint64_t a)
{
    return (a + MEM_PAGE - 1) & ~(MEM_PAGE - 1);
}

static uint64_t page_down(uint64_t a)
{
    return a & ~(MEM_PAGE - 1);
}

/* The chunks around what the kernel has put into the monitor's address space: RAM
 * at these addresses cannot be mapped 1:1. */
static void remove_occupied(struct ranges *set, uint64_t base, uint64_t size)
{
    ranges_remove(set, base & ~(MEM_CHUNK - 1), (base + size + MEM_CHUNK - 1) & ~(MEM_CHUNK - 1));
}

/* Conventional memory, as the descriptors have it: later ones override earlier ones.  What lies
 * beyond the addresses that programs can use is left out, too. */
static void read_descriptors(const void *kip, struct ranges *set)
{
    for (L4_Word_t i = 0; i < L4_NumMemoryDescriptors(kip); i++) {
        const L4_MemoryDesc_t *d = L4_MemoryDesc(kip, i);
        uint64_t low, end;

        if (!d)
            continue;
        low = L4_MemoryDescLow(d);
        end = L4_MemoryDescHigh(d) + 1;
        if (end <= low)
            end = ADDRESS_END;
        if (L4_IsMemoryDescVirtual(d)) {
            if (L4_MemoryDescType(d) == TYPE_CONVENTIONAL)
                ranges_remove(set, end, ADDRESS_END);
        } else if (L4_MemoryDescType(d) == TYPE_CONVENTIONAL)
            ranges_add(set, page_up(low), page_down(end));
        else
            ranges_remove(set, page_down(low), page_up(end));
        if (L4_MemoryDescType(d) == LOADER_ACPI)
            rsdp = low;
    }
}

bool ram_overlaps(uint64_t first, uint64_t last)
{
    const L4_MemoryDesc_t *d;

    for (L4_Word_t i = 0; (d = L4_MemoryDesc(L4_Kip(), i)); i++) {
        if (!L4_IsMemoryDescVirtual(d) && L4_MemoryDescType(d) == TYPE_CONVENTIONAL &&
            L4_MemoryDescLow(d) <= last && L4_MemoryDescHigh(d) >= first)
            return true;
    }
    return false;
}

static void enter(uint64_t base, uint64_t size)
{
    given += size;
    entered += mem_enter(base, size);
}

void ram_take_all(void)
{
    static struct ranges set;
    const void *kip = L4_Kip();
    uint64_t utcb = L4_MyLocalId().raw & ~(ROOT_UTCB_AREA - 1);

    read_descriptors(kip, &set);
    ranges_remove(&set, 0, FIRST_MIB);
    ranges_remove(&set, SUPPLY_DEVICES, SUPPLY_DEVICES + SUPPLY_DEVICES_SIZE);
    remove_occupied(&set, utcb, ROOT_UTCB_AREA);
    remove_occupied(&set, mem_address(kip), L4_KipAreaSize(kip));
    for (unsigned i = 0; i < set.count; i++)
        supply_ram(set.r[i].base, set.r[i].end - set.r[i].base, enter);
    if (given < ranges_bytes(&set))
        log_warn("memory: sigma0 kept back %s of RAM", text_size(ranges_bytes(&set) - given));
    if (entered < given)
        log_warn("memory: %s of RAM above %s stay unused", text_size(given - entered),
                 text_size(MEM_LIMIT));
}

uint64_t ram_acpi_rsdp(void)
{
    return rsdp;
}
