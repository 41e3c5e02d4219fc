/* SPDX-License-Identifier: BSD-2-Clause */
/* Users' memory: pages of the pool, reached by the page tables of their spaces. */
#include "arch/pagetable.h"
#include "core/arch.h"

/* The bytes at va up to the page's end; NULL: not there, or not with that right. */
static char *reach(const struct space *s, word_t va, unsigned right, word_t *left)
{
    struct pt_leaf l = pt_lookup(s, va);

    *left = PAGE_SIZE - (va & (PAGE_SIZE - 1));
    if (!l.pte || !(pt_rights(&l) & right))
        return NULL;
    return (char *)phys_to_virt(paddr(pt_address(&l).v + (va - l.va)));
}

struct copy_result arch_copy_string(struct space *from, word_t src, struct space *to, word_t dst,
                                    word_t n)
{
    struct copy_result r = {0, COPY_NO_FAULT, 0};

    if (src >= USER_END || dst >= USER_END)
        return (struct copy_result){0, COPY_OUTSIDE, 0};
    n = MIN(n, MIN(USER_END - src, USER_END - dst));
    while (r.copied < n) {
        word_t left, room;
        const char *in = reach(from, src + r.copied, RIGHT_R, &left);
        char *there = reach(to, dst + r.copied, RIGHT_W, &room);

        if (!in || !there) {
            r.fault = in ? COPY_TO : COPY_FROM;
            r.address = (in ? dst : src) + r.copied;
            return r;
        }
        left = MIN(MIN(left, room), n - r.copied);
        memcpy(there, in, left);
        r.copied += left;
    }
    return r;
}
