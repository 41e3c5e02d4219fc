/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast path of Ipc: a message of untyped words to a thread that waits for it on
 * this processor, and then the wait for an answer (to == from) or for anybody.
 *
 *   in and out   R9 RAX RBX R10 R12-R15: MR0-7      RSI: to, the sender's id
 *   in           RDX: from    R8: timeouts          RCX, R11: user rip, rflags
 *
 * Nothing is changed until all is known to be as it should be; else slow_ipc finds
 * what it needs where it was.  Free for use: RBP (the sender), RCX (the receiver),
 * RDI, R11, and RSP, for nothing here needs a stack, and NMIs have their own.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/width.h"

#define TAG_NOT_FAST   0xffc0 /* typed items, flags */
#define TAG_IN_MEMORY  0x38   /* more untyped words than registers hold */
#define MRS_IN_REGISTERS 8

        .section .text.entry, "ax"
        .globl fast_ipc
        .balign 64
fast_ipc:
        movq %gs:CPU_CURRENT, %rbp
        movq %rcx, F_RIP(%rbp)
        movq %rsp, F_RSP(%rbp)
        movq %r11, F_RFLAGS(%rbp)

        /* is there a thread with this id, and does it wait? */
        movq %rsi, %rcx
        shrq $VERSION_BITS, %rcx
        cmpl $(1 << THREAD_BITS), %ecx
        jae slow_ipc
        movq THREAD_TABLE(, %rcx, 8), %rcx
        cmpq %rsi, T_ID(%rcx)
        jne slow_ipc
        movl T_STATUS(%rcx), %edi
        cmpl %gs:CPU_WAITING, %edi
        jne fast_answer
        /* the message, and how long to wait for an answer: for ever */
        testl $TAG_NOT_FAST, %r9d
        jnz slow_ipc
        testw %r8w, %r8w
        jnz slow_ipc
        /* would the scheduler let it run? */
        movzbl T_PRIORITY(%rcx), %edi
        cmpl %gs:CPU_GATE, %edi
        jb gate_closed
worked: movl %gs, %edi
        cmpl $SEL_UGS, %edi
        jne slow_ipc
        /* for whom does it wait? */
        movq T_RECV_FROM(%rcx), %rdi
        cmpq T_ID(%rbp), %rdi
        jne waits_for_any
expected:
        movq T_TABLE(%rcx), %r11
        cmpq T_TABLE(%rbp), %r11
        je same_space
        /* may this domain send to that one? */
        movq T_SPACE(%rbp), %rsp
        movq S_REACH(%rsp), %rsp
        movzwl T_DOMAIN(%rcx), %edi
        btq %rdi, (%rsp)
        jnc slow_ipc
        /* for whom is the sender going to wait? */
        cmpq %rsi, %rdx
        jne reply
        testb $PENDING_FOR_OTHER, T_PENDING(%rbp) /* perhaps its answer waits already */
        jnz slow_ipc
        movb $1, T_WAITED(%rcx)
1:      testb $TAG_IN_MEMORY, %r9b
        jnz copy
        movq T_ID(%rbp), %rsi
        movq %r11, %gs:CPU_TABLE
        movq %r11, %cr3
hand_over:
        incq T_SENT(%rbp)
        movb $STATE_RECEIVING, T_STATE(%rbp)
        movq %rdx, T_RECV_FROM(%rbp)
        movb $STATE_READY, T_STATE(%rcx)
        movq %rcx, %gs:CPU_CURRENT
        leaq F_SIZE(%rcx), %rdi
        movq %rdi, %gs:CPU_RSP0
        movq T_UTCB_ADDR(%rcx), %rdi
        movq %rdi, %gs:CPU_SLOT
        movq F_RSP(%rcx), %rsp
        movq F_RFLAGS(%rcx), %r11
        movq F_RIP(%rcx), %rcx
        swapgs
        sysretq

same_space:
        cmpq %rsi, %rdx
        jne reply_within
        testb $PENDING_FOR_OTHER, T_PENDING(%rbp)
        jnz slow_ipc
        movb $1, T_WAITED(%rcx)
