/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests for tests/x2/guest.h, AMD64. */

#define INT int $0x80

        .macro GUEST name
        .globl guest_\name
        .balign 16
guest_\name:
        .endm

        .text
        GUEST registers
        movl $0x100, %eax
        movl $0x101, %ecx
        movl $0x102, %edx
        movl $0x103, %ebx
        movl $0x105, %ebp
        movl $0x106, %esi
        movl $0x107, %edi
        movl $0x108, %r8d
        movl $0x109, %r9d
        movl $0x10a, %r10d
        movl $0x10b, %r11d
        movl $0x10c, %r12d
        movl $0x10d, %r13d
        movl $0x10e, %r14d
        movl $0x10f, %r15d
        INT
        INT

        GUEST spin
        jmp guest_spin

        GUEST int
        INT
        jmp guest_int

        GUEST flags
        pushfq
        INT

        GUEST ud2
        ud2

        GUEST divide
        xorl %edx, %edx
        xorl %ecx, %ecx
        divl %ecx

        GUEST int3
        int3
        INT

        GUEST hlt
        hlt

        GUEST nop
        nop
        nop
        INT

        GUEST read
        movq (%rsi), %rax
        INT
        jmp guest_read

        GUEST write
        movq $77, (%rsi)
        INT
        jmp guest_write

        GUEST in
        inb %dx, %al
        INT
        jmp guest_in

        GUEST fpu
        fildq (%rdi)
        movq (%rdi), %xmm7
        INT
        fistpq (%rdi)
        movq %xmm7, 8(%rdi)
        INT

        GUEST syscall
        syscall
        INT

        GUEST stub
        jmp *%rdi

        GUEST count
        leaq shared(, %rdi, 8), %rdi
1:      incq (%rdi)
        jmp 1b

        GUEST segments
        movq %fs:0, %rdi
        movq %gs:0, %rsi
        INT
        jmp guest_segments

        .section .note.GNU-stack, "", @progbits
