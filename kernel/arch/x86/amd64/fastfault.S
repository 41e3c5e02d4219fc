/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast path of a page fault: the message to a pager that waits for it on this
 * processor, and the pager's answer, one small page of its own.
 *
 * As in fastpath.S nothing is changed until all is as it should be; RBP is the
 * thread that stops, RCX the one that goes on.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/width.h"
#include "frame.inc"

#define STATUS_FAULT (STATE_RECEIVING | KIPC_FAULT << 8)

        .section .text.entry, "ax"

/* ---- #PF: the message is what api_page_fault() would send ---- */
        .globl entry_page_fault
        .balign 64
entry_page_fault:
        cmpq $POOL_WINDOW, %rsp                 /* where threads are */
        jb no_thread
        pushq $VEC_PF
        PUSH_FRAME
        swapgs
        movq %rsp, %rbp
        movq T_UTCB(%rbp), %rdi
        movq UTCB_PAGER(%rdi), %rsi
        movq %rsi, %rcx
        shrq $VERSION_BITS, %rcx
        cmpl $(1 << THREAD_BITS), %ecx
        jae slow_fault
        movq THREAD_TABLE(, %rcx, 8), %rcx
        cmpq %rsi, T_ID(%rcx)
        jne slow_fault
        movl T_STATUS(%rcx), %edi
        cmpl %gs:CPU_WAITING, %edi
        jne slow_fault
        cmpb $0, T_PENDING(%rbp)                /* perhaps its answer waits already */
        jne slow_fault
        movzbl T_PRIORITY(%rcx), %edi
        cmpl %gs:CPU_GATE, %edi
        jb slow_fault
        movl %gs, %edi
        cmpl $SEL_UGS, %edi
        jne slow_fault
        cmpq $ANY_THREAD, T_RECV_FROM(%rcx)
        jne waits_for_one
open:   movq T_TABLE(%rcx), %r11
        cmpq T_TABLE(%rbp), %r11
        je within
        movq T_SPACE(%rbp), %rsp
        movq S_REACH(%rsp), %rsp
        movzwl T_DOMAIN(%rcx), %edi
        btq %rdi, (%rsp)
        jnc slow_fault_cr2
        movq T_ID(%rbp), %r8
        movq %r11, %gs:CPU_TABLE
        movq %r11, %cr3
tell:   movl F_ERROR(%rbp), %edi
        andl $0x1f, %edi
        movq fault_tags(, %rdi, 8), %r9         /* MR0 */
        movq %cr2, %rax                         /* MR1 */
        movq F_RIP(%rbp), %rbx                  /* MR2; the others are not part of the message */
        movw $STATUS_FAULT, T_STATUS(%rbp)
        incq T_SENT(%rbp)
        movq %rsi, T_RECV_FROM(%rbp)
        movq %r8, %rsi
        movb $1, T_WAITED(%rcx)
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

within: movq T_UTCB_ADDR(%rbp), %r8
        jmp tell

waits_for_one:
        movq T_RECV_FROM(%rcx), %rdi
        cmpq T_ID(%rbp), %rdi
        je open
        cmpq $ANY_LOCAL, %rdi
        jne slow_fault
        movq T_TABLE(%rcx), %rdi
        cmpq T_TABLE(%rbp), %rdi
        je within

slow_fault_cr2:
slow_fault:
        .globl clac_fault
clac_fault:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movq %rbp, %rdi
        movq %rdi, %gs:CPU_LOADED
        movq %gs:CPU_STACK_TOP, %rsp
        xorl %ebp, %ebp
        call trap_user
        call kernel_exit

no_thread:
        pushq $VEC_PF
        jmp not_thread

/*
 * ---- the answer: from fastpath.S, which has found that the receiver (RCX) does not wait as
 * the fast path there wants it; EDI is its status ----
 *
 * One map item of a small page, with rights to read at least, of a table of the sender's
 * that was used last, to a place in the table of the receiver's that was used last.  MR3-7
 * are no part of such a message, so their registers are free, too.
 */
        .globl fast_answer
fast_answer:
        subl %gs:CPU_WAITING, %edi
        cmpl $(KIPC_FAULT << 8), %edi
        jne slow_ipc
        cmpw $0x80, %r9w                        /* no untyped words, two typed ones */
        jne slow_ipc
        testw %r8w, %r8w
        jnz slow_ipc
        cmpq $ANY_THREAD, %rdx
        jne slow_ipc
        movq T_RECV_FROM(%rcx), %rdi
        cmpq T_ID(%rbp), %rdi
        jne slow_ipc
        cmpb $0, T_PENDING(%rbp)
        jne slow_ipc
        cmpq %gs:CPU_SLICE_OWNER, %rbp
        je slow_ipc
        movzbl T_PRIORITY(%rcx), %edi
        cmpl %gs:CPU_GATE, %edi
        jb slow_ipc
        movl %gs, %edi
        cmpl $SEL_UGS, %edi
        jne slow_ipc

        /* the item: RAX where to, RBX the fpage */
        movl %eax, %edi
        andl $0xe, %edi
        cmpl $8, %edi                           /* map */
        jne slow_ipc
        movl %ebx, %edi
        andl $0x3f4, %edi
        cmpl $(12 << 4 | 4), %edi               /* 4 KiB, readable */
        jne slow_ipc
