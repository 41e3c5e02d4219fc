/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot loader (protected mode, no paging, nothing known about the
 * registers) to arch_boot() at the kernel's own addresses.
 *
 * The boot page table maps the first 16 MiB twice, at 0 and at IMAGE_BASE.  It
 * is used until memory.c has built the final one.
 */
#include "arch/entry.h"
#include "arch/layout.h"
#include "arch/smp.h"

#define PHYS(sym) (sym - IMAGE_BASE)
#include "../trampoline.inc" /* which uses PHYS */

#define BOOT_STACK_SIZE 0x1000

#define COM1_DATA 0x3f8
#define COM1_LSR  0x3fd

/* CPUID 1, EDX: PSE, TSC, MSR, APIC, SEP, PGE, CMOV, FXSR: what a Pentium III has */
#define NEEDED (1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 11 | 1 << 13 | 1 << 15 | 1 << 24)

#define EFLAGS_ID (1 << 21)

        .section .init.boot, "ax"
        .globl _start
_start:
        cli
        cld
        movl $PHYS(boot_stack_top), %esp

        pushfl                                  /* a processor with CPUID lets ID change */
        popl %eax
        movl %eax, %ecx
        xorl $EFLAGS_ID, %eax
        pushl %eax
        popfl
        pushfl
        popl %eax
        cmpl %ecx, %eax
        je too_old
        movl $1, %eax
        cpuid
        andl $NEEDED, %edx
        cmpl $NEEDED, %edx
        jne too_old

        movl $0x10, %eax                        /* CR4.PSE */
        movl %eax, %cr4
        movl $PHYS(boot_root), %eax
        movl %eax, %cr3
        movl $0x80010023, %eax                  /* CR0: PG, WP, NE, MP, PE */
        movl %eax, %cr0
        movl $high, %eax
        jmp *%eax
high:
        movl $boot_stack_top, %esp
        xorl %ebp, %ebp
        call arch_boot
        movl %eax, %esp                         /* the first processor's own */
        call arch_boot_first

/* ---- another processor ---- */
        TRAMPOLINE_CODE SEL_KCODE, 23

        .code32
start_other:
        movl $SEL_KDATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        movl $0x10, %eax                        /* as above */
        movl %eax, %cr4
        movl $PHYS(boot_root), %eax
        movl %eax, %cr3
        movl $0x80010023, %eax
        movl %eax, %cr0
        movl $1f, %eax
        jmp *%eax
1:      movl other_table, %eax                  /* the kernel's page tables */
        movl other_stack, %esp
        movl other_number, %ecx
        movl %eax, %cr3
        movl %ecx, %eax
        xorl %ebp, %ebp
        call arch_boot_other

/* A message on COM1, where the console will be, then the end. */
too_old:
        movl $PHYS(too_old_text), %esi
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

too_old_text:
        .asciz "\r\nAlmond needs a Pentium III or later, with its local APIC switched on.\r\n"

        .balign 8
boot_gdt:
        .quad 0
        .quad 0x00cf9b000000ffff                /* SEL_KCODE */
        .quad 0x00cf93000000ffff                /* SEL_KDATA */

        .section .data.page, "aw"
        .balign 4096
        .macro PAGES_16M
        .set page, 0
        .rept 4
        .long page << 22 | 0x83
        .set page, page + 1
        .endr
        .endm
boot_root:
        PAGES_16M
        .fill (IMAGE_BASE >> 22) - 4, 4, 0
        PAGES_16M
        .fill 1024 - (IMAGE_BASE >> 22) - 4, 4, 0

        .section .bss.stack, "aw", @nobits
        .balign 16
        .skip BOOT_STACK_SIZE
boot_stack_top:

        .section .note.GNU-stack, "", @progbits
