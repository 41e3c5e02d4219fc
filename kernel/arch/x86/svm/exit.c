/* SPDX-License-Identifier: BSD-2-Clause */
/* #VMEXIT: what the kernel does itself, and how the VMM is told of the rest. */
#include "api/api.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/msr.h"
#include "arch/pagetable.h"
#include "core/arch.h"
#include "core/space.h"
#include "core/thread.h"
#include "debug/panic.h"
#include "svm.h"

/* Not a part of the common exits' way, which has no frames: see virt/run.c. */
#define SLOW __attribute__((noinline))

#define ALL       (L4_VCPU_G_CTRL | L4_VCPU_G_SEG | L4_VCPU_G_SYS)
#define VECTOR_AC 17
#define VECTOR_MC 18

enum action {
    NONE,   /* a code without a rule           */
    KERNEL, /* serve the host's interrupt      */
    PLAIN,  /* report, qual[0] as in the rule  */
    CPUID,
    MSR,
    IO,
    WINDOW,
    TASK,
};

/* For each exit code from EXIT_INTR on; len: instruction length without superfluous prefixes,
 * for processors that do not tell. */
static const struct rule {
    u8 action, reason, len, groups, qual;
} rules[] = {
#define RULE(code, ...) [code - EXIT_INTR] = {__VA_ARGS__}
    RULE(EXIT_INTR, KERNEL),
    RULE(EXIT_NMI, KERNEL),
    RULE(EXIT_SMI, KERNEL),
    RULE(EXIT_INIT, KERNEL),
    RULE(EXIT_VINTR, WINDOW, L4_EXIT_IRQ_WINDOW),
    RULE(EXIT_RDTSC, PLAIN, L4_EXIT_RDTSC, 2),
    RULE(EXIT_RDPMC, PLAIN, L4_EXIT_RDPMC, 2),
    RULE(EXIT_CPUID, CPUID, L4_EXIT_CPUID, 2),
    RULE(EXIT_INVD, PLAIN, L4_EXIT_WBINVD, 2),
    RULE(EXIT_PAUSE, PLAIN, L4_EXIT_PAUSE, 2),
    RULE(EXIT_HLT, PLAIN, L4_EXIT_HLT, 1),
    RULE(EXIT_INVLPGA, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_IOIO, IO, L4_EXIT_IO),
    RULE(EXIT_MSR, MSR, L4_EXIT_MSR, 2),
    RULE(EXIT_TASK, TASK, L4_EXIT_TASK, 0, ALL),
    RULE(EXIT_SHUTDOWN, PLAIN, L4_EXIT_SHUTDOWN, 0, ALL),
    RULE(EXIT_VMRUN, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_VMMCALL, PLAIN, L4_EXIT_VMMCALL, 3),
    RULE(EXIT_VMLOAD, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_VMSAVE, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_STGI, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_CLGI, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_SKINIT, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_RDTSCP, PLAIN, L4_EXIT_RDTSC, 3, 0, 1),
    RULE(EXIT_WBINVD, PLAIN, L4_EXIT_WBINVD, 2),
    RULE(EXIT_MONITOR, PLAIN, L4_EXIT_MWAIT, 3),
    RULE(EXIT_MWAIT, PLAIN, L4_EXIT_MWAIT, 3, 0, 1),
    RULE(EXIT_MWAIT_ARMED, PLAIN, L4_EXIT_MWAIT, 3, 0, 1),
    RULE(EXIT_XSETBV, PLAIN, L4_EXIT_XSETBV, 3, L4_VCPU_G_CTRL),
    RULE(EXIT_RDPRU, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_INVLPGB, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_INVLPGB_BAD, PLAIN, L4_EXIT_VIRT_INSN, 3),
    RULE(EXIT_MCOMMIT, PLAIN, L4_EXIT_VIRT_INSN, 4),
    RULE(EXIT_TLBSYNC, PLAIN, L4_EXIT_VIRT_INSN, 3),
#undef RULE
};

/*
 * The exit interrupted the delivery of an event: deliver it again, unless it was
 * raised by the instruction that RIP still points to (INT n, INT3, INTO).
 */
static SLOW u64 undelivered(const struct svm_vcpu *v)
{
    u64 event = v->vmcb->exit_int_info, type = event & L4_VCPU_EV_TYPE_MASK;
    u8 vector = (u8)event;

    if ((u32)event == (u32)v->injected)
        return event;
    if (type == L4_VCPU_EV_SOFTINT)
        return 0;
    if (type == L4_VCPU_EV_EXCEPTION && (vector == 3 || vector == 4))
        return 0;
    return event;
}

/* The groups that the VMM needs for this register: TSC, PAT, EFER and the like, not the APIC's. */
static u32 msr_groups(u32 msr)
{
    return msr < 0x100 || msr == MSR_PAT || msr >> 16 == 0xc000 ? ALL : 0;
}

/* The leaves that show CR4.OSXSAVE, CR4.PKE, XCR0. */
static u32 cpuid_groups(u32 leaf)
{
    return leaf == 1 || leaf == 7 || leaf == 0xd ? L4_VCPU_G_CTRL : 0;
}

static SLOW void window_open(struct svm_vcpu *v)
{
    hw_set_window(&v->v, false);
    v->v.state->exit_len = 0;
    svm_store_gpr(v);
    vcpu_exit(&v->v, L4_EXIT_IRQ_WINDOW, 0);
}

