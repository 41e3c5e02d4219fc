/* SPDX-License-Identifier: BSD-2-Clause */
/* SpaceControl: set up an address space, or the guest-physical space of a VM. */
#include "arch/boot.h"
#include "arch/pagetable.h"
#include "core/fpage.h"
#include "core/domain.h"
#include "core/kip.h"
#include "core/lock.h"
#include "core/mapdb.h"
#include "error.h"
#include "l4/almond.h"

#define AREA_MIN_LOG2 12

struct area {
    word_t base, size;
};

/* The fpage as an area of the user part; false: too small, nil or not inside. */
static bool area_of(word_t fpage, struct area *a)
{
    unsigned log2 = fpage_log2(fpage);

    if (log2 < AREA_MIN_LOG2 || log2 >= WORD_BITS - 1)
        return false;
    a->base = fpage_base(fpage);
    a->size = 1UL << log2;
    return a->base < USER_END && a->size <= USER_END - a->base;
}

/* From now on account a pays for what s consists of so far; false: it cannot. */
static bool move_account(struct space *s, struct account *a)
{
    word_t bytes = sizeof(*s) + s->thread_count * sizeof(struct thread);

    if (!account_move(s->account, a, bytes))
        return false;
    s->account = a;
    return true;
}

static bool map_kip(struct space *s, word_t base)
{
    struct pt_leaf l = pt_make(s, base, PAGE_SHIFT);

    if (!l.pte)
        return false;
    pt_set(&l, image_to_phys(&kip), RIGHT_R | RIGHT_X, PT_PINNED);
    return true;
}

unsigned space_setup(struct space *s, word_t control, word_t kip_fpage, word_t utcb_fpage)
{
    struct area k = {0}, u = {0};
    bool vm = control & L4_SPACE_VM;
    word_t number = control >> L4_SPACE_ACCOUNT_SHIFT & L4_SPACE_ACCOUNT_MASK;

    if (!vm && !area_of(utcb_fpage, &u))
        return ERR_UTCB;
    if (!vm && (!area_of(kip_fpage, &k) || (k.base < u.base + u.size && u.base < k.base + k.size)))
        return ERR_KIP;
    if (control & L4_SPACE_ACCOUNT) {
        if (number >= ACCOUNTS)
            return ERR_PARAM;
        if (!move_account(s, &accounts[number]))
            return ERR_MEMORY;
    }
    s->pt_root = pt_create(s->account, !vm);
    if (!s->pt_root)
        return ERR_MEMORY;
    s->table = virt_to_phys(s->pt_root).v;
    s->reach = domain_reach(space_domain(s));
    s->vm = vm;
    s->kip_base = k.base;
    s->utcb_base = u.base;
    s->utcb_size = u.size;
    if (!vm && !map_kip(s, k.base)) {
        while (!pt_destroy(s))
            ;
        return ERR_MEMORY;
    }
    s->initialised = true;
    return ERR_OK;
}

/* Anythread: none.  Its threads' messages to other spaces leave the fast path, which asks for reach. */
static void set_redirector(struct space *s, word_t redirector)
{
    bool none = redirector == ANYTHREAD;

    s->redirector = none ? NILTHREAD : redirector;
    s->reach = none ? domain_reach(space_domain(s)) : domain_reach_none;
}

word_t api_space_control(struct thread *cur, word_t space, word_t control, word_t kip_fpage,
                         word_t utcb_fpage, word_t redirector, word_t *old_control)
{
    struct thread *t = id_is_global(space) ? thread_find(space) : NULL;
    enum l4_error e;

    *old_control = 0;
    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (!t || !t->space)
        return api_fail(cur, ERR_SPACE);
    api_stop_others(cur);
    if (!t->space->initialised) {
        e = space_setup(t->space, control, kip_fpage, utcb_fpage);
        if (e)
            return api_fail(cur, e);
    }
    if (redirector != NILTHREAD)
        set_redirector(t->space, redirector);
    if (t->space->vm)
        *old_control = L4_SPACE_VM;
    return 1;
}
