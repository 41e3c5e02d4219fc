/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user thread control block, 128 words, written by user and kernel alike.
 * Word indices are relative to MR0, which lies in the middle; the local thread
 * id is MR0's user address.  The kernel believes nothing it finds here.
 */
#ifndef CORE_UTCB_H
#define CORE_UTCB_H

#include "types.h"

#define UTCB_WORDS     128
#define UTCB_SIZE      (UTCB_WORDS * sizeof(word_t))
#define UTCB_LOG2      (sizeof(word_t) == 8 ? 10 : 9)
#define UTCB_MR0       64 /* MR0's word from the start */
#define UTCB_MR0_BYTES (UTCB_MR0 * sizeof(word_t))
#define MR_COUNT       64
#define BR_COUNT       33

struct utcb {
    word_t reserved0[16];
    word_t br_reversed[BR_COUNT]; /* BR32 ... BR0 */
    word_t my_global_id;          /* -15 */
    word_t processor;             /* -14 */
    word_t handle;                /* -13 */
    word_t pager;                 /* -12 */
    word_t exception_handler;     /* -11 */
    word_t flags;                 /* -10: preemption and coprocessor flags */
    word_t error;                 /* -9 */
    word_t xfer_timeouts;         /* -8 */
    word_t intended_receiver;     /* -7 */
    word_t sender;                /* -6: VirtualSender, ActualSender */
    word_t thread_word[2];        /* -5, -4 */
    word_t reserved1[3];          /* -3 .. -1 */
    word_t mr[MR_COUNT];
};

/* flags: what a thread says of its preemption, and what the kernel answers. */
enum { UTCB_SIGNAL = 1 << 5, UTCB_DELAY = 1 << 6, UTCB_PENDING = 1 << 7 };

_Static_assert(offsetof(struct utcb, mr) == UTCB_MR0_BYTES, "MR0 in the middle");
_Static_assert(offsetof(struct utcb, my_global_id) == (UTCB_MR0 - 15) * sizeof(word_t), "TCR -15");
_Static_assert(offsetof(struct utcb, sender) == (UTCB_MR0 - 6) * sizeof(word_t), "TCR -6");
_Static_assert(offsetof(struct utcb, br_reversed[BR_COUNT - 1]) == (UTCB_MR0 - 16) * sizeof(word_t),
               "BR0 at -16");
_Static_assert(sizeof(struct utcb) == UTCB_SIZE, "one block");

static inline word_t *utcb_mr(struct utcb *u)
{
    return u->mr;
}

static inline word_t utcb_br(const struct utcb *u, unsigned n)
{
    return u->br_reversed[BR_COUNT - 1 - n];
}

#endif
