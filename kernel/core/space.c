/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/space.h"

#include "arch/pagetable.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpage.h"
#include "core/lock.h"
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
    s->leaf_first = NO_LEAF;
    list_init(&s->vcpus);
    return s;
}

#define PINNED_STEP 4 /* pages between looks for interrupts */

/* The UTCB area's pages, from *done bytes on. */
static bool free_pinned(struct space *s, word_t *done)
{
    for (unsigned n = 1; *done < s->utcb_size; n++) {
        word_t va = s->utcb_base + *done, next = pt_next(s, va);
        struct pt_leaf l = pt_lookup(s, va);

        if (l.pte) {
            kmem_pages_free(s->account, phys_to_virt(pt_address(&l)), 0);
            pt_clear(s, &l);
            next = va + PAGE_SIZE;
        }
        *done = MIN(next - s->utcb_base, s->utcb_size);
        if ((n % PINNED_STEP == 0 || !l.pte) && cpu_interrupted())
            return *done == s->utcb_size;
    }
    return true;
}

/* Processors whose last thread was of this space still have its page tables. */
static void leave(void *arg)
{
    struct cpu *cpu = this_cpu();
    const struct space *s = arg;

    if (cpu->table == s->table) {
        arch_switch(cpu->idle);
        cpu->loaded = NULL;
    }
    if (cpu->guest_space == s)
        cpu->guest_space = NULL;
}

/* One stage of it; what is done of the stage is in d->done. */
static bool destroy_stage(struct space *s, struct space_destruction *d)
{
    struct unmapping u = {.done = d->done};
    bool all;

    switch (d->stage) {
    case 0:
        vcpu_space_gone(s);
        return true;
    case 1:
        all = unmap_fpage(s, FPAGE_COMPLETE | RIGHT_RWX, true, &u);
        d->done = u.done;
        return all;
    case 2:
        return unmap_io(s, fpage_io_make(0, 16), true, &d->done);
    case 3:
        return free_pinned(s, &d->done);
    case 4:
        for (unsigned n = 0; n < cpu_count; n++)
            cpu_run_on(n, leave, s);
        return true;
    default:
        return pt_destroy(s);
    }
}

enum { DESTROY_STAGES = 6 };

bool space_destroy(struct space *s, struct space_destruction *d)
{
    struct account *a = s->account;

    while (s->pt_root && d->stage < DESTROY_STAGES) {
        if (!destroy_stage(s, d))
            return false;
        d->stage++;
        d->done = 0;
    }
    io_book_free(s);
    arch_io_free(s);
    slab_free(&spaces, a, s);
    return true;
}

/*
 * What a pinned page's companion word says it is for: in one with UTCBs each block
 * has a bit.
 */
enum { PIN_UTCBS = 1, PIN_OTHER = 2 };

static kptr_t utcb_bit(word_t va)
{
    return 0x100u << (va & (PAGE_SIZE - 1)) / UTCB_SIZE;
}

bool space_pinnable(struct space *s, word_t va)
{
    return !(va & (PAGE_SIZE - 1)) && va >= s->utcb_base && va - s->utcb_base < s->utcb_size &&
           !pt_lookup(s, va).pte;
}

static void *pin_page(struct space *s, word_t va, kptr_t purpose)
{
    struct pt_leaf l;
    void *page;

    if (!space_pinnable(s, va))
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
    void *page;

    lock_take(&mapdb_lock);
    page = pin_page(s, va, PIN_OTHER);
    lock_give(&mapdb_lock);
    return page;
}

void space_unpin_page(struct space *s, word_t va)
{
    struct pt_leaf l;
    void *page;

    lock_take(&mapdb_lock);
    l = pt_lookup(s, va);
    if (l.pte && pt_pinned(&l)) {
        page = phys_to_virt(pt_address(&l));
        pt_clear(s, &l);
        cpus_flush();
        kmem_pages_free(s->account, page, 0);
    }
    lock_give(&mapdb_lock);
}

bool space_utcb_taken(struct space *s, word_t va)
{
    struct pt_leaf l = pt_lookup(s, va);

    return l.pte && (*l.node & PIN_OTHER || *l.node & utcb_bit(va));
}

void *space_utcb(struct space *s, word_t va)
{
    struct pt_leaf l;
    char *page = NULL;

    lock_take(&mapdb_lock);
    l = pt_lookup(s, va);
    if (!l.pte)
        page = pin_page(s, ALIGN_DOWN(va, PAGE_SIZE), PIN_UTCBS);
    else if (*l.node & PIN_UTCBS && !(*l.node & utcb_bit(va)))
        page = phys_to_virt(pt_address(&l));
    if (page)
        *pt_lookup(s, va).node |= utcb_bit(va);
    lock_give(&mapdb_lock);
    return page ? page + (va & (PAGE_SIZE - 1)) : NULL;
}

void space_utcb_free(struct space *s, word_t va)
{
    struct pt_leaf l;

    lock_take(&mapdb_lock);
    l = pt_lookup(s, va);
    if (l.pte)
        *l.node &= ~utcb_bit(va);
    lock_give(&mapdb_lock);
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
