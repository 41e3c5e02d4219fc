/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel entry and exit.
 *
 *   from user mode    the registers go into current->frame: the processor, or the
 *                     code here, stores from TSS.esp0 downwards.  Then a C handler
 *                     runs on the processor's kernel stack, then kernel_exit().
 *   from kernel mode  an interrupt in arch_idle() or arch_interrupt_window(), or a
 *                     fault: registers go onto the stack, execution continues there.
 *   NMI, #MC          have a stack of their own, #DF a task of its own (desc.c).
 *
 * C functions take arguments in EAX, EDX, ECX (-mregparm=3).  DS and ES may be
 * anything that users can load, until the code here makes them standard.
 */
#include "arch/entry.h"
#include "arch/layout.h"

#define FLAG_TF (1 << 8)
#define FLAG_VM (1 << 17)

        .section .text.entry, "ax"

/* ---- Ipc by SYSENTER: EBX = user eip, EBP = user esp; ESP points to TSS.esp0 ---- */
        .globl entry_syscall
        .type entry_syscall, @function
        .balign 16
entry_syscall:
        movl (%esp), %esp
        /* cs, ss, eflags never change; error is only looked at in traps */
        leal F_ERROR - F_SIZE(%esp), %esp
        pushl $2                                /* TF, NT, AC, DF, IOPL: off */
        popfl
        movl %ebp, F_SP - F_ERROR(%esp)
        movl %ebx, F_IP - F_ERROR(%esp)
        pushl $F_SYSENTER
        pushal
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        movl boot_cpu + CPU_STACK_TOP, %esp
        movl boot_cpu + CPU_CURRENT, %eax
        xorl %ebp, %ebp                         /* backtraces end here */
        call *syscall_table + 4 * SYS_IPC
        call kernel_exit

/* ---- exceptions, interrupts, the other system calls ---- */
        .macro VECTOR n
        .balign 8
.Lvector_\n:
        .if (\n == VEC_NMI) || (\n == VEC_MC)
        pushl $\n
        jmp entry_own_stack
        .else
        .if (\n == 8) || (\n >= 10 && \n <= 14) || (\n == 17) || (\n == 21) || (\n == 29) || (\n == 30)
        .else
        pushl $0
        .endif
        pushl $\n
        jmp entry_trap
        .endif
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
        testb $3, F_CS - F_VECTOR(%esp)
        jz entry_kernel
        pushal
        .globl entry_clac
entry_clac:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movw %ds, F_DS - F_DI(%esp)
        movw %es, F_ES - F_DI(%esp)
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        movl F_VECTOR - F_DI(%esp), %edx
        movl boot_cpu + CPU_STACK_TOP, %esp
        movl boot_cpu + CPU_CURRENT, %eax
        xorl %ebp, %ebp
        subl $VEC_SYSCALL, %edx
        cmpl $SYS_COUNT, %edx
        jae 1f
        call *syscall_table(, %edx, 4)
        call kernel_exit
1:      call trap_user
        call kernel_exit

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
entry_v86:
        cld
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        popl %edx                               /* vector */
        movl boot_cpu + CPU_STACK_TOP, %esp
        movl boot_cpu + CPU_CURRENT, %eax
        xorl %ebp, %ebp
        call trap_v86
        call kernel_exit

/* A user has set TF and stepped into SYSENTER.  DS and ES are still his. */
step:
        andl $~FLAG_TF, F_FLAGS - F_DI(%esp)
        jmp restore_kernel

/*
 * NMI, #MC: the stack may be a thread's frame, which is no place for a handler.  Build a frame
 * on another one; the vector is on the old.
 */
entry_own_stack:
        movl %esp, %ss:own_stack_top - 4
        movl $own_stack_top - 12, %esp          /* behind sp and ss, which kernel frames lack */
        pushl %eax                              /* in the place of eflags */
        movl %ss:own_stack_top - 4, %eax
        pushl %ss:8(%eax)                       /* cs */
        pushl %ss:4(%eax)                       /* eip */
        pushl $0
        pushl %ss:(%eax)                        /* vector */
        movl %ss:12(%eax), %eax
        xchgl %eax, F_FLAGS - F_VECTOR(%esp)
        pushal
        cld
        movl $SEL_UDATA, %eax
        movl %eax, %ds
        movl %eax, %es
        leal -F_DI(%esp), %eax
        call trap_kernel
        popal
        movl %ss:own_stack_top - 4, %esp
        addl $4, %esp                           /* vector */
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

/*
 * Accesses that may fault.  Each returns true; trap_kernel() sends a fault at one of the
 * addresses in fixup_sites to fixup_failed, where the function returns false.  So all have
 * pushed the same.
 */

/* ---- bool user_copy(void *dst, const void *src, size_t n) ---- */
        .globl user_copy
        .type user_copy, @function
user_copy:
        pushl %esi
        pushl %edi
        movl %eax, %edi
        movl %edx, %esi
.Lsite_copy:
        rep movsb
succeeded:
        movl $1, %eax
1:      popl %edi
        popl %esi
        ret

        .globl fixup_failed
fixup_failed:
        xorl %eax, %eax
        jmp 1b

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
        jmp succeeded

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
        jmp succeeded

        .section .rodata, "a"
        .balign 4
        .globl entry_vectors
entry_vectors:
        .set n, 0
        .rept 256
        VECTOR_ADDRESS %n
        .set n, n + 1
        .endr

        .globl fixup_sites
fixup_sites:
        .long .Lsite_copy, .Lsite_read, .Lsite_write, 0

        .section .bss, "aw", @nobits
        .balign 16
        .skip FAULT_STACK_SIZE
own_stack_top:

        .section .note.GNU-stack, "", @progbits
