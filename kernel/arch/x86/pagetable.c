/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page tables of as many levels as arch/pte.h says.  A table's companion array
 * of mapping pointers is named by the page book's word for the table.
 */
#include "arch/pagetable.h"

#include "arch/boot.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/pte.h"
#include "core/arch.h"
#include "core/atomic.h"
#include "core/cpu.h"
#include "core/kmem.h"
#include "debug/panic.h"

#define PTE_P      (1UL << 0)
#define PTE_W      (1UL << 1)
#define PTE_U      (1UL << 2)
#define PTE_PWT    (1UL << 3)
#define PTE_PCD    (1UL << 4)
#define PTE_A      (1UL << 5)
#define PTE_D      (1UL << 6)
#define PTE_PS     (1UL << 7)
#define PTE_PINNED (1UL << 9) /* software: kernel-owned page or table that must not be unmapped */

#define PTE_PAT(log2) ((log2) > PAGE_SHIFT ? 1UL << 12 : 1UL << 7)

#define ENTRIES (1u << PT_BITS)
#define LEVELS  PT_LEVELS

static unsigned max_log2 = PAGE_SHIFT + PT_BITS; /* the largest page */

struct companion {
    kptr_t node[ENTRIES];
};

static struct slab_cache companions = SLAB_CACHE("page table companion", struct companion);

/* Slabs hold nothing so large: then a companion is a page. */
#define COMPANION_IS_PAGE (sizeof(struct companion) > PAGE_SIZE / 2)
_Static_assert(sizeof(struct companion) <= PAGE_SIZE, "at most a page");

static unsigned level_log2(unsigned level)
{
    return PAGE_SHIFT + PT_BITS * level;
}

static unsigned index_at(word_t va, unsigned level)
{
    return va >> level_log2(level) & (ENTRIES - 1);
}

static word_t *table_of(word_t pte)
{
    return phys_to_virt(paddr(pte & PTE_ADDR));
}

static word_t *table_alloc(struct account *a)
{
    word_t *t = kmem_pages(a, 0);
    struct companion *c;

    if (!t)
        return NULL;
    c = COMPANION_IS_PAGE ? kmem_pages(a, 0) : slab_alloc(&companions, a);
    if (!c) {
        kmem_pages_free(a, t, 0);
        return NULL;
    }
    *kmem_page_aux(t) = kptr(c);
    return t;
}

static void table_free(struct account *a, word_t *t)
{
    struct companion *c = kptr_deref(*kmem_page_aux(t));

    if (COMPANION_IS_PAGE)
        kmem_pages_free(a, c, 0);
    else
        slab_free(&companions, a, c);
    kmem_pages_free(a, t, 0);
}

static kptr_t *companion_of(word_t *pte)
{
    word_t *table = (word_t *)ALIGN_DOWN((word_t)pte, PAGE_SIZE);
    struct companion *c = kptr_deref(*kmem_page_aux(table));

    return &c->node[pte - table];
}

word_t *pt_create(struct account *a, bool with_kernel)
{
    word_t *root = table_alloc(a);

    if (root && with_kernel)
        memcpy(root + ROOT_KERNEL_0, arch_kernel_root + ROOT_KERNEL_0,
               ROOT_KERNEL_SLOTS * sizeof(word_t));
    return root;
}

/* The fast path finds pages of the table that was used last.  Not where KIP or UTCBs are, or may be. */
static void note_leaf(struct space *s, word_t va, word_t *table)
{
    word_t size = (word_t)ENTRIES << PAGE_SHIFT, start = va & ~(size - 1);

    if (s->leaf == table || s->vm || s->sigma0 || !space_user_range(s, start, size))
        return;
    s->leaf = table;
    s->leaf_nodes = companion_of(table);
    s->leaf_first = start >> PAGE_SHIFT;
}

void pt_used(struct space *s, const struct pt_leaf *l)
{
    if (l->log2 == PAGE_SHIFT)
        note_leaf(s, l->va, (word_t *)ALIGN_DOWN((word_t)l->pte, PAGE_SIZE));
}

static void forget_leaf(struct space *s)
{
    s->leaf = NULL;
    s->leaf_first = NO_LEAF;
}

