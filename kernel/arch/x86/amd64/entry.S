/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel entry and exit.
 *
 *   from user mode    the registers go into current->frame: the processor, or the
 *                     code here, stores them there.  Then a C handler runs on the
 *                     processor's kernel stack, then kernel_exit().
 *   from a guest      in user mode: guest.S, where the rest of its registers is stored
 *   from kernel mode  an interrupt in arch_idle() or arch_interrupt_window(), or a
 *                     fault: registers go onto the stack, execution continues there.
 *   NMI, #DF, #MC     have stacks of their own and touch neither GS nor frames.
 */
#include "arch/entry.h"
#include "arch/layout.h"
#include "frame.inc"

        .section .text.entry, "ax"

/*
 * ---- system calls: RCX = user rip, R11 = user rflags, EBP = number ----
 *
 * Ipc has no number: it is known by the address behind its SYSCALL, which only saves time,
 * for users may come from anywhere.
 */
        .globl entry_syscall
        .type entry_syscall, @function
        .balign 64
entry_syscall:
        swapgs
        cmpq %gs:CPU_IPC_RETURN, %rcx
        je fast_ipc
        cmpq $0, %gs:CPU_GUEST_STATE
        jne guest_syscall
        movq %rsp, %gs:CPU_SCRATCH
        movq %gs:CPU_CURRENT, %rsp
        /* cs, ss never change; rcx and r11 are dead, and error is only looked at in traps */
        movq %rcx, F_RIP(%rsp)
        movq %gs:CPU_SCRATCH, %rcx
        movq %rcx, F_RSP(%rsp)
        movq %r11, F_RFLAGS(%rsp)
        movq $F_SYSCALL, F_VECTOR(%rsp)
        movq %rdi, F_RDI(%rsp)
        movq %rsi, F_RSI(%rsp)
        movq %rdx, F_RDX(%rsp)
        movq %rax, F_RAX(%rsp)
        movq %r8, F_R8(%rsp)
        movq %r9, F_R9(%rsp)
        movq %r10, F_R10(%rsp)
        movq %rbx, F_RBX(%rsp)
        movq %rbp, F_RBP(%rsp)
        movq %r12, F_R12(%rsp)
        movq %r13, F_R13(%rsp)
        movq %r14, F_R14(%rsp)
        movq %r15, F_R15(%rsp)
        movq %rsp, %rdi
        movq %rdi, %gs:CPU_LOADED
        movq %gs:CPU_STACK_TOP, %rsp
        movl %ebp, %eax
        xorl %ebp, %ebp                         /* backtraces end here */
        cmpl syscall_limit, %eax
        jae 1f
        call *syscall_table(, %rax, 8)
        call kernel_exit
1:      cmpl $SYS_COUNT, %eax
        jb 2f
        call syscall_bad
        call kernel_exit
2:      movl %eax, %esi
        call syscall_traced
        call kernel_exit

/* ---- exceptions and interrupts ---- */
        .macro VECTOR n
        .balign 16
.Lvector_\n:
        .if (\n == 8) || (\n >= 10 && \n <= 14) || (\n == 17) || (\n == 21) || (\n == 29) || (\n == 30)
        .else
        pushq $0
        .endif
        pushq $\n
        .if (\n == VEC_NMI) || (\n == VEC_DF) || (\n == VEC_MC)
        jmp entry_kernel
        .else
        jmp entry_trap
        .endif
        .endm

        .macro VECTOR_ADDRESS n
        .quad .Lvector_\n
        .endm

        .altmacro
        .set n, 0
        .rept 256
        VECTOR %n
        .set n, n + 1
        .endr

        .balign 16
entry_trap:
        cmpq $POOL_WINDOW, %rsp                 /* where threads are */
        jb not_thread
        PUSH_FRAME
entry_clac:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        swapgs
        movq %gs:CPU_STACK_TOP, %rsp
        movq %gs:CPU_CURRENT, %rdi
        movq %rdi, %gs:CPU_LOADED
        xorl %ebp, %ebp
        call trap_user
        call kernel_exit

        .globl not_thread
not_thread:
        testb $3, F_CS - F_VECTOR(%rsp)
        jnz guest_trap
        .globl entry_kernel
entry_kernel:
        PUSH_FRAME
        cld
        movq %rsp, %rdi
        call trap_kernel
        movq %rsp, %rdi
        jmp restore_iret

/* ---- void arch_return_to_user(struct thread *next): its frame is its first member ---- */
        .globl arch_return_to_user
        .type arch_return_to_user, @function
        .balign 64
