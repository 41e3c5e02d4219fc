/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests for tests/x2/guest.h, IA32. */

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
        INT
        INT

        GUEST spin
        jmp guest_spin

        GUEST int
        INT
        jmp guest_int

        GUEST flags
        pushfl
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
        movl (%esi), %eax
        INT
        jmp guest_read

        GUEST write
        movl $77, (%esi)
        INT
        jmp guest_write

        GUEST in
        inb %dx, %al
        INT
        jmp guest_in

        GUEST fpu
        fildq (%edi)
        fldl (%edi)
        INT
        fstpl 8(%edi)
        fistpq (%edi)
        INT

        GUEST syscall
        sysenter
        INT

        GUEST stub
        jmp *%edi

        GUEST count
        leal shared(, %edi, 4), %edi
1:      incl (%edi)
        jmp 1b

        GUEST segments
        movl %fs:0, %edi
        movl %gs:0, %esi
        INT
        jmp guest_segments

        .section .note.GNU-stack, "", @progbits
