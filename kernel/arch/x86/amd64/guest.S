/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests in user mode: their general registers go from and to the state page, all
 * others to cpu.arch.guest_frame, since nobody else may write there.
 */
#include "arch/entry.h"
#include "arch/layout.h"
#include "state.inc"

        .section .text.entry, "ax"

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
        LOAD_GPRS
        swapgs
        iretq

        .section .note.GNU-stack, "", @progbits
