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
#include "../amd64/state.inc"
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
        LOAD_GPRS
        vmrun %rax
        vmsave %rax
        popq %rax
        vmload %rax
        movq (%rsp), %rax
        movq SVM_STATE(%rax), %rax
        STORE_GPRS
        cli
        stgi
        popq %rdi
        xorl %ebp, %ebp                         /* backtraces end here */
        call svm_exited
        call kernel_exit

        .section .note.GNU-stack, "", @progbits
