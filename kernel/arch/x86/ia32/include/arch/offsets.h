/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets and sizes that entry.S needs; frame.c asserts that they are the compiler's. */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define CPU_MAX_ENTRIES  32 /* CPU_MAX */
#define FAULT_STACK_SIZE 0x1000

/* struct cpu */
#define CPU_CURRENT     0x00
#define CPU_STACK_TOP   0x04
#define CPU_SCRATCH     0x0c
#define CPU_SLICE_OWNER 0x10
#define CPU_TABLE       0x14
#define CPU_WAITING     0x18
#define CPU_GATE        0x1c
#define CPU_WORK        0x20
#define CPU_LOADED      0x28
#define CPU_HIGHEST     0x30
#define CPU_GUEST_STATE 0x34
#define CPU_NODES       0x38
#define CPU_NODES_END   0x3c
#define CPU_ESP0        0x9c
#define CPU_IOMAP       0xfe
#define CPU_GUEST_FRAME 0x2910

/* struct thread, behind its frame */
#define T_ID        0x4c
#define T_STATUS    0x50
#define T_STATE     0x50
#define T_PRIORITY  0x54
#define T_PENDING   0x55
#define T_WAITED    0x56
#define T_RECV_FROM 0x58
#define T_TABLE     0x5c
#define T_SPACE     0x60
#define T_UTCB_ADDR 0x64
#define T_UTCB      0x68
#define T_DOMAIN    0x6c
#define T_SENT      0x74

#define ANY_THREAD -1  /* ANYTHREAD */
#define ANY_LOCAL  -64 /* ANYLOCAL */

#define CPU_WORK_SLOW   0xc    /* WORK_SEGMENTS, WORK_TRACE */
#define CR0_TS_BIT      8      /* CR0_TS */
#define IOMAP_OFF_VALUE 0xffff /* IOMAP_OFF */

#define S_REACH 0x00 /* struct space: reach */

#define S_LEAF_FIRST 0x04
#define S_LEAF       0x08
#define S_LEAF_NODES 0x0c
#define S_ACCOUNT    0x10

/* struct mapping */
#define M_PREV    0x00
#define M_NEXT    0x04
#define M_SPACE   0x08
#define M_DEPTH   0x0c
#define M_WHERE   0x10
#define M_SIZE    0x14
#define MAX_DEPTH 0x7fff /* MAPPING_MAX_DEPTH */

#define KIPC_FAULT 2              /* KIPC_PAGE_FAULT */
#define FAULT_TAG  (-2 << 20 | 2) /* the tag of a page fault, without rights */

#define PENDING_FOR_OTHER 2 /* PENDING_VIRTUAL */

#define STATE_READY     1 /* enum thread_state */
#define STATE_RECEIVING 3

#define UTCB_PAGER 0xd0 /* struct utcb: pager, mr */
#define UTCB_MRS   0x100

/* struct arch_frame: from F_DI to F_AX in the order of PUSHA */
#define F_DI       0x10
#define F_SI       0x14
#define F_BP       0x18
#define F_DS       0x1c /* in the place of ESP */
#define F_ES       0x1e
#define F_BX       0x20
#define F_DX       0x24
#define F_CX       0x28
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
#define VEC_IRQ_END  0xd0
#define VEC_SYSCALL  0xd0 /* + SYS_...: users call it */
#define VEC_TIMER    0xf0
#define VEC_IPI      0xf1
#define VEC_ERROR    0xfe
#define VEC_SPURIOUS 0xff

#endif
