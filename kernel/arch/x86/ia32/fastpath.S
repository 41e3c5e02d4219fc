/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast path of Ipc: a message of untyped words to a thread that waits for it on
 * this processor, and then the wait for an answer (to == from) or for anybody.
 *
 *   in    EAX to   ECX timeouts   EDX from   ESI MR0   EBX user eip   EBP user esp
 *   out   EAX the sender's id   ESI MR0   EBX MR1   EBP MR2   EDI own UTCB
 *
 * All other message registers are in the UTCBs.  ESP is the top of the kernel stack
 * and points to struct cpu.  Nothing is changed until all is known to be as it should
 * be.  Free for use: EBX, EBP (the receiver), EDI (the sender), and EAX once the
 * receiver is known by its id.
 *
 * DS and ES are what the user has in them, so all accesses go by way of SS.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/width.h"
#include "entry.inc"

#define TAG_NOT_FAST 0xffc0 /* typed items, flags */
#define TAG_UNTYPED  0x3f

        .section .text.entry, "ax"
        .globl entry_syscall
        .type entry_syscall, @function
        .balign 64
entry_syscall:
        cld
        movl CPU_CURRENT(%esp), %edi
        movl %ebx, %ss:F_IP(%edi)
        movl %ebp, %ss:F_SP(%edi)
        testw %cx, %cx                          /* how long to wait for an answer: for ever */
        jnz slow_ipc

        /* is there a thread with this id, and does it wait? */
        movl %eax, %ebp
        shrl $VERSION_BITS, %ebp
        movl %ss:THREAD_TABLE(, %ebp, 4), %ebp
        cmpl %eax, T_ID(%ebp)
        jne slow_ipc
        movl T_STATUS(%ebp), %ebx
        cmpl CPU_WAITING(%esp), %ebx
        jne fast_answer
        testl $TAG_NOT_FAST, %esi
        jnz slow_ipc
        /* would the scheduler let it run? */
        movzbl T_PRIORITY(%ebp), %ebx
        cmpl CPU_GATE(%esp), %ebx
        jb gate_closed
        /* for whom does it wait? */
worked: movl T_RECV_FROM(%ebp), %ebx
        cmpl %ss:T_ID(%edi), %ebx
        jne waits_for_any
expected:
        movl T_TABLE(%ebp), %ebx
        cmpl %ss:T_TABLE(%edi), %ebx
        je same_space
        /* may this domain send to that one? */
        movzwl T_DOMAIN(%ebp), %eax
        movl %ss:T_SPACE(%edi), %ebx
        movl %ss:S_REACH(%ebx), %ebx
        btl %eax, %ss:(%ebx)
        jnc slow_ipc_eax
        /* for whom is the sender going to wait? */
        cmpl T_ID(%ebp), %edx
        jne reply
        testb $PENDING_FOR_OTHER, %ss:T_PENDING(%edi) /* perhaps its answer waits already */
        jnz slow_ipc_eax
        movb $1, T_WAITED(%ebp)
1:      testl $TAG_UNTYPED, %esi
        jnz copy
        movl T_UTCB(%ebp), %ebx
        movl %esi, %ss:UTCB_MRS(%ebx)
        movl %ss:T_ID(%edi), %eax
        movl T_TABLE(%ebp), %ecx
        movl %ecx, CPU_TABLE(%esp)
        movl %ecx, %cr3
hand_over:
        incl %ss:T_SENT(%edi)
        movb $STATE_RECEIVING, %ss:T_STATE(%edi)
        movl %edx, %ss:T_RECV_FROM(%edi)
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
        sti
        sysexit

same_space:
        cmpl T_ID(%ebp), %edx
        jne reply_within
        testb $PENDING_FOR_OTHER, %ss:T_PENDING(%edi)
        jnz slow_ipc
        movb $1, T_WAITED(%ebp)
