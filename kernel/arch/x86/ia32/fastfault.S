/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast path of a page fault: the message to a pager that waits for it on this
 * processor, and the pager's answer, one small page of its own.
 *
 * As in fastpath.S nothing is changed until all is as it should be; EDI is the
 * thread that stops, EBP the one that goes on, ESP points to struct cpu.  DS and ES
 * are what the user has in them.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/width.h"
#include "entry.inc"

#define STATUS_FAULT (STATE_RECEIVING | KIPC_FAULT << 8)

        .section .text.entry, "ax"

/* ---- #PF: the message is what api_page_fault() would send ---- */
        .globl entry_page_fault
        .balign 64
entry_page_fault:
        testl $FLAG_VM, F_FLAGS - F_ERROR(%esp)
        jnz from_v86
        cmpl $IMAGE_BASE, %esp                  /* threads are below that */
        jae no_thread
        pushl $VEC_PF
        pushal
        leal -F_DI(%esp), %edi
        movzbl %ss:T_CPU(%edi), %ecx
        shll $16, %ecx                          /* AREA_SIZE */
        leal CPU_AREAS + AREA_CPU(%ecx), %esp
        movl %ss:T_UTCB(%edi), %ebx
        movl %ss:UTCB_PAGER(%ebx), %eax
        movl %eax, %ebp
        shrl $VERSION_BITS, %ebp
        movl %ss:THREAD_TABLE(, %ebp, 4), %ebp
        cmpl %eax, T_ID(%ebp)
        jne slow_fault
        movl T_STATUS(%ebp), %ebx
        cmpl CPU_WAITING(%esp), %ebx
        jne slow_fault
        cmpb $0, %ss:T_PENDING(%edi)            /* perhaps its answer waits already */
        jne slow_fault
        movzbl T_PRIORITY(%ebp), %ebx
        cmpl CPU_GATE(%esp), %ebx
        jb slow_fault
        cmpl $ANY_THREAD, T_RECV_FROM(%ebp)
        jne waits_for_one
open:   movl T_TABLE(%ebp), %ebx
        cmpl %ss:T_TABLE(%edi), %ebx
        je within
        movzwl T_DOMAIN(%ebp), %ecx
        movl %ss:T_SPACE(%edi), %ebx
        movl %ss:S_REACH(%ebx), %ebx
        btl %ecx, %ss:(%ebx)
        jnc slow_fault
        movl %ss:T_ID(%edi), %edx
        movl T_TABLE(%ebp), %ecx
        movl %ecx, CPU_TABLE(%esp)
        movl %ecx, %cr3
tell:   movl %eax, %ss:T_RECV_FROM(%edi)
        movl %edx, %eax
        movl %ss:F_ERROR(%edi), %ecx
        andl $2, %ecx                           /* a write */
        movl %ss:fault_tags(, %ecx, 2), %esi    /* MR0 */
        movl T_UTCB(%ebp), %ebx
        movl %esi, %ss:UTCB_MRS(%ebx)
        movl %cr2, %ecx
        movl %ecx, %ss:UTCB_MRS + 1 * 4(%ebx)
        movl %ss:F_IP(%edi), %edx
        movl %edx, %ss:UTCB_MRS + 2 * 4(%ebx)
        movw $STATUS_FAULT, %ss:T_STATUS(%edi)
        incl %ss:T_SENT(%edi)
        movb $1, T_WAITED(%ebp)
        movb $STATE_READY, T_STATE(%ebp)
        movl %ebp, CPU_CURRENT(%esp)
        leal F_SIZE(%ebp), %ecx
        movl %ecx, CPU_ESP0(%esp)
        movl T_UTCB_ADDR(%ebp), %edi
        movl %edi, CPU_SLOT(%esp)
        USER_SEGMENTS
        movl F_IP(%ebp), %edx
        movl F_SP(%ebp), %ecx
        movl UTCB_MRS + 2 * 4(%ebx), %ebp
        movl UTCB_MRS + 1 * 4(%ebx), %ebx
        cld
        sti
        sysexit

