/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest state between the state page and the VMCB.  VMRUN checks what it loads,
 * so only those values are looked at here that could touch the host.
 */
#include "arch/insn.h"
#include "arch/msr.h"
#include "svm.h"

/* SCE, LME, LMA, NXE, LMSLE, FFXSR, TCE; SVME stays what it has to be. */
#define EFER_GUEST 0xed01u

#define RFLAGS_FIXED 0x002u
#define RFLAGS_GUEST 0x3f7fd5u

/* EVENTINJ without its reserved bits 12-30. */
#define EVENT_MASK 0xffffffff80000fff

#define XCR0_X87    (1u << 0)
#define XCR0_SSE    (1u << 1)
#define XCR0_AVX    (1u << 2)
#define XCR0_MPX    (3u << 3)
#define XCR0_AVX512 (7u << 5)

bool hw_load_gpr(struct vcpu *vcpu)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);
    struct vmcb *c = v->vmcb;
    vcpu_state_t *s = vcpu->state;
    u64 rip = s->rip, event = s->inject;

    c->rax = s->gpr[L4_RAX];
    c->rsp = s->gpr[L4_RSP];
    c->rflags = (s->rflags & RFLAGS_GUEST) | RFLAGS_FIXED;
    if (c->rip != rip) /* the instruction is done, and the shadow with it */
        c->int_shadow = 0;
    c->rip = rip;
    if (unlikely(event))
        svm_inject(v, event & L4_VCPU_EV_VALID ? event & EVENT_MASK : 0);
    else
        c->event_inj = v->injected = 0;
    return true;
}

void hw_store_gpr(struct vcpu *vcpu)
{
    svm_store_gpr(SVM_VCPU(vcpu));
}

void svm_set_xcr0(struct svm_vcpu *v, u64 xcr0)
{
    v->xcr0 = xcr0;
    v->slow &= (u8)~SLOW_XCR0;
    if (xcr0 != svm.host_xcr0 || svm.xsetbv_escapes)
        v->slow |= SLOW_XCR0;
}

/* XSETBV would fault in the kernel on anything else. */
static bool xcr0_valid(u64 x)
{
    u64 avx512 = x & XCR0_AVX512, mpx = x & XCR0_MPX;

    if (!(x & XCR0_X87) || x & ~svm.host_xcr0 || (x & XCR0_AVX && !(x & XCR0_SSE)))
        return false;
    return (!mpx || mpx == XCR0_MPX) && (!avx512 || (avx512 == XCR0_AVX512 && x & XCR0_AVX));
}

static void load_ctrl(struct svm_vcpu *v, vcpu_state_t *s)
{
    struct vmcb *c = v->vmcb;
    u64 xcr0 = s->xcr0;

    c->cr0 = s->cr0;
    c->cr2 = s->cr2;
    if (this_svm()->current == v)
        write_cr2(c->cr2); /* see switch_to() */
    c->cr3 = s->cr3;
    c->cr4 = s->cr4;
    c->efer = (s->efer & EFER_GUEST) | EFER_SVME;
    if (svm.is_tcg && !(c->cr4 & CR4_PAE)) /* at the exit QEMU would not load the host's CR0 */
        c->efer &= ~(u64)EFER_LME;
    c->dr6 = s->dr6;
    c->dr7 = s->dr7;
    c->int_ctl = (c->int_ctl & ~INT_V_TPR) | (s->cr8 & INT_V_TPR);
    if (xcr0_valid(xcr0))
        svm_set_xcr0(v, xcr0);
    c->clean &= ~(CLEAN_CR | CLEAN_CR2 | CLEAN_DR | CLEAN_INT);
}

static void store_ctrl(struct svm_vcpu *v, vcpu_state_t *s)
{
    struct vmcb *c = v->vmcb;

    s->cr0 = c->cr0;
    s->cr2 = c->cr2;
    s->cr3 = c->cr3;
    s->cr4 = c->cr4;
    s->efer = c->efer & ~(u64)EFER_SVME;
    s->dr6 = c->dr6;
    s->dr7 = c->dr7;
    s->cr8 = c->int_ctl & INT_V_TPR;
    s->xcr0 = v->xcr0;
}

/* The state page's order is by register number, the VMCB's differs in the system segments. */
static vmcb_seg_t *segment(struct vmcb *c, unsigned n)
{
    static const u8 place[L4_SEG_COUNT] = {
        [L4_SEG_ES] = 0, [L4_SEG_CS] = 1,   [L4_SEG_SS] = 2,   [L4_SEG_DS] = 3,   [L4_SEG_FS] = 4,
        [L4_SEG_GS] = 5, [L4_SEG_GDTR] = 6, [L4_SEG_LDTR] = 7, [L4_SEG_IDTR] = 8, [L4_SEG_TR] = 9};

    return &c->es + place[n];
}