/* Free a table and those below it, as many as the budget allows; true: all. */
static bool free_tables(struct account *a, word_t *table, unsigned level, unsigned *budget)
{
    unsigned entries = level == LEVELS - 1 ? ROOT_KERNEL_0 : ENTRIES;

    for (unsigned i = 0; level > 0 && i < entries; i++) {
        if ((table[i] & (PTE_P | PTE_PS)) != PTE_P)
            continue;
        if (!free_tables(a, table_of(table[i]), level - 1, budget))
            return false;
        table[i] = 0;
    }
    if (*budget == 0)
        return false;
    --*budget;
    table_free(a, table);
    return true;
}

#define TABLES_STEP 3 /* tables that are searched and freed between looks for interrupts */

bool pt_destroy(struct space *s)
{
    unsigned budget;

    forget_leaf(s);

    do {
        budget = TABLES_STEP;
        if (free_tables(s->account, s->pt_root, LEVELS - 1, &budget)) {
            s->pt_root = NULL;
            return true;
        }
    } while (!cpu_interrupted());
    return false;
}

struct pt_leaf pt_lookup(const struct space *s, word_t va)
{
    word_t *table = s->pt_root;

    for (unsigned level = LEVELS - 1;; level--) {
        word_t *pte = &table[index_at(va, level)];
        unsigned log2 = level_log2(level);

        if (!(*pte & PTE_P))
            return (struct pt_leaf){NULL, NULL, va & ~((1UL << log2) - 1), log2};
        if (level == 0 || *pte & PTE_PS)
            return (struct pt_leaf){pte, companion_of(pte), va & ~((1UL << log2) - 1), log2};
        table = table_of(*pte);
    }
}

/* Not further than the end of one table, so that the search takes no long time. */
word_t pt_next(const struct space *s, word_t va)
{
    word_t *table = s->pt_root;

    for (unsigned level = LEVELS - 1;; level--) {
        unsigned i = index_at(va, level), end = level == LEVELS - 1 ? ROOT_KERNEL_0 : ENTRIES;
        word_t start = va & ~(((word_t)1 << level_log2(level)) - 1);
        unsigned first = i;

        while (i < end && !(table[i] & PTE_P))
            i++;
        if (i > first || i == end)
            return start + ((word_t)(i - first) << level_log2(level));
        if (level == 0 || table[i] & PTE_PS)
            return va;
        table = table_of(table[i]);
    }
}

struct pt_leaf pt_make(struct space *s, word_t va, unsigned log2)
{
    word_t *table = s->pt_root;

    for (unsigned level = LEVELS - 1;; level--) {
        word_t *pte = &table[index_at(va, level)];
        unsigned here = level_log2(level);
        word_t start = va & ~((1UL << here) - 1);

        if (level == 0)
            note_leaf(s, va, table);
        if (here == log2)
            return (struct pt_leaf){pte, companion_of(pte), start, here};
        if (*pte & PTE_P && *pte & PTE_PS)
            return (struct pt_leaf){NULL, companion_of(pte), start, here};
        if (!(*pte & PTE_P)) {
            word_t *t = table_alloc(s->account);

            if (!t)
                return (struct pt_leaf){NULL, NULL, start, 0};
            *pte = virt_to_phys(t).v | PTE_P | PTE_W | PTE_U;
        }
        table = table_of(*pte);
    }
}

bool pt_is_table(const struct pt_leaf *l)
{
    return l->log2 > PAGE_SHIFT && (*l->pte & (PTE_P | PTE_PS)) == PTE_P;
}

/* Processors that may use entries of s. */
static u32 users_of(const struct space *s)
{
    u32 set = 0;

    atomic_fence(); /* the entry is written; who loads the table from now on sees it */
    for (unsigned n = 0; n < cpu_count; n++)
        if (cpus[n]->table == s->table || cpus[n]->window == s->table || cpus[n]->guest_space == s)
            set |= 1u << n;
    return set;
}

/* Processors may have cached the entry for va: they throw it out, others by cpus_flush(). */
static void flush(struct space *s, word_t va)
{
    struct cpu *cpu = this_cpu();

    if (s->vm)
        s->tlb_gen++;
    else if (cpu->table == s->table)
        invlpg(va);
    if (unlikely(cpu_count > 1))
        cpu->flush |= users_of(s) & ~(1u << cpu->number);
}

static word_t rights_bits(unsigned rights)
{
    return PTE_P | PTE_U | (rights & RIGHT_W ? PTE_W : 0) | (rights & RIGHT_X ? 0 : PTE_NX);
}