within: movl %ss:T_UTCB_ADDR(%edi), %edx
        jmp tell

waits_for_one:
        movl T_RECV_FROM(%ebp), %ebx
        cmpl %ss:T_ID(%edi), %ebx
        je open
        cmpl $ANY_LOCAL, %ebx
        jne slow_fault
        movl T_TABLE(%ebp), %ebx
        cmpl %ss:T_TABLE(%edi), %ebx
        je within

slow_fault:
        .globl clac_fault
clac_fault:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movw %ds, %ss:F_DS(%edi)
        movw %es, %ss:F_ES(%edi)
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        movl %edi, CPU_LOADED(%esp)
        movl %edi, %eax
        xorl %ebp, %ebp
        call trap_user
        call kernel_exit

no_thread:
        pushl $VEC_PF
        jmp not_thread
from_v86:
        pushl $VEC_PF
        jmp entry_v86

/*
 * ---- the answer: from fastpath.S, which has found that the receiver (EBP) does not wait as
 * the fast path there wants it; EBX is its status ----
 *
 * One map item of a small page, with rights to read at least, of a table of the sender's
 * that was used last, to a place in the table of the receiver's that was used last.
 */
        .globl fast_answer
fast_answer:
        subl CPU_WAITING(%esp), %ebx
        cmpl $(KIPC_FAULT << 8), %ebx
        jne slow_ipc
        cmpw $0x80, %si                         /* no untyped words, two typed ones */
        jne slow_ipc
        cmpl $ANY_THREAD, %edx
        jne slow_ipc
        movl T_RECV_FROM(%ebp), %ebx
        cmpl %ss:T_ID(%edi), %ebx
        jne slow_ipc
        cmpb $0, %ss:T_PENDING(%edi)
        jne slow_ipc
        cmpl CPU_SLICE_OWNER(%esp), %edi
        je slow_ipc
        movzbl T_PRIORITY(%ebp), %ebx
        cmpl CPU_GATE(%esp), %ebx
        jb slow_ipc

        /* the item: EAX where to, ECX the fpage; MR0 goes where slow_answer finds it */
        movl %ss:T_UTCB(%edi), %ebx
        movl %esi, %ss:UTCB_MRS(%ebx)
        movl %ss:UTCB_MRS + 1 * 4(%ebx), %eax
        movl %ss:UTCB_MRS + 2 * 4(%ebx), %ecx
        movl %eax, %ebx
        andl $0xe, %ebx
        cmpl $8, %ebx                           /* map */
        jne slow_unlocked
        movl %ecx, %ebx
        andl $0x3f4, %ebx
        cmpl $(12 << 4 | 4), %ebx               /* 4 KiB, readable */
        jne slow_unlocked
