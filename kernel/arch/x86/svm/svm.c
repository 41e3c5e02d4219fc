/* SPDX-License-Identifier: BSD-2-Clause */
/* AMD's Secure Virtual Machine: finding it, switching it on, a vCPU's control block. */
#include "svm.h"

#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "arch/switch.h"
#include "core/fpu.h"
#include "core/space.h"
#include "virt/virt.h"
#include "arch/offsets.h"
#include "svm-offsets.h"

#define VM_CR_SVMDIS (1u << 4)

_Static_assert(offsetof(struct svm_vcpu, v.state) == SVM_STATE, "enter.S");
_Static_assert(offsetof(struct svm_vcpu, vmcb_pa) == SVM_VMCB_PA, "enter.S");
_Static_assert(offsetof(struct l4_vcpu_state, gpr) == STATE_GPR, "enter.S");

struct svm svm;

static struct slab_cache vcpus = SLAB_CACHE("vcpu", struct svm_vcpu);
static struct slab_cache processors = SLAB_CACHE("svm processor", struct svm_cpu);

/* What a guest must never do by itself, whatever its VMM says. */
#define INTERCEPT1                                                                                 \
    (I1_INTR | I1_NMI | I1_SMI | I1_INIT | I1_RDPMC | I1_CPUID | I1_INVD | I1_HLT | I1_INVLPGA |   \
     I1_IOIO | I1_MSR | I1_TASK | I1_FERR | I1_SHUTDOWN)
#define INTERCEPT2                                                                                 \
    (I2_VMRUN | I2_VMMCALL | I2_VMLOAD | I2_VMSAVE | I2_STGI | I2_CLGI | I2_SKINIT | I2_WBINVD |   \
     I2_MONITOR | I2_MWAIT | I2_XSETBV | I2_RDPRU)
#define INTERCEPT3 (I3_INVLPGB | I3_INVLPGB_BAD | I3_MCOMMIT | I3_TLBSYNC)

static INIT bool is_tcg(void)
{
    struct cpuid c;

    if (!(cpuid(1, 0).c & BIT(31)))
        return false;
    c = cpuid(0x40000000, 0);
    return c.b == 0x54474354 && c.c == 0x43544743 && c.d == 0x47435447; /* TCGTCGTCGTCG */
}

static INIT u32 detect(void)
{
    if (!(cpuid_if(0x80000001, 0).c & BIT(2)))
        return L4_SVM_NO_CPU;
    if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS)
        return L4_SVM_DISABLED;
    return cpuid_if(0x8000000a, 0).d & SVM_NP ? L4_SVM_OK : L4_SVM_NO_NPT;
}

INIT bool hw_start(void)
{
    struct svm_cpu *c = slab_alloc(&processors, &accounts[0]);
    void *save_area = kmem_pages(&accounts[0], 0);

    if (!c || !save_area)
        return false;
    c->host_area = kmem_pages(&accounts[0], 0);
    if (!c->host_area)
        return false;
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
    wrmsr(MSR_VM_HSAVE_PA, virt_to_phys(save_area).v);
    c->host_pa = virt_to_phys(c->host_area).v;
    c->era = 1;             /* 0 in a vCPU: no ASID yet */
    c->next_asid = ~(u32)0; /* the first entry begins a new era */
    this_cpu()->hw = c;
    return true;
}

INIT u32 hw_init(u64 *features, u64 *quirks)
{
    struct cpuid id = cpuid_if(0x8000000a, 0);
    u32 status = detect();

    if (is_tcg())
        *quirks |= L4_ALMOND_Q_NO_XSETBV_EXIT | L4_ALMOND_Q_FIRST_PROCESSOR;
    if (status != L4_SVM_OK)
        return status;
    if (!svm_bitmaps_init() || !hw_start())
        return L4_SVM_DISABLED;
    svm.host_xcr0 = fpu_xcr0_supported();
    svm.features = id.d;
    svm.asids = id.b;
    svm.io_unknown = id.d & SVM_DECODE ? 0 : 7 << 10; /* the segment */
    svm.clean = id.d & SVM_CLEAN ? CLEAN_ALL : 0;
    svm.has_tsc_aux = cpuid(0x80000001, 0).d & BIT(27);
    svm.is_tcg = *quirks & L4_ALMOND_Q_NO_XSETBV_EXIT;
    svm.xsetbv_escapes = svm.host_xcr0 && svm.is_tcg;
    if (id.d & SVM_NRIP)
        *features |= L4_ALMOND_F_NRIP;
    return L4_SVM_OK;
}