2:      testb $TAG_IN_MEMORY, %r9b
        jnz copy_within
        movq T_UTCB_ADDR(%rbp), %rsi
        jmp hand_over

waits_for_any:
        cmpq $ANY_THREAD, %rdi
        je expected
        cmpq $ANY_LOCAL, %rdi
        jne slow_ipc
        movq T_TABLE(%rcx), %r11
        cmpq T_TABLE(%rbp), %r11
        je same_space
        jmp slow_ipc

/* The sender replies, and waits for anybody: if somebody waits already, or if the receiver would run
 * on the sender's own time, the slow path sees to it. */
        .macro REPLY back
        cmpq $ANY_THREAD, %rdx
        je 3f
        cmpq $ANY_LOCAL, %rdx
        jne slow_ipc
3:      cmpb $0, T_PENDING(%rbp)
        jne slow_ipc
        cmpq %gs:CPU_SLICE_OWNER, %rbp
        jne \back
        jmp slow_ipc
        .endm

reply:  REPLY 1b
reply_within:
        REPLY 2b

/* The rest of the message; RSI will be the sender's id, and RCX waits in RSP. */
        .macro COPY
        movq %rcx, %rsp
        movl %r9d, %ecx
        andl $0x3f, %ecx
        subl $(MRS_IN_REGISTERS - 1), %ecx
        movq T_UTCB(%rbp), %rsi
        addq $(UTCB_MRS + 8 * MRS_IN_REGISTERS), %rsi
        movq T_UTCB(%rsp), %rdi
        addq $(UTCB_MRS + 8 * MRS_IN_REGISTERS), %rdi
        rep movsq
        movq %rsp, %rcx
        .endm

copy:   COPY
        movq T_ID(%rbp), %rsi
        movq %r11, %gs:CPU_TABLE
        movq %r11, %cr3
        jmp hand_over
copy_within:
        COPY
        movq T_UTCB_ADDR(%rbp), %rsi
        jmp hand_over

/* Not because of its priority: the FPU is the sender's still, or its ports are open?  Thread-local
 * descriptors take longer. */
gate_closed:
        movl %gs:CPU_HIGHEST, %r11d
        cmpl %r11d, %edi
        jb slow_ipc
        testl $CPU_WORK_SLOW, %gs:CPU_WORK
        jnz slow_ipc
        movq %cr0, %rdi
        orq $CR0_TS_BIT, %rdi
        movq %rdi, %cr0
        movw $IOMAP_OFF_VALUE, %gs:CPU_IOMAP
        movl $0, %gs:CPU_WORK
        movl %r11d, %gs:CPU_GATE
        jmp worked

/* ---- all other messages: the registers' words into the UTCB, then C ---- */
        .globl slow_ipc
slow_ipc:
        movq $F_SYSCALL, F_VECTOR(%rbp)
        movq $SYS_IPC, F_RBP(%rbp)
        movq %rsi, F_RSI(%rbp)
        movq %rdx, F_RDX(%rbp)
        movq %r8, F_R8(%rbp)
        movq T_UTCB(%rbp), %rdi
        movq %r9, UTCB_MRS + 0 * 8(%rdi)
        movq %rax, UTCB_MRS + 1 * 8(%rdi)
        movq %rbx, UTCB_MRS + 2 * 8(%rdi)
        movq %r10, UTCB_MRS + 3 * 8(%rdi)
        movq %r12, UTCB_MRS + 4 * 8(%rdi)
        movq %r13, UTCB_MRS + 5 * 8(%rdi)
        movq %r14, UTCB_MRS + 6 * 8(%rdi)
        movq %r15, UTCB_MRS + 7 * 8(%rdi)
        movq T_UTCB_ADDR(%rbp), %rdi
        movq %rdi, F_RDI(%rbp)
        movq %rbp, %rdi
        movq %rdi, %gs:CPU_LOADED
        movq %gs:CPU_STACK_TOP, %rsp
        xorl %ebp, %ebp
        call sys_ipc
        call kernel_exit

        .section .note.GNU-stack, "", @progbits
