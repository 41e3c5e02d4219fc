/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPU behind a thread, and what virt/ asks of those who run guests: the processor's
 * virtualization (arch/x86/svm today), and the kernel itself for guests in user mode
 * (arch/x86/guest.c).
 */
#ifndef VIRT_VCPU_H
#define VIRT_VCPU_H

#include "core/kmem.h"
#include "core/list.h"
#include "core/thread.h"
#include "core/timeout.h"
#include "l4/almond.h"
#include "types.h"

/* The VMM's threads may write to the state page at any time: whatever is read
 * from it is read once, then checked or harmless. */
typedef volatile struct l4_vcpu_state vcpu_state_t;

struct vcpu_kind;

struct vcpu {
    vcpu_state_t *state; /* 0x00: enter.S knows it */
    const struct vcpu_kind *kind;
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

/* Whatever is not just going on with the guest's general registers. */
void vcpu_start_slowly(struct vcpu *v);
/* VcpuRun fails. */
void vcpu_refuse(struct thread *t);

_Static_assert(offsetof(struct vcpu, state) == 0, "enter.S relies on it");

_Static_assert(offsetof(struct l4_vcpu_state, dirty) == 0, "one look at both");
_Static_assert(offsetof(struct l4_vcpu_state, flags) == 4, "one look at both");

/* Is there more to do at a start than to load G_GPR, or to close the interrupt window? */
static inline bool vcpu_wants(const struct thread *t, const struct vcpu *v, const vcpu_state_t *s)
{
    u64 dirty_and_flags = *(const volatile u64 *)&s->dirty;

    return dirty_and_flags | t->notify_bits || s->deadline != v->deadline;
}

/* End the run under way with this reason; `groups` of state go to the VMM besides G_GPR, which
 * kind->store_gpr() has stored. */
void vcpu_exit(struct vcpu *v, unsigned reason, u32 groups);

/* Its beginning: what the state page says then. */
static inline void vcpu_ended(vcpu_state_t *s, unsigned reason, u32 groups)
{
    s->exit = reason;
    s->valid = L4_VCPU_G_GPR | L4_VCPU_G_CONF | groups;
}

/* ---- those who run guests ---- */

struct vcpu_kind {
    bool user_mode; /* not in a VM space but in an ordinary one */
    u32 size;       /* of the structure that begins with the struct vcpu: bytes of a slab */
    u32 pages;      /* and whole pages beside it, without FPU area and state page */

    /* A vCPU in reset state whose first member is the struct vcpu; NULL: no memory. */
    struct vcpu *(*alloc)(struct account *a);
    void (*free)(struct account *a, struct vcpu *v);
    /* space and fpu are set now. */
    void (*bind)(struct vcpu *v);

    /* What of G_GPR does not stay in the state page, and the event to inject; false: no guest can
     * have such registers. */
    bool (*load_gpr)(struct vcpu *v);
    /* VcpuRun, see vcpu_start(). */
    void (*start)(struct vcpu *v);
    void (*store_gpr)(struct vcpu *v);
    /* The groups besides G_GPR. */
    void (*load)(struct vcpu *v, u32 groups);
    void (*store)(struct vcpu *v, u32 groups);

    /* What of it is in this processor's registers goes to memory. */
    void (*unload)(struct vcpu *v);

    void (*set_shadow)(struct vcpu *v);
    void (*set_window)(struct vcpu *v, bool on);
    void (*flush_tlb)(struct vcpu *v);

    /* Run the guest: vcpu_enter(). */
    void (*enter)(struct vcpu *v);
};

extern const struct vcpu_kind hw_kind, user_kind;

/* Switch the hardware on; L4_SVM_*.  And on another processor; false: no memory. */
u32 hw_init(u64 *features, u64 *quirks);
bool hw_start(void);
/* Look what user mode is like on this processor. */
void user_init(void);

#endif
