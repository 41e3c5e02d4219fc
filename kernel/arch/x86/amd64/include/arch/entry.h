/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What entry.S and C have in common.  switch.c asserts that the numbers below
 * are the compiler's.
 */
#ifndef ARCH_ENTRY_H
#define ARCH_ENTRY_H

#define KERNEL_STACK_SIZE 0x4000
#define IST_STACK_SIZE    0x1000

/* struct cpu */
#define CPU_CURRENT   0x00
#define CPU_FRAME_TOP 0x08
#define CPU_STACK_TOP 0x10
#define CPU_SCRATCH   0x18

/* struct arch_frame */
#define F_R15     0x00
#define F_R14     0x08
#define F_R13     0x10
#define F_R12     0x18
#define F_RBP     0x20
#define F_RBX     0x28
#define F_R11     0x30
#define F_R10     0x38
#define F_R9      0x40
#define F_R8      0x48
#define F_RAX     0x50
#define F_RCX     0x58
#define F_RDX     0x60
#define F_RSI     0x68
#define F_RDI     0x70
#define F_VECTOR  0x78
#define F_ERROR   0x80
#define F_RIP     0x88
#define F_CS      0x90
#define F_RFLAGS  0x98
#define F_RSP     0xa0
#define F_SS      0xa8
#define F_SIZE    0xb0
#define F_SYSCALL 0x100 /* FRAME_SYSCALL */

/* Exceptions */
#define VEC_DE  0
#define VEC_DB  1
#define VEC_NMI 2
#define VEC_BP  3
#define VEC_UD  6
#define VEC_NM  7
#define VEC_DF  8
#define VEC_NP  11
#define VEC_SS  12
#define VEC_GP  13
#define VEC_PF  14
#define VEC_MC  18

/* Interrupts: the 8259s' spurious ones, one for each IO-APIC input, the local APIC's own */
#define VEC_PIC      0x20
#define VEC_IRQ      0x30
#define VEC_IRQ_END  0xf0
#define VEC_TIMER    0xf0
#define VEC_ERROR    0xfe
#define VEC_SPURIOUS 0xff

/* System call numbers, passed in EBP: the order of syscall_table in binding.c. */
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
#define SYS_COUNT             15

#ifndef __ASSEMBLY__
#include "arch/frame.h"
#include "core/thread.h"

/* entry.S: where the processor enters the kernel. */
extern char entry_syscall[];
extern const word_t entry_vectors[256];
extern char entry_clac[]; /* three bytes to be patched into CLAC */
extern char boot_stack_top[];

/* Called by entry.S on this processor's kernel stack; kernel_exit() follows. */
void trap_user(struct thread *cur);
void trap_bad_ip(struct thread *cur);
/* The same for entries from kernel mode; execution goes on where f says. */
void trap_kernel(struct arch_frame *f);
/* An interrupt of the platform (plat/pc/irq.c). */
void irq_handle(unsigned vector);

/* entry.S: false if it faulted. */
bool user_copy(void *dst, const void *src, size_t n);
bool msr_read(u32 msr, u64 *value);
bool msr_write(u32 msr, u64 value);
extern const word_t fixup_sites[];
extern char fixup_failed[];

typedef void syscall_fn(struct thread *cur);
extern syscall_fn *const syscall_table[SYS_COUNT];
void syscall_bad(struct thread *cur);
#endif

#endif
