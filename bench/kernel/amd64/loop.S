/* SPDX-License-Identifier: BSD-2-Clause */
/* The loops whose rounds are counted: nothing but what the call needs. */

        .text
/* void loop_client(to, tag, rounds): on its own stack, so that there can be several at a time */
        .globl loop_client
loop_client:
        push %rbx
        push %rbp
        push %r12
        push %r13
        push %r14
        push %r15
        push %rdx                               /* 16: rounds */
        push %rsi                               /* 8: the tag */
        push %rdi                               /* 0: the partner */
        mov %gs:0, %rdi
1:      mov (%rsp), %rsi
        mov %rsi, %rdx
        xor %r8d, %r8d
        mov 8(%rsp), %r9
        call *l4_links + LINK_IPC(%rip)
        decq 16(%rsp)
        jnz 1b
        add $24, %rsp
        pop %r15
        pop %r14
        pop %r13
        pop %r12
        pop %rbp
        pop %rbx
        ret

/* The answer goes to whom the message came from, with the tag that it had. */
        .globl loop_server
loop_server:
        mov %gs:0, %rdi
        xor %esi, %esi
1:      mov $-1, %rdx
        mov $0x04000000, %r8d
        call *l4_links + LINK_IPC(%rip)
        jmp 1b

/* void touch_pages(L4_Word_t address, L4_Word_t pages): a write to each */
        .globl touch_pages
touch_pages:
1:      movb $1, (%rdi)
        add $4096, %rdi
        dec %rsi
        jnz 1b
        ret

/* void guest_int(void): a guest that says nothing but that it is there */
        .globl guest_int
guest_int:
        int $0x80
        jmp guest_int

/*
 * A pager: answers the fault at address a, which is MR1, with the page at a + loop_offset, of
 * which loop_offset holds the item's size and rights, too.
 */
        .globl loop_pager
loop_pager:
        mov %gs:0, %rdi
        xor %esi, %esi
1:      mov $-1, %rdx
        mov $0x04000000, %r8d
        call *l4_links + LINK_IPC(%rip)
        and $-4096, %rax
        mov loop_offset(%rip), %rbx
        add %rax, %rbx
        or $8, %rax                             /* a map item */
        mov $0x80, %r9d                         /* two typed words */
        jmp 1b

        .bss
        .globl loop_offset
loop_offset:
        .quad 0

        .section .note.GNU-stack, "", @progbits
