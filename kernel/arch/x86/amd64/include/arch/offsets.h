/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets and sizes that entry.S needs; frame.c asserts that they are the compiler's. */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

/* struct cpu */
#define CPU_CURRENT     0x00
#define CPU_STACK_TOP   0x08
#define CPU_SELF        0x10
#define CPU_SCRATCH     0x18
#define CPU_SLICE_OWNER 0x20
#define CPU_TABLE       0x28
#define CPU_WAITING     0x30
#define CPU_GATE        0x34
#define CPU_WORK        0x38
#define CPU_LOADED      0x40
#define CPU_HW          0x48
#define CPU_HIGHEST     0x50
#define CPU_GUEST_STATE 0x58
#define CPU_NODES       0x60
#define CPU_NODES_END   0x68
#define CPU_GDT         0x80
#define CPU_IPC_RETURN  0xd0
#define CPU_TSS         0xe0
#define CPU_RSP0        0xe4
#define CPU_IOMAP       0x146

/* struct thread, behind its frame */
#define T_ID        0xb0
#define T_STATUS    0xb8
#define T_STATE     0xb8
#define T_PRIORITY  0xbc
#define T_PENDING   0xbd
#define T_WAITED    0xbe
#define T_RECV_FROM 0xc0
#define T_TABLE     0xc8
#define T_SPACE     0xd0
#define T_UTCB_ADDR 0xd8
#define T_UTCB      0xe0
#define T_DOMAIN    0xe8
#define T_SENT      0xf0

#define ANY_THREAD -1  /* ANYTHREAD */
#define ANY_LOCAL  -64 /* ANYLOCAL */

#define CPU_WORK_SLOW   0xc    /* WORK_SEGMENTS, WORK_TRACE */
#define CR0_TS_BIT      8      /* CR0_TS */
#define IOMAP_OFF_VALUE 0xffff /* IOMAP_OFF */

#define S_REACH 0x00 /* struct space: reach */

#define S_LEAF_FIRST 0x08
#define S_LEAF       0x10
#define S_LEAF_NODES 0x18
#define S_ACCOUNT    0x20

/* struct mapping */
#define M_PREV    0x00
#define M_NEXT    0x04
#define M_SPACE   0x08
#define M_DEPTH   0x0c
#define M_WHERE   0x10
#define M_SIZE    0x18
#define MAX_DEPTH 0x7fff /* MAPPING_MAX_DEPTH */

#define KIPC_FAULT 2              /* KIPC_PAGE_FAULT */
#define FAULT_TAG  (-2 << 20 | 2) /* the tag of a page fault, without rights */

#define PENDING_FOR_OTHER 2 /* PENDING_VIRTUAL */

#define STATE_READY     1 /* enum thread_state */
#define STATE_RECEIVING 3

#define UTCB_PAGER 0x1a0 /* struct utcb: pager, mr */
#define UTCB_MRS   0x200

#define STATE_GPR 0x80 /* struct l4_vcpu_state: gpr */

/* struct arch_frame */
#define F_R15     0x00
#define F_R14     0x08
#define F_R13     0x10
#define F_R12     0x18
#define F_RBP     0x20
#define F_RBX     0x28
#define F_R10     0x38
#define F_R9      0x40
#define F_R8      0x48
#define F_RAX     0x50
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

/* Interrupts: the 8259s' spurious ones, one for each IO-APIC input, the local APIC's own */
#define VEC_PIC      0x20
#define VEC_IRQ      0x30
#define VEC_IRQ_END  0xf0
#define VEC_TIMER    0xf0
#define VEC_IPI      0xf1
#define VEC_ERROR    0xfe
#define VEC_SPURIOUS 0xff

#endif
