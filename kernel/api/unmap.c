/* SPDX-License-Identifier: BSD-2-Clause */
/* Unmap: revoke rights from fpages, read access status.  MemoryControl: their memory types. */
#include "core/arch.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "error.h"

#define UNMAP_FLUSH 0x40

/* Between one piece of the work and the next, how far it has got is in cur->transfer. */
static bool unmap_one(struct thread *cur, word_t fpage, bool flush, unsigned *status)
{
    struct transfer *x = &cur->transfer;
    struct unmapping u = {.done = x->done, .status = (unsigned)x->offset, .marker = &cur->marker};
    bool all = unmap_fpage(cur->space, fpage, flush, &u);

    x->done = all ? 0 : u.done;
    x->offset = all ? 0 : u.status;
    *status = u.status;
    return all;
}

static bool unmap_all(struct thread *cur, word_t control)
{
    word_t *mr = utcb_mr(cur->utcb);
    unsigned count = (control & 0x3f) + 1, status = 0;

    for (; cur->transfer.item < count; cur->transfer.item++) {
        volatile word_t *place = &mr[cur->transfer.item];
        word_t fpage = *place;

        if (fpage_is_nil(fpage))
            continue;
        if (!(fpage_is_io(fpage)
                  ? unmap_io(cur->space, fpage, control & UNMAP_FLUSH, &cur->transfer.done)
                  : unmap_one(cur, fpage, control & UNMAP_FLUSH, &status)))
            return false;
        cur->transfer.done = 0;
        *place = (fpage & ~(word_t)7) | (fpage_is_io(fpage) ? 0 : status);
        if (cpu_interrupted()) {
            cur->transfer.item++;
            return cur->transfer.item == count;
        }
    }
    return true;
}

static void go_on(struct thread *cur, word_t control)
{
    bool all = unmap_all(cur, control);

    cur->cont = all ? CONT_NONE : CONT_UNMAP;
    if (!all)
        return;
    unmap_forget(&cur->marker); /* who writes to MRs meanwhile may have taken the fpage away */
    cur->transfer.item = 0;
    arch_unmap_result(cur);
}

void api_unmap(struct thread *cur, word_t control)
{
    cur->transfer = (struct transfer){.partner = NULL};
    cur->marker.depth = 0;
    go_on(cur, control);
}

void api_unmap_again(struct thread *cur)
{
    go_on(cur, arch_unmap_control(cur));
}

/* ---- MemoryControl ---- */

#define ATTRIBUTE_MAX 8

/* Default, write-back, write-through, UC-, uncacheable, write-combining; write-protected. */
static bool attribute_valid(word_t a)
{
    return a <= 5 || a == ATTRIBUTE_MAX;
}

/* The types of what the fpage names; false: not yet. */
static bool set_attribute(struct thread *cur, word_t fpage, const word_t attr[4])
{
    struct unmapping u = {.done = cur->transfer.done, .marker = &cur->marker};
    word_t attribute = attr[fpage & 3];
    bool all = fpage_is_nil(fpage) || !attribute_valid(attribute) ||
               attribute_fpage(cur->space, fpage & ~(word_t)0xf, (unsigned)attribute, &u);

    cur->transfer.done = all ? 0 : u.done;
    return all;
}

word_t api_memory_control(struct thread *cur, word_t control, const word_t attr[4])
{
    struct transfer *x = &cur->transfer;
    const volatile word_t *mr = utcb_mr(cur->utcb);

    if (cur->cont != CONT_ATTRIBUTES) {
        if (!api_privileged(cur))
            return api_fail(cur, ERR_PRIVILEGE);
        if (control >= MR_COUNT)
            return api_fail(cur, ERR_PARAM);
        for (unsigned i = 0; i <= control; i++)
            if (!fpage_is_nil(mr[i]) && !attribute_valid(attr[mr[i] & 3]))
                return api_fail(cur, ERR_PARAM);
        *x = (struct transfer){.partner = NULL};
        cur->marker.depth = 0;
    }
    cur->cont = CONT_ATTRIBUTES;
    for (; x->item <= control; x->item++)
        if (!set_attribute(cur, mr[x->item], attr))
            kernel_abandon();
    unmap_forget(&cur->marker);
    cur->cont = CONT_NONE;
    x->item = 0;
    return 1;
}