fill:   lock btsl $0, mapdb_lock                /* another processor may have it: no waiting here */
        jc slow_ipc
        /* R11: the page's entry, RDI: the mapping behind it */
        movq T_SPACE(%rbp), %rsi
        movq %rbx, %rdi
        shrq $12, %rdi
        subq S_LEAF_FIRST(%rsi), %rdi
        cmpq $512, %rdi
        jae slow_answer
        movq S_LEAF(%rsi), %r11
        movq (%r11, %rdi, 8), %r11
        testb $1, %r11b
        jz slow_answer
        movq S_LEAF_NODES(%rsi), %rsi
        movslq (%rsi, %rdi, 4), %rdi
        cmpw $MAX_DEPTH, M_DEPTH(%rdi)
        jae slow_answer
        /* RSI: the receiver's space, R8: the place in its table, R13 */
        movq T_SPACE(%rcx), %rsi
        movq %rax, %r8
        shrq $12, %r8
        subq S_LEAF_FIRST(%rsi), %r8
        cmpq $512, %r8
        jae slow_answer
        movq S_LEAF(%rsi), %r13
        cmpq $0, (%r13, %r8, 8)
        jne slow_answer
        /* R10: a new mapping, which the receiver pays for */
        movq %gs:CPU_NODES, %r10
        leaq M_SIZE(%r10), %r12
        cmpq %gs:CPU_NODES_END, %r12
        ja refill
        movq S_ACCOUNT(%rsi), %rsp
        lock subq $M_SIZE, (%rsp)               /* struct account: left */
        jl refund

        movq %r12, %gs:CPU_NODES
        /* right behind its parent */
        movslq M_NEXT(%rdi), %r12
        movl %r12d, M_NEXT(%r10)
        movl %edi, M_PREV(%r10)
        movl %r10d, M_NEXT(%rdi)
        movl %r10d, M_PREV(%r12)
        movzwl M_DEPTH(%rdi), %r12d
        incl %r12d
        movl %r12d, M_DEPTH(%r10)
        movl %esi, M_SPACE(%r10)
        andq $-4096, %rax
        orq $12, %rax
        movq %rax, M_WHERE(%r10)
        /* Its entry: the parent's with the rights of the fpage. */
        andl $7, %ebx
        andq rights_and(, %rbx, 8), %r11
        orq rights_or(, %rbx, 8), %r11
        movq %r11, (%r13, %r8, 8)
        movq S_LEAF_NODES(%rsi), %r12
        movl %r10d, (%r12, %r8, 4)
        movl $0, mapdb_lock

        movw $STATE_READY, T_STATUS(%rcx)
        movb $STATE_RECEIVING, T_STATE(%rbp)
        incq T_SENT(%rbp)
        movq %rdx, T_RECV_FROM(%rbp)
        movq %rcx, %gs:CPU_CURRENT
        leaq F_SIZE(%rcx), %rdi
        movq %rdi, %gs:CPU_RSP0
        movq T_UTCB_ADDR(%rcx), %rdi
        movq %rdi, %gs:CPU_SLOT
        movq T_TABLE(%rcx), %r11
        movq %r11, %gs:CPU_TABLE
        movq %r11, %cr3
        movq %rcx, %rsp
        swapgs
        POP_FRAME
        iretq

refill: movl $0, mapdb_lock
        movq %gs:CPU_STACK_TOP, %rsp
        pushq %rax
        pushq %rcx
        pushq %rdx
        pushq %r9
        call mapping_refill
        testb %al, %al
        popq %r9
        popq %rdx
        popq %rcx
        popq %rax
        jnz fill
        jmp slow_unlocked

refund: lock addq $M_SIZE, (%rsp)
slow_answer:
        movl $0, mapdb_lock
slow_unlocked:
        movq T_ID(%rcx), %rsi
        xorl %r8d, %r8d                         /* the send timeout is of no use: it waits */
        xorl %r10d, %r10d                       /* not what the kernel has there */
        xorl %r12d, %r12d
        xorl %r13d, %r13d
        jmp slow_ipc

        .section .rodata, "a"
        .balign 64
/* The tags of page faults by the error code: bit 1 a write, bit 4 a fetch. */
fault_tags:
        .set n, 0
        .rept 32
        .if n & 16
        .quad FAULT_TAG | 1 << 16
        .elseif n & 2
        .quad FAULT_TAG | 2 << 16
        .else
        .quad FAULT_TAG | 4 << 16
        .endif
        .set n, n + 1
        .endr

/* What an entry loses, and gets, by the rights of an fpage: no execute, no write; and accessed and dirty
 * are for the new page to find out. */
#define PTE_ACCESS 0x60
#define PTE_WRITE  0x02
        .macro RIGHTS_AND n
        .if \n & 2
        .quad ~PTE_ACCESS
        .else
        .quad ~(PTE_ACCESS | PTE_WRITE)
        .endif
        .endm
        .macro RIGHTS_OR n
        .if \n & 1
        .quad 0
        .else
        .quad 1 << 63
        .endif
        .endm
        .altmacro
rights_and:
        .set n, 0
        .rept 8
        RIGHTS_AND %n
        .set n, n + 1
        .endr
rights_or:
        .set n, 0
        .rept 8
        RIGHTS_OR %n
        .set n, n + 1
        .endr

        .section .note.GNU-stack, "", @progbits
