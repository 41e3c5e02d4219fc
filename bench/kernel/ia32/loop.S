/* SPDX-License-Identifier: BSD-2-Clause */
/* The loops whose rounds are counted: nothing but what the call needs. */

        .text
/* void loop_client(to, tag, rounds): on its own stack, so that there can be several at a time */
        .globl loop_client
loop_client:
        push %ebx
        push %ebp
        push %esi
        push %edi
        push 28(%esp)                           /* 8: rounds */
        push 28(%esp)                           /* 4: the tag */
        push 28(%esp)                           /* 0: the partner */
        mov %gs:0, %edi
1:      mov (%esp), %eax
        mov %eax, %edx
        xor %ecx, %ecx
        mov 4(%esp), %esi
        call *l4_links + LINK_IPC
        decl 8(%esp)
        jnz 1b
        add $12, %esp
        pop %edi
        pop %esi
        pop %ebp
        pop %ebx
        ret

/* The answer goes to whom the message came from, with the tag that it had. */
        .globl loop_server
loop_server:
        mov %gs:0, %edi
        xor %eax, %eax
1:      mov $-1, %edx
        mov $0x04000000, %ecx
        call *l4_links + LINK_IPC
        jmp 1b

/* void touch_pages(L4_Word_t address, L4_Word_t pages): a write to each */
        .globl touch_pages
touch_pages:
        mov 4(%esp), %eax
        mov 8(%esp), %ecx
1:      movb $1, (%eax)
        add $4096, %eax
        dec %ecx
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
        mov %gs:0, %edi
        xor %eax, %eax
1:      mov $-1, %edx
        mov $0x04000000, %ecx
        call *l4_links + LINK_IPC
        and $-4096, %ebx
        mov loop_offset, %ecx
        add %ebx, %ecx
        or $8, %ebx                             /* a map item */
        mov %ebx, 4(%edi)
        mov %ecx, 8(%edi)
        mov $0x80, %esi                         /* two typed words */
        jmp 1b

        .bss
        .globl loop_offset
loop_offset:
        .long 0

        .section .note.GNU-stack, "", @progbits
