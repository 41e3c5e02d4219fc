/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of svm/ share. */
#ifndef SVM_SVM_H
#define SVM_SVM_H

#include "core/cpu.h"
#include "virt/vcpu.h"
#include "vmcb.h"

struct svm_vcpu {
    struct vcpu v; /* first: vcpu_kind.alloc() */
    u64 vmcb_pa;   /* enter.S knows its place */
    struct vmcb *vmcb;
    u64 xcr0;
    u8 slow; /* SLOW_*: what the next entry and its exit have to do beside the common */
    u64 tsc_aux;
    u64 dr[4];      /* the guest's DR0-3 while another's are in the processor */
    u64 injected;   /* the event of the last or next VMRUN */
    u64 asid_era;   /* of svm_cpu.era, in which vmcb->asid was given out */
    u32 tlb_gen;    /* of the space when the guest's translations were last dropped */
    u32 exceptions; /* which ones the VMM wants to see */
};

/* XCR0 has to be loaded, or may be the guest's behind a run. */
#define SLOW_XCR0 1u
/* The next entry injects an interrupt, in QEMU: see kick(). */
#define SLOW_KICK 2u

#define SVM_VCPU(p) ((struct svm_vcpu *)(p)) /* from struct vcpu */

/* Each processor's side: cpu.hw. */
struct svm_cpu {
    u64 host_pa;              /* 0x00, enter.S: VMSAVE area of the host       */
    struct svm_vcpu *current; /* whose debug registers and TSC_AUX are loaded */
    u64 era;                  /* counts how often the ASIDs were used up      */
    u32 next_asid;
    bool host_saved;
    struct vmcb *host_area; /* for VMLOAD behind an exit */
};

/* What is the same for all. */
struct svm {
    u64 host_xcr0; /* 0: no XSAVE                                     */
    u32 asids;
    u32 features; /* CPUID 8000000a, EDX                              */
    u32 clean;    /* what to claim in vmcb.clean behind a run         */
    bool has_tsc_aux;
    bool is_tcg;
    bool xsetbv_escapes; /* guests write XCR0 behind our back */
    u64 io_unknown;      /* what an IO exit's information does not tell, as L4_IO_* */
    u64 iopm_pa, msrpm_pa;
};

extern struct svm svm;

_Static_assert(offsetof(struct svm_cpu, host_pa) == 0, "enter.S");

static inline struct svm_cpu *this_svm(void)
{
    return this_cpu()->hw;
}

/* Bitmaps in which all is intercepted but what VMLOAD and VMSAVE switch; false: no memory. */
bool svm_bitmaps_init(void);

/* On this processor, before it runs its first guest. */
void svm_save_host(struct svm_cpu *c);

/* The guest's state at reset, and nothing intercepted but what has to be. */
void svm_reset(struct svm_vcpu *v);

/* The event that the next entry injects; 0: none. */
void svm_inject(struct svm_vcpu *v, u64 event);

/* VMRUN refused the guest: a flush that was due has not happened. */
void svm_flush_failed(struct svm_vcpu *v);

void svm_set_xcr0(struct svm_vcpu *v, u64 xcr0);

/* What hw_kind consists of: see struct vcpu_kind.  In state.c: */
bool hw_load_gpr(struct vcpu *v);
void hw_store_gpr(struct vcpu *v);
void hw_load(struct vcpu *v, u32 groups);
void hw_store(struct vcpu *v, u32 groups);
/* In run.c: */
void hw_unload(struct vcpu *v);
void hw_flush_tlb(struct vcpu *v);
void hw_enter(struct vcpu *v);
/* In svm.c: */
void hw_set_window(struct vcpu *v, bool on);

/* enter.S: VMRUN on a fresh stack, svm_exited(), kernel_exit(). */
void svm_enter(struct svm_vcpu *v);
void svm_exited(struct svm_vcpu *v);

/* hw_store_gpr() */
static inline void svm_store_gpr(const struct svm_vcpu *v)
{
    const struct vmcb *c = v->vmcb;
    vcpu_state_t *s = v->v.state;

    s->gpr[L4_RAX] = c->rax;
    s->gpr[L4_RSP] = c->rsp;
    s->rip = c->rip;
    s->rflags = c->rflags;
    s->intr_shadow = c->int_shadow & 1;
    s->inject = c->event_inj; /* not delivered yet */
}

#endif