arch_return_to_user:
        movq F_RIP(%rdi), %rcx
        movq %rcx, %rax
        shlq $16, %rax
        sarq $16, %rax
        cmpq %rcx, %rax
        jne bad_ip                              /* not canonical: SYSRET and IRET would fault here */
        cmpl $F_SYSCALL, F_VECTOR(%rdi)
        jne return_iret
        movq F_RFLAGS(%rdi), %r11
        movq F_R15(%rdi), %r15
        movq F_R14(%rdi), %r14
        movq F_R13(%rdi), %r13
        movq F_R12(%rdi), %r12
        movq F_RBP(%rdi), %rbp
        movq F_RBX(%rdi), %rbx
        movq F_R10(%rdi), %r10
        movq F_R9(%rdi), %r9
        movq F_R8(%rdi), %r8
        movq F_RAX(%rdi), %rax
        movq F_RDX(%rdi), %rdx
        movq F_RSI(%rdi), %rsi
        movq F_RSP(%rdi), %rsp
        movq F_RDI(%rdi), %rdi
        swapgs
        sysretq

return_iret:
        swapgs
/* rdi: the frame.  Kernel frames continue on their own stack, user frames on no stack at all. */
restore_iret:
        movq %rdi, %rsp
        POP_FRAME
        iretq

bad_ip:
        movq %gs:CPU_STACK_TOP, %rsp
        xorl %ebp, %ebp
        call trap_bad_ip
        call kernel_exit

/* ---- void arch_idle(void) ---- */
        .globl arch_idle
        .type arch_idle, @function
arch_idle:
        sti
        hlt
        cli
        ret

/* ---- void arch_interrupt_window(void) ---- */
        .globl arch_interrupt_window
        .type arch_interrupt_window, @function
arch_interrupt_window:
        sti
        nop
        cli
        ret

/* ---- _Noreturn void kernel_abandon(void) ---- */
        .globl kernel_abandon
        .type kernel_abandon, @function
kernel_abandon:
        movq %gs:CPU_STACK_TOP, %rsp
        xorl %ebp, %ebp
        call kernel_exit

/*
 * Accesses that may fault: trap_kernel() finds the place where to go on in fixups.
 */

/* ---- bool user_copy(void *dst, const void *src, size_t n): false if it faulted ---- */
        .globl user_copy
        .type user_copy, @function
user_copy:
        movq %rdx, %rcx
.Lsite_copy:
        rep movsb
        movl $1, %eax
        ret

/* ---- size_t string_copy(void *dst, const void *src, size_t n): how much is left at a fault ---- */
        .globl string_copy
        .type string_copy, @function
string_copy:
        movq %rdx, %rcx
        andl $7, %edx
        shrq $3, %rcx
.Lsite_words:
        rep movsq
        movl %edx, %ecx
.Lsite_bytes:
        rep movsb
.Lfixup_bytes:
        movq %rcx, %rax
        ret
.Lfixup_words:                                  /* a word on two pages: its first bytes are there */
        leaq (%rdx, %rcx, 8), %rcx
        jmp .Lsite_bytes

/* ---- bool msr_read(u32 msr, u64 *value) ---- */
        .globl msr_read
        .type msr_read, @function
msr_read:
        movl %edi, %ecx
.Lsite_read:
        rdmsr
        shlq $32, %rdx
        orq %rdx, %rax
        movq %rax, (%rsi)
        movl $1, %eax
        ret

/* ---- bool msr_write(u32 msr, u64 value) ---- */
        .globl msr_write
        .type msr_write, @function
msr_write:
        movl %edi, %ecx
        movl %esi, %eax
        movq %rsi, %rdx
        shrq $32, %rdx
.Lsite_write:
        wrmsr
        movl $1, %eax
        ret

/* ---- void probe_int(void): INT n, n beyond the end of the IDT ---- */
        .globl probe_int
        .type probe_int, @function
probe_int:
.Lsite_probe:
        int $PROBE_INT
.Lfixup_probe:
        ret

.Lfixup_false:
        xorl %eax, %eax
        ret

        .section .rodata, "a"
        .balign 8
        .globl entry_vectors
entry_vectors:
        .set n, 0
        .rept 256
        VECTOR_ADDRESS %n
        .set n, n + 1
        .endr

        .globl clac_sites
clac_sites:
        .quad entry_clac, clac_fault, clac_guest, 0

        .globl fixups
fixups:
        .quad .Lsite_copy, .Lfixup_false
        .quad .Lsite_words, .Lfixup_words
        .quad .Lsite_bytes, .Lfixup_bytes
        .quad .Lsite_read, .Lfixup_false
        .quad .Lsite_write, .Lfixup_false
        .quad .Lsite_probe, .Lfixup_probe
        .quad 0

        .section .note.GNU-stack, "", @progbits
