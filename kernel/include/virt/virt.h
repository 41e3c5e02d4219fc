/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core and the API know of virtual machines.  A vCPU is a thread with
 * a state page; while TF_GUEST is set, resuming the thread means
 * entering the guest.
 */
#ifndef VIRT_VIRT_H
#define VIRT_VIRT_H

#include "core/thread.h"
#include "types.h"

/* Look for and switch on the processor's virtualization. Call once at boot; then on each other
 * processor the second. */
void virt_init(void);
void virt_start(void);

/* L4_SVM_*, features and quirks for the extension block (l4/almond.h). */
u32 virt_status(void);
u64 virt_features(void);
u64 virt_quirks(void);

/* Give thread t a vCPU in VM space `guest`, or in user mode in an ordinary one; its state page
 * appears at user address `state` (see space_pinned_page()).  Returns an enum l4_error. */
word_t vcpu_create(struct thread *t, struct space *guest, word_t state);

/* Take it away again, also from the middle of a run or sleep (which ends with an error). */
void vcpu_destroy(struct thread *t);

/* VcpuRun: check the state page and set TF_GUEST, or put t to sleep (halted), or end at once. */
void vcpu_start(struct thread *t);

/* Called by kernel_exit() for a thread with TF_GUEST: run the guest until the hardware ends
 * it.  That is a kernel entry like any other, on a fresh stack: it does its work and goes to
 * kernel_exit(), with TF_GUEST cleared if the exit concerns the VMM.  So this does not return
 * (and is not marked so only because the compiler then would not jump here). */
void vcpu_enter(struct thread *t);

/* End t's run or sleep, if there is one, with this reason (enum l4_vcpu_exit). */
void vcpu_end(struct thread *t, unsigned reason);

/* thread.notify_bits of a vCPU thread became non-zero: end the run if there is one. */
void vcpu_notified(struct thread *t);

/* thread_move(): out of its old processor's registers, on that; and on to its new one. */
void vcpu_unload(struct thread *t);
void vcpu_moved(struct thread *t, struct cpu *from);

/* The deadline has passed. */
void vcpu_deadline(struct timeout *timeout);

/* A space is about to go: take their vCPUs from all threads that have one in it. */
void vcpu_space_gone(struct space *s);

/* The space that t's vCPU runs in, or NULL. */
struct space *vcpu_space(const struct thread *t);

#endif
