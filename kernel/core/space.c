/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/space.h"

#include "arch/pagetable.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/mapdb.h"
#include "core/utcb.h"
#include "debug/panic.h"
#include "virt/virt.h"

struct space *sigma0_space;

static struct slab_cache spaces = SLAB_CACHE("space", struct space);

struct space *space_create(struct account *a)
{
    struct space *s = slab_alloc(&spaces, a);

    if (!s)
        return NULL;
    s->account = a;
    list_init(&s->threads);
    list_init(&s->vcpus);
    return s;
}

static void free_pinned(struct space *s, word_t start, word_t size)
{
    for (word_t va = start; va < start + size; va += PAGE_SIZE) {
        struct pt_leaf l = pt_lookup(s, va);

        if (!l.pte) {
            va = l.va + (1UL << l.log2) - PAGE_SIZE;
            continue;
        }
        kmem_pages_free(s->account, phys_to_virt(pt_address(&l)), 0);
        pt_clear(s, &l);
    }
}

void space_destroy(struct space *s)
{
    struct account *a = s->account;

    ASSERT(s->thread_count == 0);
    vcpu_space_gone(s);
    if (s->pt_root) {
        unmap_space(s);
        free_pinned(s, s->utcb_base, s->utcb_size);
        if (this_cpu()->loaded_space == s)
            arch_switch(this_cpu()->idle); /* leave its page tables before they go */
        pt_destroy(s);
    }
    io_book_free(s);
    arch_io_free(s);
    slab_free(&spaces, a, s);
}

/* What a pinned page's companion word says it is for. */
enum { PIN_UTCBS = 1, PIN_OTHER = 2 };

static void *pin_page(struct space *s, word_t va, kptr_t purpose)
{
    struct pt_leaf l;
    void *page;

    if (va & (PAGE_SIZE - 1) || va < s->utcb_base || va - s->utcb_base >= s->utcb_size)
        return NULL;
    l = pt_make(s, va, PAGE_SHIFT);
    if (!l.pte || *l.pte)
        return NULL;
    page = kmem_pages(s->account, 0);
    if (page) {
        pt_set(&l, virt_to_phys(page), RIGHT_R | RIGHT_W, PT_PINNED);
        *l.node = purpose;
    }
    return page;
}

void *space_pinned_page(struct space *s, word_t va)
{
    return pin_page(s, va, PIN_OTHER);
}

void space_unpin_page(struct space *s, word_t va)
{
    struct pt_leaf l = pt_lookup(s, va);

    if (!l.pte || !pt_pinned(&l))
        return;
    kmem_pages_free(s->account, phys_to_virt(pt_address(&l)), 0);
    pt_clear(s, &l);
}

void *space_utcb(struct space *s, word_t va)
{
    struct pt_leaf l = pt_lookup(s, va);
    char *page;

    if (l.pte && *l.node != PIN_UTCBS)
        return NULL;
    page = l.pte ? phys_to_virt(pt_address(&l)) : pin_page(s, ALIGN_DOWN(va, PAGE_SIZE), PIN_UTCBS);
    return page ? page + (va & (PAGE_SIZE - 1)) : NULL;
}

static bool overlap(word_t a, word_t a_size, word_t b, word_t b_size)
{
    return a < b + b_size && b < a + a_size;
}

bool space_user_range(const struct space *s, word_t va, word_t size)
{
    if (va >= USER_END || size > USER_END - va)
        return false;
    return s->vm || (!overlap(va, size, s->utcb_base, s->utcb_size) &&
                     !overlap(va, size, s->kip_base, PAGE_SIZE));
}
