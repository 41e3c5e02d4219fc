/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System call stubs: one page that users execute at USER_STUBS; the KIP's links
 * point here.  A stub turns local thread ids into global ones, as X.2 wants
 * it done in user mode, puts the call's number into EBP (but for Ipc) and enters the kernel.
 * RCX, R11 and RBP are lost, what else changes is the call's result.
 */
#include "arch/entry.h"
#include "arch/layout.h"

#define MY_GLOBAL_ID (-120) /* TCR, relative to the local id */

/* Ids with six zero bits below are local, but for nilthread (0) and anylocalthread (-64). */
        .macro GLOBAL_ID reg, low
        testb $0x3f, \low
        jnz 7f
        testq \reg, \reg
        jz 7f
        cmpq $-64, \reg
        je 7f
        movq MY_GLOBAL_ID(\reg), \reg
7:
        .endm

        .macro STUB name
        .balign 64, 0xcc
stub_\name:
        .endm

        .macro CALL number
        movl $\number, %ebp
        syscall
        ret
        .endm

        .section .stubs, "ax"
        .code64
        .balign 4096
stubs:

        STUB ipc
        testb $0x3f, %sil
        jz 1f
2:      testb $0x3f, %dl
        jz 3f
4:      syscall
.Lipc_return:
        ret
        /* local ids, but for nilthread and anylocalthread */
1:      testq %rsi, %rsi
        jz 2b
        cmpq $-64, %rsi
        je 2b
        movq MY_GLOBAL_ID(%rsi), %rsi
        jmp 2b
3:      testq %rdx, %rdx
        jz 4b
        cmpq $-64, %rdx
        je 4b
        movq MY_GLOBAL_ID(%rdx), %rdx
        jmp 4b

        STUB unmap
        CALL SYS_UNMAP

        /* The result is the id of the other kind: local for global, global for local. */
        STUB exchange_registers
        testb $0x3f, %al
        jnz 1f
        testq %rax, %rax
        jz 1f
        movq MY_GLOBAL_ID(%rax), %rax
        CALL SYS_EXREGS_LOCAL
1:      CALL SYS_EXREGS

        STUB thread_control
        GLOBAL_ID %rsi, %sil
        GLOBAL_ID %rdx, %dl
        GLOBAL_ID %r8, %r8b
        CALL SYS_THREAD_CONTROL

        STUB space_control
        GLOBAL_ID %r9, %r9b
        CALL SYS_SPACE_CONTROL

        STUB schedule
        GLOBAL_ID %rdi, %dil
        CALL SYS_SCHEDULE

        STUB thread_switch
        pushq %rdi
        GLOBAL_ID %rdi, %dil
        movl $SYS_THREAD_SWITCH, %ebp
        syscall
        popq %rdi
        ret

        STUB processor_control
        CALL SYS_PROCESSOR_CONTROL

        /* Attributes 0 and 3 come in RCX and R11, which SYSCALL destroys: pass them in RDI and
         * R9 (MR0, stored here). */
        STUB memory_control
        movq %r9, (%rdi)
        movq %rcx, %rdi
        movq %r11, %r9
        movl $SYS_MEMORY_CONTROL, %ebp
        syscall
        movq %gs:0, %rdi
        ret

        /* microseconds = TSC * factor / 2^64; the factor lies behind the UTCB pointer */
        STUB system_clock
        rdtsc
        shlq $32, %rdx
        orq %rdx, %rax
        mulq %gs:8
        movq %rdx, %rax
        ret

        STUB vcpu_control
        GLOBAL_ID %rdi, %dil
        GLOBAL_ID %rsi, %sil
        CALL SYS_VCPU_CONTROL

        STUB vcpu_run
        CALL SYS_VCPU_RUN

        STUB vcpu_map
        CALL SYS_VCPU_MAP

        STUB notify
        GLOBAL_ID %rdi, %dil
        CALL SYS_NOTIFY

        STUB kmem_control
        CALL SYS_KMEM_CONTROL

        STUB domain_control
        CALL SYS_DOMAIN_CONTROL

        STUB cpu_time
        CALL SYS_CPU_TIME

        STUB thread_local
        CALL SYS_THREAD_LOCAL

        STUB trace_control
        CALL SYS_TRACE_CONTROL

        STUB interrupt_message
        CALL SYS_INTERRUPT_MESSAGE

        .macro LINK name
        .quad USER_STUBS + (stub_\name - stubs)
        .endm

        .section .rodata, "a"
        .balign 8
        .globl stub_ipc_return
stub_ipc_return:
        .quad USER_STUBS + (.Lipc_return - stubs)
        .globl arch_links, arch_ext_links
arch_links:
        LINK space_control
        LINK thread_control
        LINK processor_control
        LINK memory_control
        LINK ipc
        LINK ipc
        LINK unmap
        LINK exchange_registers
        LINK system_clock
        LINK thread_switch
        LINK schedule
arch_ext_links:
        LINK vcpu_control
        LINK vcpu_run
        LINK vcpu_map
        LINK notify
        LINK kmem_control
        LINK domain_control
        LINK cpu_time
        LINK thread_local
        LINK trace_control
        LINK interrupt_message

        .section .note.GNU-stack, "", @progbits
