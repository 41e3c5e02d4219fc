/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the core and what brings users into the kernel and out again. */
#ifndef CORE_BINDING_H
#define CORE_BINDING_H

#include "core/thread.h"
#include "types.h"

/* ---- implemented by the binding ---- */
/* Finish an IPC call: MR0-7 from t's UTCB and `from` into t's registers. */
void arch_ipc_result(struct thread *t, word_t from);
void arch_unmap_result(struct thread *t);
word_t arch_unmap_control(const struct thread *t);
void arch_vcpu_result(struct thread *t, word_t reason);
/* The arguments of the Ipc in which t is. */
struct ipc_call {
    word_t to, from, timeouts;
};
struct ipc_call arch_ipc_call(const struct thread *t);
/* t's system call, whose arguments are still in its frame and UTCB, once more. */
void arch_call_again(struct thread *t);
/* The exception protocol's register set (EXC_WORDS of them): store into / load from words
 * MR1...  Loading ignores exception number and error code and filters flags. */
void arch_exc_store(const struct thread *t, word_t *mr);
void arch_exc_load(struct thread *t, const word_t *mr, unsigned count);

/* ---- kernel entry and exit ---- */
/* Called by entry code with the work done: run whoever is next. */
_Noreturn void kernel_exit(void);
/* The same from anywhere: what is on the stack is forgotten. */
_Noreturn void kernel_abandon(void);

/* Set by arch before kernel_main(): the boot-time KIP and what the platform found. */
_Noreturn void kernel_main(void);

#endif
