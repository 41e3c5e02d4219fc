/* SPDX-License-Identifier: BSD-2-Clause */
/* What entry.S and C have in common: vectors, system call numbers, functions of each other. */
#ifndef ARCH_ENTRY_H
#define ARCH_ENTRY_H

#include "arch/offsets.h"

/* Exceptions */
#define VEC_DB  1
#define VEC_NMI 2
#define VEC_BP  3
#define VEC_UD  6
#define VEC_NM  7
#define VEC_DF  8
#define VEC_NP  11
#define VEC_GP  13
#define VEC_PF  14
#define VEC_MC  18

/* Any for which there is no gate while probe_int() executes it. */
#define PROBE_INT 0x80

/* System call numbers: the order of syscall_table in binding.c. */
#define SYS_IPC               0
#define SYS_UNMAP             1
#define SYS_EXREGS            2
#define SYS_EXREGS_LOCAL      3
#define SYS_THREAD_CONTROL    4
#define SYS_SPACE_CONTROL     5
#define SYS_SCHEDULE          6
#define SYS_THREAD_SWITCH     7
#define SYS_PROCESSOR_CONTROL 8
#define SYS_MEMORY_CONTROL    9
#define SYS_VCPU_CONTROL      10
#define SYS_VCPU_RUN          11
#define SYS_VCPU_MAP          12
#define SYS_NOTIFY            13
#define SYS_KMEM_CONTROL      14
#define SYS_DOMAIN_CONTROL    15
#define SYS_CPU_TIME          16
#define SYS_THREAD_LOCAL      17
#define SYS_TRACE_CONTROL     18
#define SYS_INTERRUPT_MESSAGE 19
#define SYS_COUNT             20

#ifndef __ASSEMBLY__
#include "arch/frame.h"
#include "core/thread.h"

/* entry.S: where the processor enters the kernel, the second by SYSCALL or SYSENTER; IA32: by NMI and
 * machine check, in pairs for each processor. */
extern const word_t entry_vectors[256];
extern const word_t entry_own_stack[];
extern char entry_syscall[];
extern char *const clac_sites[]; /* three bytes each to be patched into CLAC; ends with NULL */
extern char entry_page_fault[];
/* stubs.S, AMD64: the address behind Ipc's SYSCALL. */
extern const word_t stub_ipc_return;

/* Called by entry.S on this processor's kernel stack; kernel_exit() follows. */
void trap_user(struct thread *cur);
/* From a guest in user mode: cur is in the course of VcpuRun (guest.c). */
void trap_guest(struct thread *cur);
/* The same for entries from kernel mode; execution goes on where f says. */
void trap_kernel(struct arch_frame *f);
/* An interrupt of the platform (plat/pc/irq.c): it is noted for kernel_exit(). */
void irq_handle(unsigned vector);

/* arch/.../syscall.c: tell this processor where system calls enter the kernel. */
void syscall_init(struct cpu *cpu);
/* And the stub of SystemClock: microseconds = TSC * factor / 2^64. */
void syscall_set_clock(u64 factor);

/* entry.S: false if it faulted. */
bool user_copy(void *dst, const void *src, size_t n);
bool msr_read(u32 msr, u64 *value);
bool msr_write(u32 msr, u64 value);
/* AMD64: see desc_error_shift(). */
void probe_int(void);
/* How many bytes are left if it faulted; 0: done. */
size_t string_copy(void *dst, const void *src, size_t n);
/* Pairs: instructions that may fault, and where to go on then; ends with 0. */
extern const word_t fixups[];

/* fastpath.S's way to the general path. */
void sys_ipc(struct thread *cur);

typedef void syscall_fn(struct thread *cur);
extern syscall_fn *const syscall_table[SYS_COUNT];
extern u32 syscall_limit;
#endif

#endif
