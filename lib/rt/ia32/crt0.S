/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void _start(void): the entry point.  X.2 gives a first thread no stack, so it
 * loads one of its own, then calls
 *   void l4_init(void): finds the kernel's system calls (lib/l4),
 *   int main(void),
 *   void exit(int).
 */
#define STACK_SIZE 0x10000

        .section .text._start, "ax", @progbits
        .globl _start
        .type _start, @function
_start:
        movl    $rt_stack_top, %esp
        xorl    %ebp, %ebp
        cld
        call    l4_init
        call    main
        subl    $12, %esp               /* arguments lie below a multiple of 16 */
        pushl   %eax
        call    exit
        ud2
        .size _start, . - _start

        .section .bss.rt_stack, "aw", @nobits
        .balign 16
        .globl rt_stack, rt_stack_top
rt_stack:
        .skip   STACK_SIZE
rt_stack_top:

        .section .note.GNU-stack, "", @progbits
