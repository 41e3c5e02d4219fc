/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets and sizes that entry.S needs; frame.c asserts that they are the compiler's. */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define KERNEL_STACK_SIZE 0x4000
#define FAULT_STACK_SIZE  0x1000

/* struct cpu */
#define CPU_CURRENT   0x00
#define CPU_STACK_TOP 0x08

/* struct arch_frame: from F_DI to F_AX in the order of PUSHA */
#define F_DI       0x10
#define F_DS       0x1c /* in the place of ESP */
#define F_ES       0x1e
#define F_AX       0x2c
#define F_VECTOR   0x30
#define F_ERROR    0x34
#define F_IP       0x38
#define F_CS       0x3c
#define F_FLAGS    0x40
#define F_SP       0x44
#define F_SS       0x48
#define F_SIZE     0x4c
#define F_SYSENTER 0x100 /* FRAME_SYSENTER */

/* Interrupts: the 8259s' spurious ones, one for each IO-APIC input; the system calls but Ipc;
 * the local APIC's own */
#define VEC_PIC      0x20
#define VEC_IRQ      0x30
#define VEC_IRQ_END  0xe0
#define VEC_SYSCALL  0xe0 /* + SYS_...: users call it */
#define VEC_TIMER    0xf0
#define VEC_ERROR    0xfe
#define VEC_SPURIOUS 0xff

#endif
