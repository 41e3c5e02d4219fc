/* SPDX-License-Identifier: BSD-2-Clause */
/* What the entry code's files share: for assembly only. */
#ifndef IA32_ENTRY_H
#define IA32_ENTRY_H

#define FLAG_TF (1 << 8)
#define FLAG_VM (1 << 17)

#define T_CPU (T_STATUS + 3)

#ifdef __ASSEMBLY__
/* The selectors that every user has; ECX is lost. */
        .macro USER_SEGMENTS
        movl $SEL_UDATA, %ecx
        movl %ecx, %ds
        movl %ecx, %es
        movl %ecx, %fs
        movl $SEL_UTCB, %ecx
        movl %ecx, %gs
        .endm
#endif

#endif
