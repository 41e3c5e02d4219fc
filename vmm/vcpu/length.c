/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long was the instruction that ended the run?  Some processors tell.  On
 * the others the kernel gives the length without prefixes; there each place is
 * decoded once, and its length remembered.  The places are told apart by rip
 * alone: should two processes have the same instruction at the same address, one
 * with useless prefixes, the slot is wrong for one of them.  Nobody writes such.
 */
#include "host.h"
#include "vcpu/access.h"
#include "vcpu/vcpu.h"

static struct known_length *slot_of(struct vcpu *v, uint64_t rip)
{
    return &v->lengths[(rip ^ rip >> 8) % KNOWN_LENGTHS];
}

/* Separate, and not inlined, for the sake of the fast path's registers. */
static __attribute__((noinline)) void skip_decoded(struct vcpu *v, unsigned op)
{
    struct insn insn;
    struct l4_vcpu_state *st = v->state;
    vcpu_sync(v);
    uint64_t inject = st->inject, cr2 = st->cr2;
    unsigned length = st->exit_len;
    if (guest_decode(v, &insn) == DECODE_OK && insn.op == op) {
        *slot_of(v, st->rip) = (struct known_length){st->rip, op, insn.length};
        length = insn.length;
    } else { /* changed behind our back: the guest gets what it deserves */
        st->inject = inject;
        st->cr2 = cr2;
    }
    st->rip += length;
}

void vcpu_skip(struct vcpu *v, unsigned op)
{
    struct l4_vcpu_state *st = v->state;
    const struct known_length *k = slot_of(v, st->rip);
    st->intr_shadow = 0;
    if (v->exact_lengths)
        st->rip += st->exit_len;
    else if (likely(k->rip == st->rip && k->op == op))
        st->rip += k->length;
    else
        skip_decoded(v, op);
}
