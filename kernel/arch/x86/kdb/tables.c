/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables and memory, for the debugger. */
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/pte.h"
#include "core/arch.h"
#include "core/space.h"
#include "debug/kdb.h"

#define PTE_P      (1UL << 0)
#define PTE_PS     (1UL << 7)
#define PTE_PINNED (1UL << 9)

#define ENTRIES (1u << PT_BITS)

_Static_assert(PT_LEVELS <= KDB_SIZES, "a size for each level");

static void walk(const word_t *table, unsigned level, struct page_count *count)
{
    unsigned entries = level == PT_LEVELS - 1 ? ROOT_KERNEL_0 : ENTRIES;

    count->tables++;
    for (unsigned i = 0; i < entries; i++) {
        if (!(table[i] & PTE_P))
            continue;
        if (level > 0 && !(table[i] & PTE_PS))
            walk(phys_to_virt(paddr(table[i] & PTE_ADDR)), level - 1, count);
        else if (table[i] & PTE_PINNED)
            count->pinned++;
        else
            count->of[level].pages++;
    }
}

void arch_count_pages(const struct space *s, struct page_count *count)
{
    *count = (struct page_count){.tables = 0};
    for (unsigned i = 0; i < PT_LEVELS; i++)
        count->of[i].log2 = PAGE_SHIFT + PT_BITS * i;
    walk(s->pt_root, PT_LEVELS - 1, count);
}

/* The other space is loaded for that moment; a fault is no harm (user_copy()). */
bool arch_read(const struct space *s, word_t va, void *dst, size_t n)
{
    word_t before = read_cr3();
    bool ok;

    if (!s)
        return va + n >= va && user_copy(dst, (const void *)va, n);
    write_cr3(s->table);
    ok = arch_user_read(dst, va, n);
    write_cr3(before);
    return ok;
}
