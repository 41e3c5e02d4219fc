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

static unsigned decoded_length(struct vcpu *v, unsigned op, unsigned usual)
{
    struct insn insn;
    struct l4_vcpu_state *st = v->state;
    vcpu_sync(v);
    uint64_t inject = st->inject, cr2 = st->cr2;
    enum decode_result result = guest_decode(v, &insn);
    if (result != DECODE_OK || insn.op != op) {
        /* Changed behind our back: the guest gets what it deserves. */
        st->inject = inject;
        st->cr2 = cr2;
        return usual;
    }
    *slot_of(v, st->rip) = (struct known_length){st->rip, op, insn.length};
    return insn.length;
}

void vcpu_skip(struct vcpu *v, unsigned op)
{
    struct l4_vcpu_state *st = v->state;
    unsigned length = st->exit_len;
    if (!v->exact_lengths) {
        const struct known_length *k = slot_of(v, st->rip);
        if (likely(k->rip == st->rip && k->op == op))
            length = k->length;
        else
            length = decoded_length(v, op, length);
    }
    st->rip += length;
    st->intr_shadow = 0;
}
