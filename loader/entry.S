/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry from a multiboot loader: 32-bit protected mode, flat segments, no
 * paging; EAX says which multiboot, EBX points to its information.
 */
#include "multiboot.h"

        .section .multiboot, "a", @progbits
        .balign 8
mb2_header:
        .long   MB2_HEADER_MAGIC, MB2_ARCH_I386, mb2_end - mb2_header
        .long   0x100000000 - (MB2_HEADER_MAGIC + MB2_ARCH_I386 + (mb2_end - mb2_header))
        .short  MB2_HEADER_ALIGN, 0
        .long   8
        .short  0, 0
        .long   8
mb2_end:
        .balign 4
        .long   MB1_HEADER_MAGIC, MB1_HEADER_FLAGS, -(MB1_HEADER_MAGIC + MB1_HEADER_FLAGS)

/* void _start(void) */
        .text
        .globl _start
_start:
        cli
        cld
        movl    $stack_top, %esp
        xorl    %ebp, %ebp
        pushl   $0                      /* keeps the arguments 16-byte aligned */
        pushl   $0
        pushl   %ebx
        pushl   %eax
        call    loader_main             /* void loader_main(uint32_t magic, uint32_t info) */

/* void loader_stop(void): for good */
        .globl loader_stop
loader_stop:
        cli
        hlt
        jmp     loader_stop

/* void loader_jump(uint32_t entry): as a multiboot loader would, interrupts off */
        .globl loader_jump
loader_jump:
        movl    4(%esp), %ecx
        xorl    %eax, %eax
        xorl    %ebx, %ebx
        jmp     *%ecx

        .bss
        .balign 16
        .skip   0x4000
stack_top:

        .section .note.GNU-stack, "", @progbits
