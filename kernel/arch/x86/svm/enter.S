/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void svm_enter(struct svm_vcpu *v): does not return
 *
 * The world switch.  The guest's general registers live in the state page, but
 * for RAX and RSP, which VMRUN takes from the VMCB.  What VMRUN does not switch
 * (FS, GS, TR, LDTR and the system call MSRs) VMLOAD and VMSAVE do.  GIF is off
 * while any of that is the guest's; IF is on in between, so that an interrupt
 * ends the run.  svm.c asserts the offsets.
 */
#include "arch/entry.h"
#include "svm-offsets.h"

        .text
        .globl svm_enter
        .type svm_enter, @function
        .balign 64
svm_enter:
        movq %gs:CPU_STACK_TOP, %rsp
        pushq %rdi
        movq %gs:CPU_HW, %rax
        pushq (%rax)                            /* host_pa */
        movq SVM_VMCB_PA(%rdi), %rax
        movq SVM_STATE(%rdi), %rdi
        clgi
        sti
        vmload %rax
        movq STATE_GPR + 1 * 8(%rdi), %rcx
        movq STATE_GPR + 2 * 8(%rdi), %rdx
        movq STATE_GPR + 3 * 8(%rdi), %rbx
        movq STATE_GPR + 5 * 8(%rdi), %rbp
        movq STATE_GPR + 6 * 8(%rdi), %rsi
        movq STATE_GPR + 8 * 8(%rdi), %r8
        movq STATE_GPR + 9 * 8(%rdi), %r9
        movq STATE_GPR + 10 * 8(%rdi), %r10
        movq STATE_GPR + 11 * 8(%rdi), %r11
        movq STATE_GPR + 12 * 8(%rdi), %r12
        movq STATE_GPR + 13 * 8(%rdi), %r13
        movq STATE_GPR + 14 * 8(%rdi), %r14
        movq STATE_GPR + 15 * 8(%rdi), %r15
        movq STATE_GPR + 7 * 8(%rdi), %rdi
        vmrun %rax
        vmsave %rax
        popq %rax
        vmload %rax
        movq (%rsp), %rax
        movq SVM_STATE(%rax), %rax
        movq %rcx, STATE_GPR + 1 * 8(%rax)
        movq %rdx, STATE_GPR + 2 * 8(%rax)
        movq %rbx, STATE_GPR + 3 * 8(%rax)
        movq %rbp, STATE_GPR + 5 * 8(%rax)
        movq %rsi, STATE_GPR + 6 * 8(%rax)
        movq %rdi, STATE_GPR + 7 * 8(%rax)
        movq %r8, STATE_GPR + 8 * 8(%rax)
        movq %r9, STATE_GPR + 9 * 8(%rax)
        movq %r10, STATE_GPR + 10 * 8(%rax)
        movq %r11, STATE_GPR + 11 * 8(%rax)
        movq %r12, STATE_GPR + 12 * 8(%rax)
        movq %r13, STATE_GPR + 13 * 8(%rax)
        movq %r14, STATE_GPR + 14 * 8(%rax)
        movq %r15, STATE_GPR + 15 * 8(%rax)
        cli
        stgi
        popq %rdi
        xorl %ebp, %ebp                         /* backtraces end here */
        call svm_exited
        call kernel_exit

        .section .note.GNU-stack, "", @progbits
