/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System call stubs, in the upper half of the KIP, wherever a space has it; the
 * KIP's links are their offsets.  A stub turns local thread ids into global
 * ones, as X.2 wants it done in user mode, and enters the kernel: with SYSENTER
 * for Ipc, which may lose ECX and EDX, with an interrupt for all others, which
 * lose nothing.
 */
#include "arch/entry.h"
#include "arch/layout.h"

#define MY_GLOBAL_ID (-60) /* TCR, relative to the local id */

/* Ids with six zero bits below are local, but for nilthread (0) and anylocalthread (-64). */
        .macro GLOBAL_ID reg
        testl $0x3f, \reg
        jnz 7f
        testl \reg, \reg
        jz 7f
        cmpl $-64, \reg
        je 7f
        movl MY_GLOBAL_ID(\reg), \reg
7:
        .endm

        .macro STUB name
        .balign 16, 0xcc
stub_\name:
        .endm

        .macro TRAP number
        int $(VEC_SYSCALL + \number)
        ret
        .endm

        .section .stubs, "aw"
stubs:

        /* The kernel goes back to the caller at once: EBX is its address, EBP its stack */
        STUB ipc
        testb $0x3f, %al
        jz 1f
2:      testb $0x3f, %dl
        jz 3f
4:      popl %ebx
        movl %esp, %ebp
        sysenter
        /* local ids, but for nilthread and anylocalthread */
1:      testl %eax, %eax
        jz 2b
        cmpl $-64, %eax
        je 2b
        movl MY_GLOBAL_ID(%eax), %eax
        jmp 2b
3:      testl %edx, %edx
        jz 4b
        cmpl $-64, %edx
        je 4b
        movl MY_GLOBAL_ID(%edx), %edx
        jmp 4b

        STUB unmap
        TRAP SYS_UNMAP

        /* The result is the id of the other kind: local for global, global for local. */
        STUB exchange_registers
        testb $0x3f, %al
        jnz 1f
        testl %eax, %eax
        jz 1f
        movl MY_GLOBAL_ID(%eax), %eax
        TRAP SYS_EXREGS_LOCAL
1:      TRAP SYS_EXREGS

        STUB thread_control
        GLOBAL_ID %ecx
        GLOBAL_ID %edx
        GLOBAL_ID %esi
        TRAP SYS_THREAD_CONTROL

        STUB space_control
        GLOBAL_ID %edi
        TRAP SYS_SPACE_CONTROL

        STUB schedule
        GLOBAL_ID %eax
        TRAP SYS_SCHEDULE

        STUB thread_switch
        pushl %eax
        GLOBAL_ID %eax
        int $(VEC_SYSCALL + SYS_THREAD_SWITCH)
        popl %eax
        ret

        STUB processor_control
        TRAP SYS_PROCESSOR_CONTROL

        STUB memory_control
        TRAP SYS_MEMORY_CONTROL

        /*
         * microseconds = TSC * factor / 2^64: four products, of which the lowest word is not
         * needed.  ESI:EDI is the TSC, EBP:ECX the sum in the middle, ESI and EDI are lost.
         */
        STUB system_clock
        pushl %ebx
        pushl %ecx
        pushl %ebp
        call 1f
1:      popl %ebx
        rdtsc
        movl %edx, %esi
        movl %eax, %edi
        mull stub_clock_factor - 1b(%ebx)       /* low * low */
        movl %edx, %ecx
        movl %esi, %eax
        mull stub_clock_factor - 1b(%ebx)       /* high * low */
        addl %eax, %ecx
        adcl $0, %edx
        movl %edx, %ebp
        movl %edi, %eax
        mull stub_clock_factor + 4 - 1b(%ebx)   /* low * high */
        movl $0, %edi
        addl %eax, %ecx
        adcl %edx, %ebp
        adcl $0, %edi
        movl %esi, %eax
        mull stub_clock_factor + 4 - 1b(%ebx)   /* high * high */
        addl %ebp, %eax
        adcl %edi, %edx
        popl %ebp
        popl %ecx
        popl %ebx
        ret

        STUB vcpu_control
        GLOBAL_ID %eax
        GLOBAL_ID %ecx
        TRAP SYS_VCPU_CONTROL

        STUB vcpu_run
        TRAP SYS_VCPU_RUN

        STUB vcpu_map
        TRAP SYS_VCPU_MAP

        STUB notify
        GLOBAL_ID %eax
        TRAP SYS_NOTIFY

        STUB kmem_control
        TRAP SYS_KMEM_CONTROL

        STUB domain_control
        TRAP SYS_DOMAIN_CONTROL

        STUB cpu_time
        TRAP SYS_CPU_TIME

        STUB thread_local
        TRAP SYS_THREAD_LOCAL

        STUB trace_control
        TRAP SYS_TRACE_CONTROL

        STUB interrupt_message
        TRAP SYS_INTERRUPT_MESSAGE

        .balign 8
        .globl stub_clock_factor
stub_clock_factor:
        .quad 0
        .globl _stubs_end
_stubs_end:

        .macro LINK name
        .long KIP_STUBS + (stub_\name - stubs)
        .endm

        .section .rodata, "a"
        .balign 4
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
