/* SPDX-License-Identifier: BSD-2-Clause */
/* Entering a guest: what belongs to the vCPU gets into the processor. */
#include "arch/insn.h"
#include "arch/lazy_fpu.h"
#include "arch/local.h"
#include "arch/msr.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "svm.h"

#define SAVE_DR(n, to)   asm volatile("mov %%db" #n ", %0" : "=r"(to))
#define LOAD_DR(n, from) asm volatile("mov %0, %%db" #n : : "r"(from))

/* An ASID that no TLB entry has.  When all are used up, a new era begins with an empty TLB. */
static void new_asid(struct svm_cpu *c, struct svm_vcpu *v)
{
    if (c->next_asid >= svm.asids) {
        c->era++;
        c->next_asid = 1;
        v->vmcb->tlb_control = TLB_FLUSH_ALL;
    }
    v->vmcb->asid = c->next_asid++;
    v->vmcb->clean &= ~CLEAN_ASID;
    v->asid_era = c->era;
}

static void flush(struct svm_cpu *c, struct svm_vcpu *v)
{
    v->tlb_gen = v->v.space->tlb_gen;
    if (v->asid_era == c->era && svm.features & SVM_FLUSH_ASID)
        v->vmcb->tlb_control = TLB_FLUSH_ASID;
    else
        new_asid(c, v);
}

void hw_flush_tlb(struct vcpu *vcpu)
{
    SVM_VCPU(vcpu)->tlb_gen = vcpu->space->tlb_gen - 1;
}

/* VMRUN may have failed before it flushed: what was due, is. */
void svm_flush_failed(struct svm_vcpu *v)
{
    this_svm()->next_asid = svm.asids;
    v->asid_era = 0;
    hw_flush_tlb(&v->v);
}

static void save_debug(struct svm_vcpu *v)
{
    SAVE_DR(0, v->dr[0]);
    SAVE_DR(1, v->dr[1]);
    SAVE_DR(2, v->dr[2]);
    SAVE_DR(3, v->dr[3]);
}

/* Neither VMRUN nor VMLOAD switch these, and Bochs not even CR2; the host does not use them. */
static void switch_to(struct svm_cpu *c, struct svm_vcpu *v)
{
    if (!c->host_saved)
        svm_save_host(c);
    if (c->current)
        save_debug(c->current);
    LOAD_DR(0, v->dr[0]);
    LOAD_DR(1, v->dr[1]);
    LOAD_DR(2, v->dr[2]);
    LOAD_DR(3, v->dr[3]);
    write_cr2(v->vmcb->cr2);
    if (svm.has_tsc_aux)
        wrmsr(MSR_TSC_AUX, v->tsc_aux);
    c->current = v;
    if (v->asid_era != c->era)
        new_asid(c, v);
    /* From now on this processor is told when translations of the space are to be forgotten. */
    this_cpu()->guest_space = v->v.space;
    atomic_fence();
}

void hw_unload(struct vcpu *vcpu)
{
    struct svm_cpu *c = this_svm();

    if (!c || c->current != SVM_VCPU(vcpu))
        return;
    save_debug(c->current);
    c->current = NULL;
    SVM_VCPU(vcpu)->asid_era = 0;
}

/* The event that the next entry injects. */
void svm_inject(struct svm_vcpu *v, u64 event)
{
    v->vmcb->event_inj = v->injected = event;
    if (svm.is_tcg && event & L4_VCPU_EV_VALID && (event & L4_VCPU_EV_TYPE_MASK) == L4_VCPU_EV_INTR)
        v->slow |= SLOW_KICK;
}

/*
 * QEMU remembers an interrupt that VMRUN has injected until the next exit or exception.  If
 * anything but an interrupt makes it leave its loop before, a timer of its own or a request of
 * another processor, it delivers that interrupt again, whatever the guest's IF says.  So there
 * is an exit at once: an interrupt is waiting when the guest begins.
 */
static void kick(const struct cpu *cpu)
{
    arch_ipi(cpu->number);
}

/* What does not happen at every entry. */
static __attribute__((noinline)) void enter_slowly(struct svm_vcpu *v)
{
    struct cpu *cpu = this_cpu();
    struct svm_cpu *c = cpu->hw;

    if (cpu->work & WORK_SEGMENTS) { /* VMLOAD after the exit brings none back */
        local_load(cpu, NULL);
        cpu->loaded = NULL;
    }
    if (c->current != v)
        switch_to(c, v);
    if (cpu->live_fpu != v->v.fpu) {
        fpu_make_live(v->v.fpu);
        fpu_switch(cpu, false); /* it is not the VMM's */
    }
    if (v->tlb_gen != v->v.space->tlb_gen)
        flush(c, v);
    if (v->slow & SLOW_XCR0)
        xsetbv(0, v->xcr0);
    if (v->slow & SLOW_KICK)
        kick(cpu);
    svm_enter(v);
}

void hw_enter(struct vcpu *vcpu)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);
    u64 *runs = (u64 *)&vcpu->state->runs;
    const struct cpu *cpu = this_cpu();

    ++*runs;
    if (unlikely(((struct svm_cpu *)cpu->hw)->current != v || cpu->live_fpu != vcpu->fpu ||
                 v->tlb_gen != vcpu->space->tlb_gen || v->slow || cpu->work & WORK_SEGMENTS))
        enter_slowly(v);
    else
        svm_enter(v);
}