/* What VMLOAD has to bring back behind an exit.  Users run already, so all of it is in place:
 * GS and its bases, system call MSRs, the task register. */
void svm_save_host(struct svm_cpu *c)
{
    switch_segments(this_cpu()); /* whatever the current thread has in GS */
    asm volatile("vmsave" : : "a"(c->host_pa) : "memory");
    c->host_saved = true;
}

void svm_reset(struct svm_vcpu *v)
{
    struct vmcb *c = v->vmcb;

    memset(&c->es, 0, sizeof(*c) - offsetof(struct vmcb, es));
    v->v.window = false;
    v->exceptions = 0;
    c->clean = 0;
    c->intercept_exceptions = BIT(1) | BIT(17) | BIT(18); /* see exit.c */
    c->intercept1 = INTERCEPT1;
    c->intercept2 = INTERCEPT2;
    c->intercept3 = INTERCEPT3;
    c->iopm_pa = svm.iopm_pa;
    c->msrpm_pa = svm.msrpm_pa;
    c->int_ctl = INT_MASKING;
    c->np_enable = 1;
    c->efer = EFER_SVME;
    c->cr0 = 0x60000010;
    c->rflags = 2;
    c->dr6 = 0xffff0ff0;
    c->dr7 = 0x400;
    c->pat = 0x0007040600070406;
}

static struct vcpu *alloc(struct account *a)
{
    struct svm_vcpu *v = slab_alloc(&vcpus, a);

    if (!v)
        return NULL;
    v->vmcb = kmem_pages(a, 0);
    if (!v->vmcb) {
        slab_free(&vcpus, a, v);
        return NULL;
    }
    v->vmcb_pa = virt_to_phys(v->vmcb).v;
    svm_set_xcr0(v, svm.xsetbv_escapes || !svm.host_xcr0 ? svm.host_xcr0 : 1);
    svm_reset(v);
    return &v->v;
}

static void free_vcpu(struct account *a, struct vcpu *vcpu)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);

    kmem_pages_free(a, v->vmcb, 0);
    slab_free(&vcpus, a, v);
}

static void bind(struct vcpu *vcpu)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);

    v->vmcb->n_cr3 = virt_to_phys(vcpu->space->pt_root).v;
    hw_flush_tlb(vcpu);
}

static void set_shadow(struct vcpu *vcpu)
{
    SVM_VCPU(vcpu)->vmcb->int_shadow = 1;
}

/* A virtual interrupt is pending whose delivery is intercepted. */
void hw_set_window(struct vcpu *vcpu, bool on)
{
    struct vmcb *c = SVM_VCPU(vcpu)->vmcb;

    vcpu->window = on;
    c->int_ctl =
        (c->int_ctl & INT_V_TPR) | INT_MASKING | (on ? INT_V_IRQ | INT_PRIO_MAX | INT_IGN_TPR : 0);
    c->intercept1 = (c->intercept1 & ~I1_VINTR) | (on ? I1_VINTR : 0);
    c->clean &= ~(CLEAN_INTERCEPTS | CLEAN_INT);
}

static void start(struct vcpu *v)
{
    struct thread *t = v->thread;

    if (unlikely(!this_cpu()->hw)) {
        vcpu_refuse(t);
    } else if (unlikely(vcpu_wants(t, v, v->state) || v->window)) {
        vcpu_start_slowly(v);
    } else {
        t->flags |= TF_GUEST;
        if (unlikely(!hw_load_gpr(v)))
            vcpu_end(t, L4_EXIT_INVALID);
    }
}

const struct vcpu_kind hw_kind = {
    .size = sizeof(struct svm_vcpu),
    .pages = 1,
    .alloc = alloc,
    .free = free_vcpu,
    .bind = bind,
    .load_gpr = hw_load_gpr,
    .start = start,
    .store_gpr = hw_store_gpr,
    .load = hw_load,
    .store = hw_store,
    .unload = hw_unload,
    .set_shadow = set_shadow,
    .set_window = hw_set_window,
    .flush_tlb = hw_flush_tlb,
    .enter = hw_enter,
};
