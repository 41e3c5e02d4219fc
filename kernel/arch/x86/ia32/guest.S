/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests in user mode: their general registers go from and to the state page, all
 * others to cpu.arch.guest_frame, since nobody else may write there.
 */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/layout.h"
#include "entry.inc"

#define STATE_GPR 0x80 /* struct l4_vcpu_state: gpr, of 64 bits each */

        .section .text.entry, "ax"

/* ---- a trap; ESP points to its vector, in guest_frame ---- */
        .globl guest_trap
guest_trap:
        pushl %eax
        movl CPU_GUEST_STATE - (CPU_GUEST_FRAME + F_AX)(%esp), %eax
        movl %ecx, %ss:STATE_GPR + 1 * 8(%eax)
        movl %edx, %ss:STATE_GPR + 2 * 8(%eax)
        movl %ebx, %ss:STATE_GPR + 3 * 8(%eax)
        movl %ebp, %ss:STATE_GPR + 5 * 8(%eax)
        movl %esi, %ss:STATE_GPR + 6 * 8(%eax)
        movl %edi, %ss:STATE_GPR + 7 * 8(%eax)
        popl %ss:STATE_GPR + 0 * 8(%eax)
        .globl clac_guest
clac_guest:
        .byte 0x0f, 0x1f, 0x00                  /* nop; CLAC where the processor has SMAP */
        cld
        movw %ds, F_DS - F_VECTOR(%esp)
        movw %es, F_ES - F_VECTOR(%esp)
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        subl $(CPU_GUEST_FRAME + F_VECTOR), %esp
        movl CPU_CURRENT(%esp), %eax
        movl %eax, CPU_LOADED(%esp)
        xorl %ebp, %ebp                         /* backtraces end here */
        call trap_guest
        call kernel_exit

/* From entry_v86: EDX is the vector. */
        .globl guest_v86
guest_v86:
        andl $-AREA_SIZE, %esp
        addl $AREA_CPU, %esp
        movl CPU_CURRENT(%esp), %eax
        movl %eax, CPU_LOADED(%esp)
        xorl %ebp, %ebp
        call trap_guest_v86
        call kernel_exit

/* ---- void guest_resume(vcpu_state_t *state, const struct guest_user *user) ---- */
        .globl guest_resume
        .type guest_resume, @function
        .balign 16
guest_resume:
        pushl $SEL_UDATA
        pushl 1 * 4(%edx)                       /* sp, flags, ip */
        pushl 2 * 4(%edx)
        pushl $SEL_UCODE
        pushl 0 * 4(%edx)
        pushl 4 * 4(%edx)                       /* es, ds */
        pushl 3 * 4(%edx)
        movl STATE_GPR + 1 * 8(%eax), %ecx
        movl STATE_GPR + 2 * 8(%eax), %edx
        movl STATE_GPR + 3 * 8(%eax), %ebx
        movl STATE_GPR + 5 * 8(%eax), %ebp
        movl STATE_GPR + 6 * 8(%eax), %esi
        movl STATE_GPR + 7 * 8(%eax), %edi
        movl STATE_GPR + 0 * 8(%eax), %eax
        popl %ds
        popl %es
        iretl

        .section .note.GNU-stack, "", @progbits
