/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for the loader: a multiboot program that prints the TSC of its first instruction
 * on COM1, as 16 hexadecimal digits, and stops.
 */
    .set    COM1, 0x3f8

    .section .text.entry, "ax"
    .code32
    .align  4
    .long   0x1badb002, 0, -0x1badb002  /* multiboot header without wishes */
    .globl  entry
entry:
    rdtsc
    mov     %eax, %esi
    mov     %edx, %ebx
    mov     $16, %ecx
1:  mov     %ebx, %eax          /* the topmost digit of EBX:ESI */
    shr     $28, %eax
    mov     digits(%eax), %al
    mov     $COM1, %edx
    out     %al, %dx
    shld    $4, %esi, %ebx
    shl     $4, %esi
    loop    1b
    mov     $'\n', %al
    out     %al, %dx
2:  cli
    hlt
    jmp     2b

digits:
    .ascii  "0123456789abcdef"
    .section .note.GNU-stack, "", @progbits
