/* SPDX-License-Identifier: BSD-2-Clause */
/* Injection of interrupts and exceptions, and sleep. */
#include "vcpu/vcpu.h"

static void inject_exception(struct vcpu *v, uint8_t vector, uint64_t error)
{
    v->state->inject = L4_VCPU_EV_VALID | L4_VCPU_EV_EXCEPTION | L4_VCPU_EV_VECTOR(vector) | error;
}

void vcpu_inject(struct vcpu *v, uint8_t vector)
{
    inject_exception(v, vector, 0);
}

void vcpu_inject_error(struct vcpu *v, uint8_t vector, uint32_t error)
{
    inject_exception(v, vector, L4_VCPU_EV_HAS_ERROR | L4_VCPU_EV_ERROR(error));
}

static bool can_take(const struct l4_vcpu_state *st)
{
    return (st->rflags & RFLAGS_IF) && !st->intr_shadow && !(st->inject & L4_VCPU_EV_VALID);
}

static void inject_nmi(struct vcpu *v)
{
    v->nmi = false;
    v->halted = false;
    v->state->inject = L4_VCPU_EV_VALID | L4_VCPU_EV_NMI | L4_VCPU_EV_VECTOR(2);
}

static void inject_interrupt(struct vcpu *v, uint8_t vector)
{
    lapic_take(&v->lapic, vector);
    v->halted = false;
    v->state->inject = L4_VCPU_EV_VALID | L4_VCPU_EV_INTR | L4_VCPU_EV_VECTOR(vector);
}

void vcpu_events(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;

    if (unlikely(cpus_signalled(&v->board->cpus, v->id)))
        vcpu_take_signals(v);
    if (unlikely(v->stopped)) { /* with interrupts off: none that waits may wake it */
        v->attention = false;
        st->flags = L4_VCPU_HALTED;
        cpus_set_asleep(&v->board->cpus, v->id, true);
        return;
    }
    int vector = lapic_pending(&v->lapic);
    if (v->nmi && !(st->inject & L4_VCPU_EV_VALID))
        inject_nmi(v);
    if (vector >= 0 && can_take(st)) {
        inject_interrupt(v, (uint8_t)vector);
        vector = lapic_pending(&v->lapic);
    }
    /* What could not be injected now, or waits behind this one, goes in when the guest
     * takes interrupts, or behind an earlier exit.  The flags hold for one run. */
    v->attention = vector >= 0 || v->nmi;
    st->flags = v->attention ? L4_VCPU_IRQ_WINDOW : v->halted ? L4_VCPU_HALTED : 0;
    cpus_set_asleep(&v->board->cpus, v->id, st->flags == L4_VCPU_HALTED);
}
