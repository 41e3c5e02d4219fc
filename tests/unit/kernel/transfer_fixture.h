/* SPDX-License-Identifier: BSD-2-Clause */
/* Users' memory, strings in it, and messages that carry them. */
#ifndef TRANSFER_FIXTURE_H
#define TRANSFER_FIXTURE_H

#include "ipc_fixture.h"

#define SRC 0x400000UL
#define DST 0x800000UL

static struct space *zero; /* sigma0 */

/* n pages of fresh memory at va of a space. */
static inline void give(struct space *s, word_t va, unsigned n, unsigned rights)
{
    for (unsigned i = 0; i < n; i++) {
        const void *page = kmem_pages(&accounts[0], 0);
        word_t done = 0;

        assert_non_null(page);
        assert_int_equal(map_fpage(zero, fpage_make(virt_to_phys(page).v, PAGE_SHIFT, rights), s,
                                   FPAGE_COMPLETE, va + i * PAGE_SIZE, false, &done),
                         MAP_DONE);
    }
}

static inline u8 *byte_at(const struct space *s, word_t va)
{
    struct pt_leaf l = pt_lookup(s, va);

    assert_non_null(l.pte);
    return (u8 *)phys_to_virt(paddr(pt_address(&l).v + (va - l.va)));
}

static inline void fill_bytes(const struct space *s, word_t va, word_t n, unsigned seed)
{
    for (word_t i = 0; i < n; i++)
        *byte_at(s, va + i) = (u8)(seed + i * 7 + i / 256);
}

static inline void assert_bytes(const struct space *s, word_t va, word_t n, unsigned seed)
{
    for (word_t i = 0; i < n; i++)
        assert_int_equal(*byte_at(s, va + i), (u8)(seed + i * 7 + i / 256));
}

/* An item's first word. */
static inline word_t string_item(word_t length, unsigned substrings, bool compound, bool more)
{
    return length << 10 | (word_t)compound << 9 | (substrings - 1) << 4 | more;
}

static inline void set_br(unsigned n, unsigned reg, word_t w)
{
    t[n]->utcb->br_reversed[BR_COUNT - 1 - reg] = w;
}

/* n accepts one string of so many bytes at va, and pages anywhere. */
static inline void accept(unsigned n, word_t va, word_t length)
{
    set_br(n, 0, FPAGE_COMPLETE | 1);
    set_br(n, 1, string_item(length, 1, false, false));
    set_br(n, 2, va);
}

/* n's message: one untyped word and one simple string. */
static inline void compose(unsigned n, word_t va, word_t length)
{
    mr(n)[0] = 0x770000 | 2 << 6 | 1;
    mr(n)[1] = 0x1234;
    mr(n)[2] = string_item(length, 1, false, false);
    mr(n)[3] = va;
}

/* Threads 1 to 3 in a, 4 and 5 in b; 3 and 5 are the pagers of 1 and 4, and wait. */
static inline void setup_transfer(void)
{
    setup();
    if (!zero) {
        zero = make_space(0, 0);
        zero->sigma0 = true;
        sigma0_space = zero;
    }
    t[1]->utcb->pager = t[2]->utcb->pager = t[3]->id;
    t[4]->utcb->pager = t[5]->id;
    ipc(3, NILTHREAD, ANYTHREAD, NEVER);
    ipc(5, NILTHREAD, ANYTHREAD, NEVER);
}

static inline word_t error_of(unsigned n)
{
    return mr(n)[0] & TAG_ERROR ? t[n]->utcb->error : 0;
}

static inline word_t failed(enum ipc_error e, bool receives, word_t offset)
{
    return offset << 4 | (word_t)e << 1 | receives;
}

#endif
