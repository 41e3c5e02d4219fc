/* SPDX-License-Identifier: BSD-2-Clause */
/* struct arch_frame on the stack, from its vector downwards: for assembly only. */
#ifndef AMD64_FRAME_H
#define AMD64_FRAME_H

#ifdef __ASSEMBLY__
        .macro PUSH_FRAME
        pushq %rdi
        pushq %rsi
        pushq %rdx
        pushq %rcx
        pushq %rax
        pushq %r8
        pushq %r9
        pushq %r10
        pushq %r11
        pushq %rbx
        pushq %rbp
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        .endm

/* And its vector and error. */
        .macro POP_FRAME
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rbp
        popq %rbx
        popq %r11
        popq %r10
        popq %r9
        popq %r8
        popq %rax
        popq %rcx
        popq %rdx
        popq %rsi
        popq %rdi
        addq $16, %rsp
        .endm
#endif

#endif
