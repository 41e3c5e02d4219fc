/* SPDX-License-Identifier: BSD-2-Clause */
#include "pager.h"

#include <l4/kip.h>
#include <l4/message.h>

#include <books/memory.h>
#include <books/regions.h>
#include <rt/text.h>

#include "build_domain.h"
#include "guest_ram.h"
#include "lifecycle.h"
#include "nested.h"
#include "supply.h"

#define REPEATS_MAX 64u /* of one fault: the kernel cannot map the page */
#define MAP_ITEM    2
#define IMAGE_LOG2  16u /* largest block of the program's image          */
#define MODULE_LOG2 30u /* largest block of a boot image                 */
#define PAGE_LOG2   12u
#define CHUNK_LOG2  21u
#define FAULT_IN    "page fault at 0x%lx, ip 0x%lx: "

/* What a region's function found: a mapping, or else why there is none. */
struct mapping {
    uint64_t phys, vaddr;
    unsigned log2, rights;
    const char *refused;
};

static struct mapping refuse(const char *why)
{
    return (struct mapping){.refused = why};
}

static struct mapping map(uint64_t phys, uint64_t vaddr, unsigned log2, unsigned rights)
{
    uint64_t mask = ~((UINT64_C(1) << log2) - 1);

    return (struct mapping){phys & mask, vaddr & mask, log2, rights, NULL};
}

/* The domain's own page behind `slot`, made at first use. */
static void *own_page(struct domain *d, uint32_t *slot, const char **refused)
{
    enum mz_error error;
    void *page;

    if (*slot)
        return mem_at(*slot * MEM_PAGE);
    page = domain_take_pages(d, 1, &error);
    if (page)
        *slot = (uint32_t)(mem_address(page) / MEM_PAGE);
    else
        *refused = error == MZ_ERR_QUOTA ? "its memory quota is exhausted"
                                         : "the machine's memory is exhausted";
    return page;
}

/* The largest block around vaddr that lies in [first, end) of both address spaces,
 * where phys belongs to vaddr. */
static unsigned block_log2(uint64_t vaddr, uint64_t phys, uint64_t first, uint64_t end,
                           unsigned limit)
{
    unsigned log2 = PAGE_LOG2;

    while (log2 < limit) {
        uint64_t size = UINT64_C(2) << log2;
        uint64_t base = vaddr & ~(size - 1);

        if ((vaddr ^ phys) & (size - 1) || base < first || base + size > end)
            break;
        log2++;
    }
    return log2;
}

static struct mapping image_page(struct domain *d, uint64_t vaddr)
{
    const struct elf_image *program = &d->program;
    uint64_t base = d->config.monitor ? MZ_MONITOR_IMAGE : MZ_VMM_IMAGE;
    uint64_t page = vaddr & ~(MEM_PAGE - 1);
    unsigned rights = elf_rights(program, page);
    const uint8_t *direct = elf_direct(program, page);
    struct mapping m = {0};
    uint32_t *slot = &d->frames->image[(page - base) / MEM_PAGE];
    void *own;

    if (!rights)
        return refuse("there is nothing in its image");
    if (direct) {
        /* Shared by all that run this program: as many pages as go in one mapping. */
        uint64_t first = page, end = page + MEM_PAGE;

        while (elf_direct(program, first - MEM_PAGE) == direct - (page - first) - MEM_PAGE)
            first -= MEM_PAGE;
        while (elf_direct(program, end) == direct + (end - page))
            end += MEM_PAGE;
        return map(mem_address(direct), page,
                   block_log2(page, mem_address(direct), first, end, IMAGE_LOG2), rights);
    }
    if (*slot)
        return map(*slot * MEM_PAGE, page, PAGE_LOG2, rights);
    own = own_page(d, slot, &m.refused);
    if (!own)
        return m;
    elf_fill(program, page, own);
    return map(mem_address(own), page, PAGE_LOG2, rights);
}

static struct mapping heap_page(struct domain *d, uint64_t vaddr)
{
    uint64_t offset = vaddr - MZ_VMM_HEAP;
    struct mapping m = {0};
    void *own;

    if (d->config.program && offset >= d->config.memory)
        return refuse("beyond its heap");
    own = own_page(d, &d->frames->heap[offset / MEM_PAGE], &m.refused);
    return own ? map(mem_address(own), vaddr, PAGE_LOG2, ELF_R | ELF_W) : m;
}

static struct mapping boot_image(const struct module *m, const struct mz_image *at, uint64_t vaddr,
                                 unsigned rights)
{
    uint64_t end = (at->addr + at->size + MEM_PAGE - 1) & ~(MEM_PAGE - 1);
    uint64_t phys = mem_address(m->data) + (vaddr - at->addr);

    return map(phys, vaddr, block_log2(vaddr, phys, at->addr, end, MODULE_LOG2), rights);
}

static struct mapping region_page(const struct domain *d, uint64_t vaddr)
{
    const struct view *v = regions_between(d->number, vaddr, vaddr + 1);
    uint64_t phys;

    if (!v)
        return refuse("there is no region");
    phys = v->own->phys + (vaddr - v->address);
    return map(phys, vaddr, block_log2(vaddr, phys, v->address, v->address + v->size, CHUNK_LOG2),
               v->writable ? ELF_R | ELF_W : ELF_R);
}

static bool in_image(const struct mz_image *image, uint64_t vaddr)
{
    return image->addr && vaddr >= image->addr &&
           vaddr - image->addr < ((image->size + MEM_PAGE - 1) & ~(MEM_PAGE - 1));
}

static bool in(uint64_t vaddr, uint64_t base, uint64_t size)
{
    return vaddr - base < size;
}

