/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests in user mode: their general registers go from and to the state page, all
 * others to cpu.arch.guest_frame, since nobody else may write there.
 */
#include "arch/entry.h"
#include "arch/layout.h"

        .section .text.entry, "ax"

/* From the GPRs to the state page, whose address is in RAX. */
        .macro STORE_GPRS
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
        .endm

/* ---- a trap; RSP points to its vector, in guest_frame ---- */
        .globl guest_trap
guest_trap:
        swapgs
        pushq %rax
        movq %gs:CPU_GUEST_STATE, %rax
        popq STATE_GPR + 0 * 8(%rax)
        STORE_GPRS
trapped:
        .globl clac_guest
clac_guest:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movq %gs:CPU_STACK_TOP, %rsp
        movq %gs:CPU_CURRENT, %rdi
        movq %rdi, %gs:CPU_LOADED
        xorl %ebp, %ebp                         /* backtraces end here */
        call trap_guest
        call kernel_exit

/* ---- SYSCALL; from entry_syscall, the kernel's GS is in use ---- */
        .globl guest_syscall
guest_syscall:
        movq %rax, %gs:CPU_SCRATCH
        movq %gs:CPU_RSP0, %rax                 /* behind guest_frame */
        movq %rcx, F_RIP - F_SIZE(%rax)
        movq %rsp, F_RSP - F_SIZE(%rax)
        movq %r11, F_RFLAGS - F_SIZE(%rax)
        movq $F_SYSCALL, F_VECTOR - F_SIZE(%rax)
        movq %gs:CPU_GUEST_STATE, %rax
        STORE_GPRS
        movq %gs:CPU_SCRATCH, %rcx
        movq %rcx, STATE_GPR + 0 * 8(%rax)
        jmp trapped

/* ---- void guest_resume(vcpu_state_t *state, const struct guest_user *user) ---- */
        .globl guest_resume
        .type guest_resume, @function
        .balign 64
guest_resume:
        pushq $SEL_UDATA
        pushq 1 * 8(%rsi)                       /* sp, flags, ip */
        pushq 2 * 8(%rsi)
        pushq $SEL_UCODE
        pushq 0 * 8(%rsi)
        movq STATE_GPR + 0 * 8(%rdi), %rax
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
        swapgs
        iretq

        .section .note.GNU-stack, "", @progbits
