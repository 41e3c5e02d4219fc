/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPU behind a thread, and what virt/ asks of the processor's
 * virtualization (arch/x86/svm today).
 */
#ifndef VIRT_VCPU_H
#define VIRT_VCPU_H

#include "core/kmem.h"
#include "core/list.h"
#include "core/timeout.h"
#include "l4/almond.h"
#include "types.h"

struct thread;
struct space;

/* The VMM's threads may write to the state page at any time: whatever is read
 * from it is read once, then checked or harmless. */
typedef volatile struct l4_vcpu_state vcpu_state_t;

struct vcpu {
    vcpu_state_t *state; /* 0x00: enter.S knows it */
    struct thread *thread;
    struct space *space; /* guest-physical memory */
    struct account *account;
    struct list space_link; /* in space->vcpus */
    word_t state_va;
    void *fpu;
    u64 deadline; /* what `timeout` is armed for */
    struct timeout timeout;
    bool window; /* the run shall end once the guest takes interrupts */
};

_Static_assert(offsetof(struct vcpu, state) == 0, "enter.S relies on it");

/* End the run under way with this reason; `groups` of state go to the VMM besides G_GPR, which
 * hw_store_gpr() has stored. */
void vcpu_exit(struct vcpu *v, unsigned reason, u32 groups);

/* ---- the hardware ---- */

/* Switch it on; L4_SVM_*.  And on another processor; false: no memory. */
u32 hw_init(u64 *features, u64 *quirks);
bool hw_start(void);

/* A vCPU in reset state whose first member is the struct vcpu; NULL: no memory. */
struct vcpu *hw_vcpu_alloc(struct account *a);
void hw_vcpu_free(struct account *a, struct vcpu *v);
/* space and fpu are set now. */
void hw_vcpu_bind(struct vcpu *v);

/* rax, rsp, rip, rflags and the event to inject; the other registers stay in the state page. */
void hw_load_gpr(struct vcpu *v);
void hw_store_gpr(struct vcpu *v);
/* The groups besides G_GPR. */
void hw_load(struct vcpu *v, u32 groups);
void hw_store(struct vcpu *v, u32 groups);

/* What of it is in this processor's registers goes to memory. */
void hw_unload(struct vcpu *v);

void hw_set_shadow(struct vcpu *v);
void hw_set_window(struct vcpu *v, bool on);
void hw_flush_tlb(struct vcpu *v);

/* Run the guest: vcpu_enter(). */
void hw_enter(struct vcpu *v);

#endif