#define SEG_DPL_SHIFT 5

static void load_seg(struct vmcb *c, vcpu_state_t *s)
{
    for (unsigned i = 0; i < L4_SEG_COUNT; i++)
        *segment(c, i) = s->seg[i];
    c->cpl = c->ss.attr >> SEG_DPL_SHIFT & 3;
    c->clean &= ~(CLEAN_SEG | CLEAN_DT);
}

static void store_seg(struct vmcb *c, vcpu_state_t *s)
{
    c->ss.attr = (u16)((c->ss.attr & ~(3u << SEG_DPL_SHIFT)) | (u32)c->cpl << SEG_DPL_SHIFT);
    for (unsigned i = 0; i < L4_SEG_COUNT; i++)
        s->seg[i] = *segment(c, i);
}

static void load_sys(struct svm_vcpu *v, vcpu_state_t *s)
{
    struct vmcb *c = v->vmcb;

    c->star = s->star;
    c->lstar = s->lstar;
    c->cstar = s->cstar;
    c->sfmask = s->sfmask;
    c->kernel_gs_base = s->kernel_gs_base;
    c->sysenter_cs = s->sysenter_cs;
    c->sysenter_esp = s->sysenter_esp;
    c->sysenter_eip = s->sysenter_eip;
    c->pat = s->pat;
    c->tsc_offset = s->tsc_offset;
    v->tsc_aux = (u32)s->tsc_aux;
    if (this_svm()->current == v && svm.has_tsc_aux)
        wrmsr(MSR_TSC_AUX, v->tsc_aux);
    c->clean &= ~(CLEAN_NP | CLEAN_INTERCEPTS);
}

static void store_sys(struct svm_vcpu *v, vcpu_state_t *s)
{
    struct vmcb *c = v->vmcb;

    s->star = c->star;
    s->lstar = c->lstar;
    s->cstar = c->cstar;
    s->sfmask = c->sfmask;
    s->kernel_gs_base = c->kernel_gs_base;
    s->sysenter_cs = c->sysenter_cs;
    s->sysenter_esp = c->sysenter_esp;
    s->sysenter_eip = c->sysenter_eip;
    s->pat = c->pat;
    s->tsc_offset = c->tsc_offset;
    s->tsc_aux = v->tsc_aux;
}

#define PAUSE_FILTER 3000 /* that many PAUSEs before one counts */

static void load_conf(struct svm_vcpu *v, vcpu_state_t *s)
{
    u32 intercept = s->intercept, kernel = BIT(1) | BIT(17) | BIT(18); /* see exit.c */
    struct vmcb *c = v->vmcb;

    v->exceptions = s->exceptions & ~(BIT(2) | BIT(18)); /* NMI has its own; #MC is the host's */
    c->intercept_exceptions = v->exceptions | kernel;
    c->intercept1 = (c->intercept1 & ~(I1_PAUSE | I1_RDTSC)) |
                    (intercept & L4_VCPU_I_PAUSE ? I1_PAUSE : 0) |
                    (intercept & L4_VCPU_I_RDTSC ? I1_RDTSC : 0);
    c->intercept2 = (c->intercept2 & ~I2_RDTSCP) | (intercept & L4_VCPU_I_RDTSC ? I2_RDTSCP : 0);
    c->pause_filter_count = svm.features & SVM_PAUSE ? PAUSE_FILTER : 0;
    c->clean &= ~CLEAN_INTERCEPTS;
}

void hw_load(struct vcpu *vcpu, u32 groups)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);

    if (groups & L4_VCPU_G_CTRL)
        load_ctrl(v, vcpu->state);
    if (groups & L4_VCPU_G_SEG)
        load_seg(v->vmcb, vcpu->state);
    if (groups & L4_VCPU_G_SYS)
        load_sys(v, vcpu->state);
    if (groups & L4_VCPU_G_CONF)
        load_conf(v, vcpu->state);
}

/* G_CONF is the VMM's own and always what it was. */
void hw_store(struct vcpu *vcpu, u32 groups)
{
    struct svm_vcpu *v = SVM_VCPU(vcpu);

    if (groups & L4_VCPU_G_CTRL)
        store_ctrl(v, vcpu->state);
    if (groups & L4_VCPU_G_SEG)
        store_seg(v->vmcb, vcpu->state);
    if (groups & L4_VCPU_G_SYS)
        store_sys(v, vcpu->state);
}
