/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of single registers need assembly. */
#include "x2.h"

const unsigned char registers_in_order[REGISTERS] = {EX_AX, EX_BX, EX_CX, EX_DX,
                                                     EX_SI, EX_DI, EX_BP};

L4_Word_t do_ud2_registers(L4_Word_t a, L4_Word_t b)
{
    L4_Word_t sum;

    __asm__ volatile("push %%ebp;"
                     "mov $1, %%eax; mov $2, %%ebx; mov $3, %%ecx; mov $4, %%edx; mov $5, %%esi;"
                     "mov $6, %%edi; mov $7, %%ebp; clc; ud2; adc %%ebx, %%eax; add %%ecx, %%eax;"
                     "add %%edx, %%eax; add %%esi, %%eax; add %%edi, %%eax; add %%ebp, %%eax;"
                     "pop %%ebp"
                     : "=a"(sum)
                     :
                     : "ebx", "ecx", "edx", "esi", "edi", "cc", "memory");
    return sum;
}

bool find_kernel(L4_Word_t *kip, L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id)
{
    L4_Word_t kept;

    __asm__ volatile("push %%ebp; mov $1, %%ebx; mov $2, %%edi; mov $3, %%ebp; stc; lock; nop;"
                     "adc %%edi, %%ebx; add %%ebp, %%ebx; pop %%ebp"
                     : "=a"(*kip), "=c"(*version), "=d"(*flags), "=S"(*id), "=b"(kept)
                     :
                     : "edi", "cc");
    return kept == 6 + 1;
}

/* EAX, EBX, ECX, EDX, ESI, EDI, EBP.  The entry's address waits on the stack meanwhile. */
void call_entry(L4_Word_t entry, const L4_Word_t regs[CALL_REGISTERS])
{
    __asm__ volatile("push %%ebp; push %%eax;"
                     "mov (%%edx), %%eax; mov 4(%%edx), %%ebx; mov 8(%%edx), %%ecx;"
                     "mov 16(%%edx), %%esi; mov 20(%%edx), %%edi; mov 24(%%edx), %%ebp;"
                     "mov 12(%%edx), %%edx; call *(%%esp); pop %%ebp; pop %%ebp"
                     : "+a"(entry), "+d"(regs)
                     :
                     : "ebx", "ecx", "esi", "edi", "memory", "cc");
}
