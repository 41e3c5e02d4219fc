/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * X.2's system calls and protocols as C functions, one file of kernel/api for
 * each.  The binding of an architecture (arch/.../binding.c) takes arguments
 * from registers and puts results back; all ids are global here, since the
 * user-mode stubs have converted local ones.
 */
#ifndef API_API_H
#define API_API_H

#include "core/binding.h"
#include "core/thread.h"
#include "types.h"

enum l4_error {
    ERR_OK = 0,
    ERR_PRIVILEGE = 1,
    ERR_THREAD = 2,
    ERR_SPACE = 3,
    ERR_SCHEDULER = 4,
    ERR_PARAM = 5,
    ERR_UTCB = 6,
    ERR_KIP = 7,
    ERR_MEMORY = 8
};

struct exregs {
    word_t control, sp, ip, flags, handle, pager; /* in: new values; out: old values */
};

/*
 * Each returns the call's result word; on 0 the caller's TCR ErrorCode is set.  Calls that
 * need other processors, or take long, may not return: they start over (CONT_CALL).
 */
word_t api_exchange_registers(struct thread *cur, word_t dest, struct exregs *r);
word_t api_thread_control(struct thread *cur, word_t dest, word_t space, word_t scheduler,
                          word_t pager, word_t utcb);
word_t api_space_control(struct thread *cur, word_t space, word_t control, word_t kip, word_t utcb,
                         word_t redirector, word_t *old_control);
word_t api_schedule(struct thread *cur, word_t dest, word_t time, word_t processor, word_t prio,
                    word_t preemption, word_t *old_time);
word_t api_processor_control(struct thread *cur, word_t processor, word_t internal, word_t external,
                             word_t voltage);
word_t api_memory_control(struct thread *cur, word_t control, const word_t attr[4]);
void api_thread_switch(struct thread *cur, word_t dest);
/* Fpages in the caller's MRs, status back there; arch_unmap_result() when it ends, now or later. */
void api_unmap(struct thread *cur, word_t control);
void api_unmap_again(struct thread *cur);

/* Ipc and Lipc are ipc_start() in core/ipc.h. */

/* Extensions: docs/almond-extensions.md */
word_t api_vcpu_control(struct thread *cur, word_t thread, word_t vm_space, word_t state);
void api_vcpu_run(struct thread *cur); /* when the run ends, arch_vcpu_result() is called */
word_t api_vcpu_map(struct thread *cur, word_t fpage, word_t base);
word_t api_notify(struct thread *cur, word_t thread, word_t bits);
word_t api_kmem_control(struct thread *cur, word_t account, word_t limit, word_t *out_limit);

word_t api_domain_control(struct thread *cur, word_t domain, word_t operation, word_t argument);
word_t api_cpu_time(struct thread *cur, word_t of, u64 *us, word_t *sent);
word_t api_thread_local(struct thread *cur, word_t index, word_t low, word_t high);
word_t api_trace_control(struct thread *cur, word_t operation, word_t argument, word_t *from);
word_t api_interrupt_message(struct thread *cur, word_t irq, word_t *data);

/* ---- from trap handlers ---- */
void api_page_fault(struct thread *cur, word_t addr, unsigned rights, word_t ip);
void api_io_fault(struct thread *cur, u16 port, unsigned log2_size, word_t ip);
void api_exception(struct thread *cur); /* number and error code are in cur->frame */
void api_interrupt(unsigned irq);

/* ---- from kernel_exit() ---- */
void api_preemption(
    struct thread *cur); /* its total quantum, or the delay of its preemption, is over */

#endif
