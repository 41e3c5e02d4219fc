/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel entry and exit.
 *
 *   from user mode    the registers go into current->frame: the processor, or the
 *                     code here, stores from TSS.esp0 downwards.  Then a C handler
 *                     runs on the processor's kernel stack, then kernel_exit().
 *   from a guest      in user mode: the same into cpu.arch.guest_frame (guest.S).
 *   from kernel mode  an interrupt in arch_idle() or arch_interrupt_window(), or a
 *                     fault: registers go onto the stack, execution continues there.
 *   NMI, #MC          have a stack of their own, #DF a task of its own (desc.c).
 *
 * SYSENTER is for Ipc only: fastpath.S.
 *
 * C functions take arguments in EAX, EDX, ECX (-mregparm=3).  DS and ES may be
 * anything that users can load, until the code here makes them standard.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "entry.inc"

/* EAX: a thread of this processor.  ESP: the top of its kernel stack. */
        .macro KERNEL_STACK
        movzbl T_CPU(%eax), %ecx
        shll $16, %ecx                          /* AREA_SIZE */
        leal CPU_AREAS + AREA_CPU(%ecx), %esp
        movl %eax, CPU_LOADED(%esp)
        .endm

        .section .text.entry, "ax"

/* ---- exceptions, interrupts, the other system calls ---- */
        .macro VECTOR n
        .balign 8
.Lvector_\n:
        .if (\n == 8) || (\n >= 10 && \n <= 14) || (\n == 17) || (\n == 21) || (\n == 29) || (\n == 30)
        .else
        pushl $0
        .endif
        pushl $\n
        jmp entry_trap
        .endm

        .macro VECTOR_ADDRESS n
        .long .Lvector_\n
        .endm

        .altmacro
        .set n, 0
        .rept 256
        VECTOR %n
        .set n, n + 1
        .endr

        .balign 16
entry_trap:
        testl $FLAG_VM, F_FLAGS - F_VECTOR(%esp)
        jnz entry_v86
        cmpl $IMAGE_BASE, %esp                  /* threads are below that */
        jae not_thread
        pushal
entry_clac:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movw %ds, F_DS - F_DI(%esp)
        movw %es, F_ES - F_DI(%esp)
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        movl F_VECTOR - F_DI(%esp), %edx
        leal -F_DI(%esp), %eax
        KERNEL_STACK
        xorl %ebp, %ebp                         /* backtraces end here */
        subl $VEC_SYSCALL, %edx
        cmpl syscall_limit, %edx
        jae 1f
        call *syscall_table(, %edx, 4)
        call kernel_exit
1:      cmpl $SYS_COUNT, %edx
        jb 2f
        call trap_user
        call kernel_exit
2:      call syscall_traced
        call kernel_exit

        .globl not_thread
not_thread:
        testb $3, F_CS - F_VECTOR(%esp)
        jnz guest_trap
        .globl entry_kernel
entry_kernel:
        pushal
        cld
        cmpl $VEC_DB, F_VECTOR - F_DI(%esp)
        je step
        leal -F_DI(%esp), %eax
        call trap_kernel
restore_kernel:
        popal
        addl $8, %esp                           /* vector, error */
        iretl

/*
 * No user can enter virtual-8086 mode, but in an emulator whose IRET does not look at the
 * privilege level (QEMU 7.2).  The processor has pushed four words more, and cleared DS and ES.
 */
        .globl entry_v86
entry_v86:
        cld
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        popl %edx                               /* vector */
        cmpl $IMAGE_BASE, %esp
        jae guest_v86
        leal 10 * 4 - F_SIZE(%esp), %eax        /* error, nine words of the processor's */
        KERNEL_STACK
        xorl %ebp, %ebp
        call trap_v86
        call kernel_exit

/* A user has set TF and stepped into SYSENTER.  DS and ES are still his. */
step:
        andl $~FLAG_TF, F_FLAGS - F_DI(%esp)
        jmp restore_kernel

/*
 * NMI, #MC: the stack may be a thread's frame, which is no place for a handler.  Build a frame on
 * another one, that of the processor whose gate leads here: its top word is the old stack
 * pointer.
 */
        .macro OWN_STACK n
        .set top, CPU_AREAS + \n * AREA_SIZE + AREA_OTHERS + AREA_OTHER_SIZE
.Lnmi_\n:
        movl %esp, %ss:top - 4
        movl $top - 8, %esp
        pushl $VEC_NMI
        jmp own_stack
