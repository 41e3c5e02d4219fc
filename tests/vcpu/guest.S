/* SPDX-License-Identifier: BSD-2-Clause */
/* What the test VM executes: pieces of position-independent code, copied to 0x1000. */

        .macro GUEST name, mode
        .section .rodata.guest, "a"
        .code\mode
        .balign 16
        .globl guest_\name
guest_\name:
        .endm

        .macro END name
        .globl guest_\name\()_end
guest_\name\()_end:
        .endm

/* ---- exits, real mode ---- */

        GUEST cpuid, 16
        cpuid
        incl %eax
        incl %ecx
        incl %edx
        incl %ebx
        incl %ebp
        incl %esi
        incl %edi
        cpuid
        END cpuid

        GUEST io, 16
        outb %al, $0x80
        inw $0x40, %ax
        movw $0x1234, %dx
        outl %eax, %dx
        rep insb
        outsb
        END io

        GUEST hlt, 16
        sti
        hlt
        cli
        hlt
        END hlt

        GUEST misc, 16
        rdpmc
        wbinvd
        invd
        pause
        rdtsc
        .byte 0x0f, 0x01, 0xd9                  /* vmmcall */
        nop
        END misc

        GUEST ud, 16
        ud2
        END ud

        GUEST npf, 16
        movw $0x9000, %bx
        movb $0x5a, (%bx)
        movb (%bx), %al
        outb %al, $0x80
        movb (%bx), %al
        outb %al, $0x80
        END npf

        GUEST spin, 16
        sti
1:      incl %ecx
        jmp 1b
        END spin

        GUEST spin_cli, 16
1:      jmp 1b
        END spin_cli

/* ---- events, real mode; the handler lies at 0x1080 ---- */

        GUEST interrupt, 16
        outb %al, $0x80
        sti
        nop
        nop
        outb %al, $0x81
        int $0x41
        outb %al, $0x82
        .org guest_interrupt + 0x80
        movb $0x77, %al
        outb %al, $0x83
        movb $0, %al
        iretw
        END interrupt

        GUEST shadow, 16
        outb %al, $0x80
        sti
        hlt
        hlt
        END shadow

/* ---- 64-bit mode ---- */

        GUEST msrs, 64
        movl $0xc0000082, %ecx                  /* LSTAR: no exit */
        movl $0x12345678, %eax
        xorl %edx, %edx
        wrmsr
        movl $0xc0000102, %ecx                  /* KernelGS base */
        movl $0x5000, %eax
        wrmsr
        swapgs
        movl $0xc0000101, %ecx
        rdmsr
        outl %eax, $0x80
        movl $0xc0000080, %ecx                  /* EFER: exit */
        rdmsr
        movl $0x1b, %ecx
        movl $0xfee00000, %eax
        wrmsr
        movl $0x80000000, %ecx                  /* no such register */
        rdmsr
        END msrs

        GUEST segments, 64
        movl $0x10, %eax
        movl %eax, %fs
        movl $0xc0000100, %ecx
        movl $0x7777, %eax
        movl $1, %edx
        wrmsr
        hlt
        rdmsr
        hlt
        END segments

        GUEST svm, 64
        xorl %eax, %eax
        .byte 0x0f, 0x01, 0xd8                  /* vmrun */
        .byte 0x0f, 0x01, 0xda                  /* vmload */
        .byte 0x0f, 0x01, 0xdb                  /* vmsave */
        .byte 0x0f, 0x01, 0xdc                  /* stgi */
        .byte 0x0f, 0x01, 0xdd                  /* clgi */
        .byte 0x0f, 0x01, 0xdf                  /* invlpga */
        END svm

        GUEST cr8, 64
        movl $5, %eax
        movq %rax, %cr8
        outb %al, $0x80
        movq %cr8, %rax
        outb %al, $0x80
        END cr8

        GUEST debug, 64
        movl $0x123456, %eax
        movq %rax, %db0
        movl $0x654321, %eax
        movq %rax, %db3
        hlt
        movq %db0, %rax
        outl %eax, $0x80
        movq %db3, %rax
        outl %eax, $0x80
        END debug

        GUEST step, 64
        pushfq
        orl $0x100, (%rsp)
        popfq
        nop
        hlt
        .org guest_step + 0x80
        movb $1, %al
        outb %al, $0x80
        andl $~0x100, 16(%rsp)
        iretq
        END step

        GUEST fault, 64
        movq $0x200000, %rbx                    /* beyond the page tables */
        movb $0, (%rbx)
        hlt
        .org guest_fault + 0x80
        popq %rax                               /* error code */
        outl %eax, $0x80
        movq %cr2, %rax
        outl %eax, $0x81
        addq $3, (%rsp)
        iretq
        END fault

        GUEST triple, 64
        lidt zero(%rip)
        ud2
zero:   .quad 0, 0
        END triple

        GUEST fpu, 64
        movq %rax, %xmm0
        movq %rax, %xmm7
        hlt
        movq %xmm0, %rax
        hlt
        movq %xmm7, %rax
        hlt
        END fpu

        GUEST tsc, 64
        rdtsc
        shlq $32, %rdx
        orq %rdx, %rax
        hlt
        END tsc

        GUEST xsetbv, 64
        movq %cr4, %rax
        orl $0x40000, %eax
        movq %rax, %cr4
        xorl %ecx, %ecx
        xorl %edx, %edx
        movl $1, %eax
        xsetbv
        hlt
        END xsetbv

        GUEST monitor, 64
        xorl %eax, %eax
        xorl %ecx, %ecx
        xorl %edx, %edx
        monitor
        mwait
        END monitor

        GUEST rdtscp, 64
        rdtscp
        hlt
        END rdtscp

/* ---- measurements ---- */

        GUEST bench_cpuid, 64
1:      movl $0x40000000, %eax
        cpuid
        jmp 1b
        END bench_cpuid

        GUEST bench_out, 64
        movl $0x1f0, %edx
1:      outb %al, %dx
        jmp 1b
        END bench_out

        .section .note.GNU-stack, "", @progbits
