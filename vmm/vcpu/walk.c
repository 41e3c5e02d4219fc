/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/walk.h"

#include <stddef.h>

#define PTE_PRESENT  UINT64_C(0x001)
#define PTE_WRITE    UINT64_C(0x002)
#define PTE_USER     UINT64_C(0x004)
#define PTE_ACCESSED UINT64_C(0x020)
#define PTE_DIRTY    UINT64_C(0x040)
#define PTE_LARGE    UINT64_C(0x080)
#define PTE_NX       (UINT64_C(1) << 63)
#define PTE_ADDRESS  UINT64_C(0x000ffffffffff000)

enum outcome { DONE, FAULT, AGAIN };

/* A kind of page table: its levels, from the root, each index `bits` wide. */
struct format {
    unsigned levels, bits, entry_size;
    unsigned large_levels; /* levels, from the leaf, whose entries may be pages: 1, 2 or 3 */
};

static struct format format_of(const struct walk *w)
{
    if (w->efer & EFER_LMA)
        return (struct format){w->cr4 & CR4_LA57 ? 5 : 4, 9, 8, 3};
    if (w->cr4 & CR4_PAE)
        return (struct format){3, 9, 8, 2};
    return (struct format){2, 10, 4, w->cr4 & CR4_PSE ? 2 : 1};
}

static void *entry_pointer(const struct walk *w, const struct format *f, uint64_t table,
                           uint64_t index)
{
    return ram_pointer(w->ram, gpa(table + index * f->entry_size), f->entry_size);
}

static uint64_t entry_load(const void *entry, unsigned size)
{
    return size == 8 ? __atomic_load_n((const uint64_t *)entry, __ATOMIC_RELAXED)
                     : __atomic_load_n((const uint32_t *)entry, __ATOMIC_RELAXED);
}

/* False: another vCPU has changed the entry since it was read.  Perhaps it is none any more, so that
 * no bit may be set in it: the walk begins again.  The bits are in the low half. */
static bool entry_mark(void *entry, uint64_t value, uint32_t bits)
{
    uint32_t old = (uint32_t)value;
    return (old & bits) == bits ||
           __atomic_compare_exchange_n((uint32_t *)entry, &old, old | bits, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

static bool allowed(const struct walk *w, uint64_t rights, unsigned access)
{
    bool user = access & WALK_USER;
    if (user && !(rights & PTE_USER))
        return false;
    if ((access & WALK_WRITE) && !(rights & PTE_WRITE) && (user || (w->cr0 & CR0_WP)))
        return false;
    if (access & WALK_FETCH) {
        if ((rights & PTE_NX) && (w->efer & EFER_NX))
            return false;
        return user || !(rights & PTE_USER) || !(w->cr4 & CR4_SMEP);
    }
    return user || !(rights & PTE_USER) || !(w->cr4 & CR4_SMAP) || w->smap_off;
}

/* Bits of an address below the page that a leaf at this level covers. */
static unsigned page_bits(const struct format *f, unsigned level)
{
    return 12 + level * f->bits;
}

/* The page's address.  4 MiB pages keep address bits 32-39 in bits 13-20. */
static uint64_t leaf_address(const struct format *f, uint64_t entry, unsigned level)
{
    uint64_t mask = (UINT64_C(1) << page_bits(f, level)) - 1;
    if (f->entry_size == 4 && level == 1)
        return (entry & 0xffc00000) | (entry >> 13 & 0xff) << 32;
    return entry & PTE_ADDRESS & ~mask;
}

static enum outcome fault(const struct walk *w, unsigned access, uint32_t present, uint32_t *error)
{
    bool nx = (w->efer & EFER_NX) && (w->cr4 & CR4_PAE);
    *error = (access & (WALK_WRITE | WALK_USER)) | present;
    if ((access & WALK_FETCH) && (nx || (w->cr4 & CR4_SMEP)))
        *error |= WALK_FETCH;
    return FAULT;
}

static bool canonical(const struct format *f, uint64_t address)
{
    unsigned unused = 64 - page_bits(f, f->levels);
    return (uint64_t)((int64_t)(address << unused) >> unused) == address;
}

static enum outcome walk_once(const struct walk *w, gva_t address, unsigned access, gpa_t *result,
                              uint32_t *error)
{
    struct format f = format_of(w);
    uint64_t rights = PTE_WRITE | PTE_USER, table = w->cr3 & PTE_ADDRESS;

    if (f.levels == 3)
        table = w->cr3 & 0xffffffe0;
    if (f.levels <= 3)
        address.raw &= UINT32_MAX;
    else if (!canonical(&f, address.raw))
        return fault(w, access, 0, error);
    for (unsigned level = f.levels; level-- > 0;) {
        uint64_t index = address.raw >> page_bits(&f, level) & ((1u << f.bits) - 1);
        void *entry = entry_pointer(w, &f, table, index);
        uint64_t value = entry ? entry_load(entry, f.entry_size) : 0;
        bool large = level > 0 && level < f.large_levels && (value & PTE_LARGE);
        bool leaf = level == 0 || large, pae_top = f.levels == 3 && level == 2;
        if (!(value & PTE_PRESENT))
            return fault(w, access, 0, error);
        if (!pae_top) { /* which carries no rights, and is never marked */
            rights &= value | PTE_NX;
            rights |= f.entry_size == 8 ? value & PTE_NX : 0;
        }
        if (leaf && !allowed(w, rights, access))
            return fault(w, access, PF_PRESENT, error);
        uint32_t marks = PTE_ACCESSED | (leaf && (access & WALK_WRITE) ? PTE_DIRTY : 0);
        if (!pae_top && !entry_mark(entry, value, marks))
            return AGAIN;
        if (leaf) {
            uint64_t offset = address.raw & ((UINT64_C(1) << page_bits(&f, level)) - 1);
            *result = gpa(leaf_address(&f, value, level) + offset);
            return DONE;
        }
        table = value & PTE_ADDRESS;
    }
    return FAULT;
}

bool walk(const struct walk *w, gva_t address, unsigned access, gpa_t *result, uint32_t *error)
{
    enum outcome outcome;
    if (!(w->cr0 & CR0_PG)) {
        *result = gpa(address.raw & UINT32_MAX);
        return true;
    }
    do
        outcome = walk_once(w, address, access, result, error);
    while (outcome == AGAIN);
    return outcome == DONE;
}
