/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PVH entry of a payload: 32-bit protected mode, paging off, EBX = start info.
 * Builds an identity map of the first 512 GiB (the first 4 in 2 MiB pages, the
 * rest in 1 GiB pages), goes to 64-bit mode and calls payload_start(start_info, tsc).
 */
    .section .note.pvh, "a", @note
    .align 4
    .long 4, 4, 18              /* name size, value size, XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long entry

    .section .text.entry, "ax"
    .code32
    .globl entry
entry:
    rdtsc                       /* the first instruction: the entry's time */
    mov     %eax, %esi
    mov     %edx, %edi
    cld

    lea     pml4, %ecx          /* PML4 -> PDPT; pages are zero: .bss */
    movl    $pdpt + 3, (%ecx)
    mov     $pdpt, %ecx
    mov     $pd + 3, %eax
    mov     $4, %edx
1:  mov     %eax, (%ecx)        /* 4 page directories */
    add     $4096, %eax
    add     $8, %ecx
    dec     %edx
    jnz     1b
    mov     $0x83, %eax         /* 1 GiB pages for the other 508 GiB */
    mov     $1, %edx
2:  mov     %eax, (%ecx)
    mov     %edx, 4(%ecx)
    add     $0x40000000, %eax
    adc     $0, %edx
    add     $8, %ecx
    cmp     $pdpt + 4096, %ecx
    jne     2b

    mov     $pd, %ecx
    mov     $0x83, %eax
3:  mov     %eax, (%ecx)
    add     $0x200000, %eax
    add     $8, %ecx
    cmp     $pd + 4 * 4096, %ecx
    jne     3b

    mov     %cr4, %eax
    or      $0x620, %eax        /* PAE, OSFXSR, OSXMMEXCPT */
    mov     %eax, %cr4
    mov     $pml4, %eax
    mov     %eax, %cr3
    mov     $0xc0000080, %ecx
    rdmsr
    or      $0x100, %eax        /* LME */
    wrmsr
    mov     %cr0, %eax
    or      $0x80000001, %eax
    mov     %eax, %cr0
    lgdt    gdt_pointer
    ljmp    $8, $long_mode

    .code64
long_mode:
    mov     $16, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %ss
    mov     $stack_top, %rsp
    mov     %edi, %eax          /* arguments: start info, time of entry */
    shl     $32, %rax
    mov     %esi, %esi
    or      %rax, %rsi
    mov     %ebx, %edi
    call    payload_start
    ud2

/*
 * Exceptions: vectors 0-31 push a frame for struct trap; trap() looks up a fixup.
 */
    .macro  vector number, error
    .align  16
    .if     \error == 0
    push    $0
    .endif
    push    $\number
    jmp     trap_common
    .endm

    .align  16
    .globl  trap_vectors
trap_vectors:
    vector  0, 0
    vector  1, 0
    vector  2, 0
    vector  3, 0
    vector  4, 0
    vector  5, 0
    vector  6, 0
    vector  7, 0
    vector  8, 1
    vector  9, 0
    vector  10, 1
    vector  11, 1
    vector  12, 1
    vector  13, 1
    vector  14, 1
    vector  15, 0
    vector  16, 0
    vector  17, 1
    vector  18, 0
    vector  19, 0

trap_common:
    push    %rax
    push    %rcx
    push    %rdx
    push    %rbx
    push    %rbp
    push    %rsi
    push    %rdi
    push    %r8
    push    %r9
    push    %r10
    push    %r11
    mov     %rsp, %rdi
    call    trap
    pop     %r11
    pop     %r10
    pop     %r9
    pop     %r8
    pop     %rdi
    pop     %rsi
    pop     %rbp
    pop     %rbx
    pop     %rdx
    pop     %rcx
    pop     %rax
    add     $16, %rsp
    iretq

    .section .rodata
    .align  8
gdt:
    .quad   0
    .quad   0x00af9b000000ffff  /* 8: 64-bit code */
    .quad   0x00cf93000000ffff  /* 16: data */
gdt_pointer:
    .word   gdt_pointer - gdt - 1
    .quad   gdt

    .section .bss
    .align  4096
pml4: .skip 4096
pdpt: .skip 4096
pd:   .skip 4 * 4096
stack:
    .skip   16384
stack_top:

    .section .note.GNU-stack, "", @progbits
