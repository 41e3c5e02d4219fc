/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot loader (32-bit protected mode, no paging, nothing known about
 * the registers) to arch_boot() in 64-bit mode at the kernel's own addresses.
 *
 * The boot page tables map the first 16 MiB twice, at 0 and at IMAGE_BASE.
 * They are used until memory.c has built the final ones.
 */
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/smp.h"

#define PHYS(sym) (sym - IMAGE_BASE)
#include "../trampoline.inc" /* which uses PHYS */

#define BOOT_STACK_SIZE 0x1000

#define SEL_KCODE32 0x18 /* here only */

#define COM1_DATA 0x3f8
#define COM1_LSR  0x3fd

        .section .init.boot, "ax"
        .code32
        .globl _start
_start:
        cli
        cld
        movl $PHYS(boot_stack_top), %esp

        movl $0x80000000, %eax
        cpuid
        cmpl $0x80000001, %eax
        jb no_long_mode
        movl $0x80000001, %eax
        cpuid
        andl $(1 << 29 | 1 << 20), %edx         /* long mode, no-execute */
        cmpl $(1 << 29 | 1 << 20), %edx
        jne no_long_mode

        movl $0x20, %eax                        /* CR4.PAE */
        movl %eax, %cr4
        movl $PHYS(boot_pml4), %eax
        movl %eax, %cr3
        movl $0xc0000080, %ecx                  /* EFER: NXE, LME, SCE */
        movl $0x901, %eax
        xorl %edx, %edx
        wrmsr
        movl $0x80010023, %eax                  /* CR0: PG, WP, NE, MP, PE */
        movl %eax, %cr0
        lgdt PHYS(boot_gdt_pointer)
        ljmp $SEL_KCODE, $PHYS(start64)

/* A message on COM1, where the console will be, then the end. */
no_long_mode:
        movl $PHYS(no_long_mode_text), %esi
1:      movw $COM1_LSR, %dx
2:      inb %dx, %al
        testb $0x20, %al
        jz 2b
        lodsb
        testb %al, %al
        jz 3f
        movw $COM1_DATA, %dx
        outb %al, %dx
        jmp 1b
3:      hlt
        jmp 3b

no_long_mode_text:
        .asciz "\r\nAlmond needs a 64-bit processor with the no-execute bit (see the firmware's setup).\r\n"

        .code64
start64:
        movl $SEL_KDATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        xorl %eax, %eax
        movl %eax, %fs
        movl %eax, %gs
        movq $high, %rax
        jmp *%rax
high:   movq $boot_stack_top, %rsp
        xorl %ebp, %ebp
        call arch_boot
        movq %rax, %rsp                         /* the first processor's own */
        call arch_boot_first

/* ---- another processor ---- */
        TRAMPOLINE_CODE SEL_KCODE32, 31

        .code32
start_other:
        movl $SEL_KDATA, %eax
        movl %eax, %ds
        movl $0x20, %eax                        /* as above */
        movl %eax, %cr4
        movl $PHYS(boot_pml4), %eax
        movl %eax, %cr3
        movl $0xc0000080, %ecx
        movl $0x901, %eax
        xorl %edx, %edx
        wrmsr
        movl $0x80010023, %eax
        movl %eax, %cr0
        ljmp $SEL_KCODE, $PHYS(start_other64)

        .code64
start_other64:
        movl $SEL_KDATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        xorl %eax, %eax
        movl %eax, %fs
        movl %eax, %gs
        movq $1f, %rax
        jmp *%rax
1:      movq other_table(%rip), %rax            /* the kernel's page tables */
        movq %rax, %cr3
        movq other_stack(%rip), %rsp
        movl other_number(%rip), %edi
        xorl %ebp, %ebp
        call arch_boot_other

        .balign 8
boot_gdt:
        .quad 0
        .quad 0x00af9b000000ffff                /* SEL_KCODE */
        .quad 0x00cf93000000ffff                /* SEL_KDATA */
        .quad 0x00cf9b000000ffff                /* SEL_KCODE32 */
boot_gdt_pointer:
        .word 31
        .long PHYS(boot_gdt)

        .section .data.page, "aw"
        .balign 4096
boot_pml4:
        .quad PHYS(boot_pdpt_low) + 3
        .fill 510, 8, 0
        .quad PHYS(boot_pdpt_high) + 3
boot_pdpt_low:
        .quad PHYS(boot_pd) + 3
        .fill 511, 8, 0
boot_pdpt_high:
        .fill 510, 8, 0
        .quad PHYS(boot_pd) + 3
        .quad 0
boot_pd:
        .set page, 0
        .rept 8
        .quad page << 21 | 0x83
        .set page, page + 1
        .endr
        .fill 504, 8, 0

        .section .bss.stack, "aw", @nobits
        .balign 16
        .skip BOOT_STACK_SIZE
boot_stack_top:

        .section .note.GNU-stack, "", @progbits