/* What a nested monitor's children may execute it must be able to execute, too. */
static struct mapping monitor_module(const struct domain *d, uint64_t vaddr)
{
    const struct module *m;
    struct mz_image at;

    for (unsigned i = 0; (m = nested_module(d, i, &at)) != NULL; i++) {
        if (in_image(&at, vaddr))
            return boot_image(m, &at, vaddr, ELF_R | ELF_X);
    }
    return refuse("none of its modules is there");
}

static struct mapping find(struct domain *d, uint64_t vaddr)
{
    bool monitor = d->config.monitor;
    uint64_t ram = monitor ? MZ_MONITOR_RAM : MZ_VMM_RAM;

    if (in(vaddr, ram, config_has_ram(&d->config) ? d->config.memory : 0))
        return map(guest_ram_chunk(d, vaddr - ram), vaddr, CHUNK_LOG2,
                   L4_FullyAccessible); /* execution is the guest's, through its VM space */
    if (in(vaddr, MZ_MONITOR_MODULES, monitor ? MZ_MONITOR_MODULES_SIZE : 0))
        return monitor_module(d, vaddr);
    if (in(vaddr, monitor ? MZ_MONITOR_IMAGE : MZ_VMM_IMAGE, IMAGE_PAGES * MEM_PAGE))
        return image_page(d, vaddr);
    if (in(vaddr, MZ_VMM_HEAP, MZ_VMM_HEAP_MAX))
        return heap_page(d, vaddr);
    if (in(vaddr, MZ_VMM_BOOT, MEM_PAGE))
        return map(mem_address(d->boot), vaddr, PAGE_LOG2, ELF_R);
    if (in(vaddr, MZ_VMM_CONSOLE, MZ_CONSOLE_SIZE))
        return map(mem_address(d->rings) + (vaddr - MZ_VMM_CONSOLE), vaddr, PAGE_LOG2,
                   ELF_R | ELF_W);
    if (in(vaddr, MZ_VMM_REGIONS, monitor ? 0 : MZ_VMM_REGIONS_SIZE))
        return region_page(d, vaddr);
    if (in_image(&d->boot->kernel, vaddr))
        return boot_image(d->kernel, &d->boot->kernel, vaddr, ELF_R);
    if (in_image(&d->boot->initrd, vaddr))
        return boot_image(d->initrd, &d->boot->initrd, vaddr, ELF_R);
    return refuse("outside its memory");
}

static const char *who(const struct domain *d)
{
    return d->config.program ? "crashed" : "its VMM crashed";
}

/* A fault that comes again and again was answered, but the kernel had no memory for it. */
static bool repeats(struct domain *d, L4_Word_t addr, L4_Word_t ip)
{
    if (d->fault_addr == addr && d->fault_ip == ip && d->fault_unmappings == build_unmappings)
        return ++d->fault_repeats > REPEATS_MAX;
    d->fault_addr = addr;
    d->fault_ip = ip;
    d->fault_unmappings = build_unmappings;
    d->fault_repeats = 0;
    return false;
}

static void end_repeated(struct domain *d, const L4_Word_t *w)
{
    uint64_t used, limit;

    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &used, &limit);
    lifecycle_end(d, ENDING_FAILURE,
                  "%s: " FAULT_IN "the kernel cannot map the page (kernel memory: %s of %s used)",
                  who(d), w[0], w[1], text_size(used), text_size(limit));
}

int pager_page_fault(struct domain *d, unsigned rights, L4_Word_t *w)
{
    struct mapping m = find(d, w[0]);
    L4_Fpage_t page;
    L4_MapItem_t item;

    rights &= (unsigned)L4_PageRights(L4_Kip()); /* the others nothing can tell apart */
    if (!m.refused && rights & ~m.rights)
        m.refused = rights & ELF_W ? "not writable" : "not executable";
    if (m.refused) {
        lifecycle_end(d, ENDING_FAILURE, "%s: " FAULT_IN "%s", who(d), w[0], w[1], m.refused);
        return -1;
    }
    if (repeats(d, w[0], w[1])) {
        end_repeated(d, w);
        return -1;
    }
    supply_touch(m.phys, UINT64_C(1) << m.log2);
    page = L4_FpageLog2(m.phys, (int)m.log2);
    L4_Set_Rights(&page, m.rights);
    item = L4_MapItem(page, m.vaddr);
    w[0] = item.raw[0];
    w[1] = item.raw[1];
    return MAP_ITEM;
}

int pager_io_fault(struct domain *d, const L4_Word_t *w)
{
    lifecycle_end(d, ENDING_FAILURE, "%s: access to IO port 0x%lx, ip 0x%lx", who(d),
                  w[0] >> 16 & 0xffff, w[1]);
    return -1;
}

int pager_exception(struct domain *d, unsigned words, const L4_Word_t *w)
{
    static const char *const names[] = {
        [0] = "division error",   [3] = "breakpoint",          [4] = "overflow",
        [6] = "invalid opcode",   [10] = "invalid TSS",        [11] = "segment not present",
        [12] = "stack fault",     [13] = "general protection", [16] = "x87 error",
        [17] = "alignment check", [19] = "SIMD error"};
    L4_Word_t vector = words > L4_EXCEPTION_NUMBER ? w[L4_EXCEPTION_NUMBER] : ~0UL;
    const char *name = vector < sizeof(names) / sizeof(names[0]) ? names[vector] : NULL;

    lifecycle_end(d, ENDING_FAILURE, "%s: exception %ld (%s) at ip 0x%lx", who(d), (long)vector,
                  name ? name : "unknown", words ? w[0] : 0);
    return -1;
}