2:      testl $TAG_UNTYPED, %esi
        jnz copy_within
        movl T_UTCB(%ebp), %ebx
        movl %esi, %ss:UTCB_MRS(%ebx)
        movl %ss:T_UTCB_ADDR(%edi), %eax
        jmp hand_over

waits_for_any:
        cmpl $ANY_THREAD, %ebx
        je expected
        cmpl $ANY_LOCAL, %ebx
        jne slow_ipc
        movl T_TABLE(%ebp), %ebx
        cmpl %ss:T_TABLE(%edi), %ebx
        je same_space
        jmp slow_ipc

/* The sender replies, and waits for anybody: if somebody waits already, or if the receiver would run
 * on the sender's own time, the slow path sees to it. */
        .macro REPLY back
        cmpl $ANY_THREAD, %edx
        je 3f
        cmpl $ANY_LOCAL, %edx
        jne slow_ipc_eax
3:      cmpb $0, %ss:T_PENDING(%edi)
        jne slow_ipc_eax
        cmpl CPU_SLICE_OWNER(%esp), %edi
        jne \back
        jmp slow_ipc_eax
        .endm

reply:  REPLY 1b
reply_within:
        REPLY 2b

/* The message, from register 0 on, to the receiver's UTCB, which EBX points to then. */
        .macro COPY
        movl $SEL_UDATA, %ecx
        movl %ecx, %es
        movl %ss:T_UTCB(%edi), %eax
        movl %esi, %ss:UTCB_MRS(%eax)           /* MR0, which is still in a register only */
        movl %edi, CPU_SCRATCH(%esp)
        movl T_UTCB(%ebp), %ebx
        leal UTCB_MRS(%ebx), %edi
        movl %esi, %ecx
        andl $TAG_UNTYPED, %ecx
        incl %ecx
        leal UTCB_MRS(%eax), %esi
        rep movsl %ss:(%esi), %es:(%edi)
        movl CPU_SCRATCH(%esp), %edi
        movl UTCB_MRS(%ebx), %esi
        .endm

copy:   COPY
        movl %ss:T_ID(%edi), %eax
        movl T_TABLE(%ebp), %ecx
        movl %ecx, CPU_TABLE(%esp)
        movl %ecx, %cr3
        jmp hand_over
copy_within:
        COPY
        movl %ss:T_UTCB_ADDR(%edi), %eax
        jmp hand_over

/* Not because of its priority: the FPU is the sender's still, or its ports are open?  Thread-local
 * descriptors take longer. */
gate_closed:
        cmpl CPU_HIGHEST(%esp), %ebx
        jb slow_ipc
        testl $CPU_WORK_SLOW, CPU_WORK(%esp)
        jnz slow_ipc
        movl %cr0, %ebx
        orl $CR0_TS_BIT, %ebx
        movl %ebx, %cr0
        movw $IOMAP_OFF_VALUE, CPU_IOMAP(%esp)
        movl $0, CPU_WORK(%esp)
        movl CPU_HIGHEST(%esp), %ebx
        movl %ebx, CPU_GATE(%esp)
        jmp worked

/* ---- all other messages: MR0 into the UTCB, then C ---- */
slow_ipc_eax:
        movl T_ID(%ebp), %eax
        .globl slow_ipc
slow_ipc:
        pushl $2                                /* TF, NT, AC, DF, IOPL: off */
        popfl
        movl $SEL_UDATA, %ebx
        movl %ebx, %ds
        movl %ebx, %es
        movl $F_SYSENTER, F_VECTOR(%edi)
        movl %eax, F_AX(%edi)
        movl %ecx, F_CX(%edi)
        movl %edx, F_DX(%edi)
        movl T_UTCB(%edi), %ebx
        movl %esi, UTCB_MRS(%ebx)
        movl T_UTCB_ADDR(%edi), %ebx
        movl %ebx, F_DI(%edi)
        movl %edi, CPU_LOADED(%esp)
        movl %edi, %eax
        xorl %ebp, %ebp                         /* backtraces end here */
        call sys_ipc
        call kernel_exit

        .section .note.GNU-stack, "", @progbits
