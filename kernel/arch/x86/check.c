/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks page tables entry by entry, for builds with CHECK=1. */
#include "arch/check.h"

#include "arch/layout.h"
#include "arch/pte.h"
#include "core/kmem.h"
#include "debug/panic.h"

#define PTE_P  (1UL << 0)
#define PTE_PS (1UL << 7)

#define ENTRIES (1u << PT_BITS)

static unsigned walk(struct space *s, word_t *table, unsigned level, word_t start,
                     void (*page)(struct space *, const struct pt_leaf *))
{
    unsigned n = 1, entries = level == PT_LEVELS - 1 ? ROOT_KERNEL_0 : ENTRIES;
    kptr_t *node = kptr_deref(*kmem_page_aux(table));

    for (unsigned i = 0; i < entries; i++) {
        unsigned log2 = PAGE_SHIFT + PT_BITS * level;
        word_t va = start + ((word_t)i << log2);
        struct pt_leaf l = {&table[i], &node[i], va, log2};

        if (table[i] & PTE_P && (level == 0 || table[i] & PTE_PS)) {
            page(s, &l);
            continue;
        }
        if (node[i])
            panic("check: a mapping without a page at %lx", va);
        if (table[i] & PTE_P)
            n += walk(s, phys_to_virt(paddr(table[i] & PTE_ADDR)), level - 1, va, page);
        else if (table[i])
            panic("check: rests of an entry at %lx", va);
    }
    return n;
}

unsigned check_tables(struct space *s, void (*page)(struct space *, const struct pt_leaf *))
{
    return walk(s, s->pt_root, PT_LEVELS - 1, 0, page);
}

word_t check_table_bytes(void)
{
    return PAGE_SIZE + ENTRIES * sizeof(kptr_t);
}

word_t check_table_slab_bytes(void)
{
    word_t companion = ENTRIES * sizeof(kptr_t);

    return companion > PAGE_SIZE / 2 ? 0 : companion;
}