fill:   lock btsl $0, %ss:mapdb_lock            /* another processor may have it: no waiting here */
        jc slow_unlocked
        /* EBX: the page's entry with the rights of the fpage, ESI: the mapping behind it */
        movl %ss:T_SPACE(%edi), %esi
        movl %ecx, %edx
        shrl $12, %edx
        subl %ss:S_LEAF_FIRST(%esi), %edx
        cmpl $1024, %edx
        jae slow_answer
        movl %ss:S_LEAF(%esi), %ebx
        movl %ss:(%ebx, %edx, 4), %ebx
        testb $1, %bl
        jz slow_answer
        andl $7, %ecx
        andl %ss:rights_and(, %ecx, 4), %ebx
        movl %ss:S_LEAF_NODES(%esi), %esi
        movl %ss:(%esi, %edx, 4), %esi
        cmpw $MAX_DEPTH, %ss:M_DEPTH(%esi)
        jae slow_answer
        /* ECX: the receiver's space, EDX: the place in its table */
        movl T_SPACE(%ebp), %ecx
        movl %eax, %edx
        shrl $12, %edx
        subl %ss:S_LEAF_FIRST(%ecx), %edx
        cmpl $1024, %edx
        jae slow_answer
        movl %ss:S_LEAF(%ecx), %edi
        cmpl $0, %ss:(%edi, %edx, 4)
        jne slow_answer
        /* EDI: a new mapping, which the receiver pays for */
        movl CPU_NODES(%esp), %edi
        addl $M_SIZE, %edi
        cmpl CPU_NODES_END(%esp), %edi
        ja refill
        movl %ss:S_ACCOUNT(%ecx), %edi
        lock subl $M_SIZE, %ss:(%edi)           /* struct account: left */
        jl refund

        movl CPU_NODES(%esp), %edi
        addl $M_SIZE, CPU_NODES(%esp)
        movl %ecx, %ss:M_SPACE(%edi)
        /* right behind its parent */
        movl %ss:M_NEXT(%esi), %ecx
        movl %ecx, %ss:M_NEXT(%edi)
        movl %esi, %ss:M_PREV(%edi)
        movl %edi, %ss:M_NEXT(%esi)
        movl %edi, %ss:M_PREV(%ecx)
        movzwl %ss:M_DEPTH(%esi), %ecx
        incl %ecx
        movl %ecx, %ss:M_DEPTH(%edi)
        andl $-4096, %eax
        orl $12, %eax
        movl %eax, %ss:M_WHERE(%edi)
        movl T_SPACE(%ebp), %ecx
        movl %ss:S_LEAF(%ecx), %eax
        movl %ebx, %ss:(%eax, %edx, 4)
        movl %ss:S_LEAF_NODES(%ecx), %eax
        movl %edi, %ss:(%eax, %edx, 4)
        movl $0, %ss:mapdb_lock

        movl CPU_CURRENT(%esp), %edi
        movw $STATE_READY, T_STATUS(%ebp)
        movb $STATE_RECEIVING, %ss:T_STATE(%edi)
        incl %ss:T_SENT(%edi)
        movl $ANY_THREAD, %ss:T_RECV_FROM(%edi)
        movl %ebp, CPU_CURRENT(%esp)
        leal F_SIZE(%ebp), %ecx
        movl %ecx, CPU_ESP0(%esp)
        movl T_UTCB_ADDR(%ebp), %edi
        movl %edi, CPU_SLOT(%esp)
        movl T_TABLE(%ebp), %ecx
        movl %ecx, CPU_TABLE(%esp)
        movl %ecx, %cr3
        USER_SEGMENTS
        leal F_DI(%ebp), %esp
        popal
        addl $8, %esp                           /* vector, error */
        iretl

refill: movl $0, %ss:mapdb_lock
        movl $SEL_UDATA, %edx
        movl %edx, %ds
        movl %edx, %es
        pushl %eax
        pushl %ecx
        call mapping_refill
        testb %al, %al
        popl %ecx
        popl %eax
        movl CPU_CURRENT(%esp), %edi
        jnz fill
        jmp slow_unlocked

refund: lock addl $M_SIZE, %ss:(%edi)
slow_answer:
        movl $0, %ss:mapdb_lock
slow_unlocked:
        movl CPU_CURRENT(%esp), %edi
        movl T_ID(%ebp), %eax
        movl $ANY_THREAD, %edx
        xorl %ecx, %ecx                         /* the send timeout is of no use: it waits */
        movl %ss:T_UTCB(%edi), %ebx
        movl %ss:UTCB_MRS(%ebx), %esi
        jmp slow_ipc

        .section .rodata, "a"
        .balign 64
/* The tags of page faults: a read, or a fetch, which the hardware does not tell apart; a write. */
fault_tags:
        .long FAULT_TAG | 5 << 16, FAULT_TAG | 2 << 16

/* What an entry loses by the rights of an fpage: no write; and accessed and dirty are for the new
 * page to find out. */
#define PTE_ACCESS 0x60
#define PTE_WRITE  0x02
rights_and:
        .set n, 0
        .rept 8
        .if n & 2
        .long ~PTE_ACCESS
        .else
        .long ~(PTE_ACCESS | PTE_WRITE)
        .endif
        .set n, n + 1
        .endr

        .section .note.GNU-stack, "", @progbits