static inline void follow(struct svm_vcpu *v, const struct rule *r)
{
    vcpu_state_t *s = v->v.state;
    struct vmcb *c = v->vmcb;
    u32 groups = r->groups, len = r->len;

    if (len && svm.features & SVM_NRIP)
        len = (u32)(c->next_rip - c->rip);
    switch ((enum action)r->action) {
    case NONE:
    case KERNEL:
        s->host_intrs++;
        arch_interrupt_window();
        return;
    case WINDOW:
        window_open(v);
        return;
    case PLAIN:
        s->qual[0] = r->qual;
        break;
    case CPUID:
        groups = cpuid_groups((u32)c->rax);
        break;
    case MSR:
        s->qual[0] = c->exit_info1;
        groups = msr_groups((u32)s->gpr[L4_RCX]);
        break;
    case IO:
        s->qual[0] = c->exit_info1 | svm.io_unknown;
        s->qual[1] = c->exit_info2;
        len = (u32)(c->exit_info2 - c->rip);
        break;
    case TASK:
        s->qual[0] = c->exit_info1;
        s->qual[1] = c->exit_info2;
        break;
    }
    s->exit_len = len;
    svm_store_gpr(v);
    vcpu_exit(&v->v, r->reason, groups);
}

/* An exit without a rule of its own; the instruction has not been executed. */
static SLOW void report(struct svm_vcpu *v, unsigned reason, u64 q0, u64 q1, u64 q2)
{
    vcpu_state_t *s = v->v.state;

    s->qual[0] = q0;
    s->qual[1] = q1;
    s->qual[2] = q2;
    s->exit_len = 0;
    svm_store_gpr(v);
    vcpu_exit(&v->v, reason, ALL);
}

static bool page_present(const struct space *space, u64 addr, u64 error)
{
    struct pt_leaf l = pt_lookup(space, addr);
    unsigned need = (error & L4_NPF_WRITE ? RIGHT_W : 0) | (error & L4_NPF_FETCH ? RIGHT_X : 0);

    return addr < USER_END && l.pte && (pt_rights(&l) & need) == need;
}

/* A fault that is one no longer is simply tried again. */
static SLOW void nested_fault(struct svm_vcpu *v)
{
    struct vmcb *c = v->vmcb;
    vcpu_state_t *s = v->v.state;
    unsigned n = svm.features & SVM_DECODE ? c->insn_count & 15 : 0;

    if (page_present(v->v.space, c->exit_info2, c->exit_info1))
        return;
    for (unsigned i = 0; i < n; i++)
        s->insn[i] = c->insn[i];
    s->insn_count = n;
    report(v, L4_EXIT_NPF, c->exit_info2, c->exit_info1, 0);
}

/*
 * #DB and #AC are always intercepted: the delivery of one may raise the next for
 * ever, and the processor takes no interrupt in between.  If the VMM does not
 * want them, the guest gets them at the next entry.
 */
static SLOW void exception(struct svm_vcpu *v, unsigned vector)
{
    struct vmcb *c = v->vmcb;

    if (vector == VECTOR_MC)
        panic("machine check in a guest");
    if (v->exceptions & BIT(vector))
        report(v, L4_EXIT_EXCEPTION, vector, c->exit_info1, c->exit_info2);
    else
        svm_inject(v, L4_VCPU_EV_VALID | L4_VCPU_EV_EXCEPTION | vector |
                          (vector == VECTOR_AC ? L4_VCPU_EV_HAS_ERROR : 0));
}

/*
 * VMRUN has refused the guest.  What it leaves in the VMCB then is anybody's guess
 * (QEMU: pieces of the host's state, and int_ctl cleared): forget it.  The state
 * page stays as the VMM wrote it.
 */
static SLOW void refused(struct svm_vcpu *v)
{
    svm_flush_failed(v);
    svm_reset(v);
    hw_load_gpr(&v->v);
    v->v.state->exit_len = 0;
    vcpu_exit(&v->v, L4_EXIT_INVALID, 0);
}

static SLOW void dispatch(struct svm_vcpu *v)
{
    u32 code = (u32)v->vmcb->exit_code, n = code - EXIT_INTR;

    if (likely(n < ARRAY_SIZE(rules) && rules[n].action))
        follow(v, &rules[n]);
    else if (code == EXIT_NPF)
        nested_fault(v);
    else if (code >= EXIT_EXCEPTION && code <= EXIT_EXCEPTION_LAST)
        exception(v, code - EXIT_EXCEPTION);
    else if (code == EXIT_INVALID)
        refused(v);
    else
        report(v, L4_EXIT_UNKNOWN, code, v->vmcb->exit_info1, v->vmcb->exit_info2);
}

static SLOW void exited_slowly(struct svm_vcpu *v)
{
    if (v->slow & SLOW_XCR0)
        xsetbv(0, svm.host_xcr0);
    v->slow &= (u8)~SLOW_KICK;
    svm_inject(v, v->vmcb->exit_int_info & L4_VCPU_EV_VALID ? undelivered(v) : 0);
    dispatch(v);
}

void svm_exited(struct svm_vcpu *v)
{
    struct vmcb *c = v->vmcb;

    c->clean = svm.clean;
    c->tlb_control = TLB_KEEP;
    if (unlikely(v->slow || c->exit_int_info & L4_VCPU_EV_VALID)) {
        exited_slowly(v);
        return;
    }
    v->vmcb->event_inj = v->injected = 0;
    dispatch(v);
}