/* The PAT's entries are X.2's memory types minus one (features.c). */
static word_t attribute_bits(unsigned attribute, unsigned log2)
{
    unsigned i = attribute ? attribute - 1 : 0;

    return (i & 1 ? PTE_PWT : 0) | (i & 2 ? PTE_PCD : 0) | (i & 4 ? PTE_PAT(log2) : 0);
}

unsigned pt_attribute(const struct pt_leaf *l)
{
    word_t pte = *l->pte;
    unsigned i =
        (pte & PTE_PWT ? 1 : 0) | (pte & PTE_PCD ? 2 : 0) | (pte & PTE_PAT(l->log2) ? 4 : 0);

    return i ? i + 1 : 0;
}

void pt_set_attribute(struct space *s, struct pt_leaf *l, unsigned attribute)
{
    word_t all = PTE_PWT | PTE_PCD | PTE_PAT(l->log2);

    *l->pte = (*l->pte & ~all) | attribute_bits(attribute, l->log2);
    flush(s, l->va);
}

void pt_set(struct pt_leaf *l, paddr_t pa, unsigned rights, unsigned flags)
{
    *l->pte = pa.v | rights_bits(rights) | (l->log2 > PAGE_SHIFT ? PTE_PS : 0) |
              (flags & PT_PINNED ? PTE_PINNED : 0) |
              attribute_bits(flags >> PT_ATTRIBUTE_SHIFT, l->log2);
}

bool pt_split(struct space *s, struct pt_leaf *l)
{
    struct pt_leaf piece = {.log2 = l->log2 - PT_BITS};
    word_t *t = table_alloc(s->account), first, step = 1UL << piece.log2;

    if (!t)
        return false;
    piece.pte = &first;
    pt_set(&piece, pt_address(l), pt_rights(l), PT_ATTRIBUTE(pt_attribute(l)));
    first |= *l->pte & (PTE_A | PTE_D | PTE_PINNED);
    for (word_t i = 0; i < ENTRIES; i++)
        t[i] = first + i * step;
    *l->pte = virt_to_phys(t).v | PTE_P | PTE_W | PTE_U;
    *l->node = 0;
    flush(s, l->va);
    return true;
}

void pt_drop_table(struct space *s, struct pt_leaf *l)
{
    word_t *t = table_of(*l->pte);
    unsigned budget = ~0u;

    forget_leaf(s);
    *l->pte = 0;
    flush(s, l->va); /* drops the paging-structure caches too */
    cpus_flush();    /* before the table can become something else */
    free_tables(s->account, t, (l->log2 - PAGE_SHIFT) / PT_BITS - 1, &budget);
}

void pt_clear(struct space *s, struct pt_leaf *l)
{
    *l->pte = 0;
    *l->node = 0;
    flush(s, l->va);
}

void pt_protect(struct space *s, struct pt_leaf *l, unsigned rights)
{
    *l->pte = (*l->pte & ~(PTE_W | PTE_NX)) | rights_bits(rights);
    flush(s, l->va);
}

bool pt_pinned(const struct pt_leaf *l)
{
    return *l->pte & PTE_PINNED;
}

paddr_t pt_address(const struct pt_leaf *l)
{
    return paddr(*l->pte & PTE_ADDR & ~((1UL << l->log2) - 1));
}

unsigned pt_rights(const struct pt_leaf *l)
{
    return RIGHT_R | (*l->pte & PTE_W ? RIGHT_W : 0) | (*l->pte & PTE_NX ? 0 : RIGHT_X);
}

unsigned pt_take_status(struct space *s, struct pt_leaf *l)
{
    word_t old = *l->pte;

    if (!(old & (PTE_A | PTE_D)))
        return 0;
    *l->pte = old & ~(PTE_A | PTE_D);
    flush(s, l->va);
    return (old & PTE_A ? RIGHT_R | RIGHT_X : 0) | (old & PTE_D ? RIGHT_W : 0);
}

INIT void pt_init(void)
{
    max_log2 = pt_find_largest();
}

word_t pt_page_info(void)
{
    word_t sizes = 0;

    for (unsigned log2 = PAGE_SHIFT; log2 <= max_log2; log2 += PT_BITS)
        sizes |= 1UL << log2;
    return sizes | PT_RIGHTS;
}

unsigned pt_size_at_most(unsigned log2)
{
    unsigned size = max_log2;

    while (size > log2 && size > PAGE_SHIFT)
        size -= PT_BITS;
    return size;
}