.Lmc_\n:
        movl %esp, %ss:top - 4
        movl $top - 8, %esp
        pushl $VEC_MC
        jmp own_stack
        .endm

        .macro OWN_STACK_ADDRESS n
        .long .Lnmi_\n, .Lmc_\n
        .endm

        .set n, 0
        .rept CPU_MAX_ENTRIES
        OWN_STACK %n
        .set n, n + 1
        .endr

own_stack:
        pushl %eax                              /* in the place of eflags */
        movl %ss:12(%esp), %eax                 /* the old stack: eip, cs, eflags */
        pushl %ss:4(%eax)
        pushl %ss:(%eax)
        pushl $0
        pushl 16(%esp)                          /* the vector */
        movl %ss:8(%eax), %eax
        xchgl %eax, F_FLAGS - F_VECTOR(%esp)
        pushal
        cld
        movl $SEL_UDATA, %eax
        movl %eax, %ds
        movl %eax, %es
        leal -F_DI(%esp), %eax
        call trap_kernel
        popal
        movl 28(%esp), %esp
        iretl

/* ---- void arch_return_to_user(struct thread *next): its frame is its first member ---- */
        .globl arch_return_to_user
        .type arch_return_to_user, @function
        .balign 16
arch_return_to_user:
        cmpl $F_SYSENTER, F_VECTOR(%eax)
        leal F_DI(%eax), %esp
        popal
        jne 1f
        movl F_IP - F_VECTOR(%esp), %edx
        movl F_SP - F_VECTOR(%esp), %ecx
        sti
        sysexit
1:      addl $8, %esp                           /* vector, error */
        iretl

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
        andl $-AREA_SIZE, %esp
        addl $AREA_CPU, %esp
        xorl %ebp, %ebp
        call kernel_exit

/*
 * Accesses that may fault: trap_kernel() finds the place where to go on in fixups.  All have pushed
 * the same by then.
 */

/* ---- bool user_copy(void *dst, const void *src, size_t n): false if it faulted ---- */
        .globl user_copy
        .type user_copy, @function
user_copy:
        pushl %esi
        pushl %edi
        movl %eax, %edi
        movl %edx, %esi
.Lsite_copy:
        rep movsb
.Lsucceeded:
        movl $1, %eax
.Lreturn:
        popl %edi
        popl %esi
        ret

.Lfixup_false:
        xorl %eax, %eax
        jmp .Lreturn

/* ---- size_t string_copy(void *dst, const void *src, size_t n): how much is left at a fault ---- */
        .globl string_copy
        .type string_copy, @function
string_copy:
        pushl %esi
        pushl %edi
        movl %eax, %edi
        movl %edx, %esi
        movl %ecx, %edx
        andl $3, %edx
        shrl $2, %ecx
.Lsite_words:
        rep movsl
        movl %edx, %ecx
.Lsite_bytes:
        rep movsb
.Lfixup_bytes:
        movl %ecx, %eax
        jmp .Lreturn

.Lfixup_words:                                  /* a word on two pages: its first bytes are there */
        leal (%edx, %ecx, 4), %ecx
        jmp .Lsite_bytes

/* ---- bool msr_read(u32 msr, u64 *value) ---- */
        .globl msr_read
        .type msr_read, @function
msr_read:
        pushl %esi
        pushl %edi
        movl %eax, %ecx
        movl %edx, %esi
.Lsite_read:
        rdmsr
        movl %eax, (%esi)
        movl %edx, 4(%esi)
        jmp .Lsucceeded

/* ---- bool msr_write(u32 msr, u64 value): in EDX and ECX ---- */
        .globl msr_write
        .type msr_write, @function
msr_write:
        pushl %esi
        pushl %edi
        movl %edx, %esi
        movl %ecx, %edx
        movl %eax, %ecx
        movl %esi, %eax
.Lsite_write:
        wrmsr
        jmp .Lsucceeded

        .section .rodata, "a"
        .balign 4
        .globl entry_vectors
entry_vectors:
        .set n, 0
        .rept 256
        VECTOR_ADDRESS %n
        .set n, n + 1
        .endr

        .globl entry_own_stack
entry_own_stack:
        .set n, 0
        .rept CPU_MAX_ENTRIES
        OWN_STACK_ADDRESS %n
        .set n, n + 1
        .endr

        .globl clac_sites
clac_sites:
        .long entry_clac, clac_fault, clac_guest, 0

        .globl fixups
fixups:
        .long .Lsite_copy, .Lfixup_false
        .long .Lsite_words, .Lfixup_words
        .long .Lsite_bytes, .Lfixup_bytes
        .long .Lsite_read, .Lfixup_false
        .long .Lsite_write, .Lfixup_false
        .long 0

        .section .note.GNU-stack, "", @progbits
