/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of single registers need assembly. */
#include "x2.h"

const unsigned char registers_in_order[REGISTERS] = {EX_AX,  EX_BX,  EX_CX,  EX_DX,  EX_SI,
                                                     EX_DI,  EX_BP,  EX_R8,  EX_R9,  EX_R10,
                                                     EX_R11, EX_R12, EX_R13, EX_R14, EX_R15};

L4_Word_t do_ud2_registers(L4_Word_t a, L4_Word_t b)
{
    L4_Word_t sum;

    __asm__ volatile("push %%rbp;"
                     "mov $1, %%eax; mov $2, %%ebx; mov $3, %%ecx; mov $4, %%edx; mov $5, %%esi;"
                     "mov $6, %%edi; mov $7, %%ebp; mov $8, %%r8d; mov $9, %%r9d; mov $10, %%r10d;"
                     "mov $11, %%r11d; mov $12, %%r12d; mov $13, %%r13d; mov $14, %%r14d;"
                     "mov $15, %%r15d; clc; ud2; adc %%rbx, %%rax; add %%rcx, %%rax;"
                     "add %%rdx, %%rax; add %%rsi, %%rax; add %%rdi, %%rax; add %%rbp, %%rax;"
                     "add %%r8, %%rax; add %%r9, %%rax; add %%r10, %%rax; add %%r11, %%rax;"
                     "add %%r12, %%rax; add %%r13, %%rax; add %%r14, %%rax; add %%r15, %%rax;"
                     "pop %%rbp"
                     : "=a"(sum)
                     :
                     : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
                       "r14", "r15", "cc", "memory");
    return sum;
}

bool find_kernel(L4_Word_t *kip, L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id)
{
    L4_Word_t kept;

    __asm__ volatile("mov $1, %%ebx; mov $2, %%edi; mov $3, %%r8d; mov $4, %%r9d; mov $5, %%r10d;"
                     "mov $6, %%r11d; mov $7, %%r12d; mov $8, %%r13d; mov $9, %%r14d;"
                     "mov $10, %%r15d; stc; lock; nop; adc %%rdi, %%rbx; add %%r8, %%rbx;"
                     "add %%r9, %%rbx; add %%r10, %%rbx; add %%r11, %%rbx; add %%r12, %%rbx;"
                     "add %%r13, %%rbx; add %%r14, %%rbx; add %%r15, %%rbx"
                     : "=a"(*kip), "=c"(*version), "=d"(*flags), "=S"(*id), "=b"(kept)
                     :
                     : "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc");
    return kept == 55 + 1;
}

/* RAX, RBX, RCX, RDX, RSI, RDI, R8 to R15. */
void call_entry(L4_Word_t entry, const L4_Word_t regs[CALL_REGISTERS])
{
    __asm__ volatile("push %%rbp; push %0; mov %1, %%rbp;"
                     "mov (%%rbp), %%rax; mov 8(%%rbp), %%rbx; mov 16(%%rbp), %%rcx;"
                     "mov 24(%%rbp), %%rdx; mov 32(%%rbp), %%rsi; mov 40(%%rbp), %%rdi;"
                     "mov 48(%%rbp), %%r8; mov 56(%%rbp), %%r9; mov 64(%%rbp), %%r10;"
                     "mov 72(%%rbp), %%r11; mov 80(%%rbp), %%r12; mov 88(%%rbp), %%r13;"
                     "mov 96(%%rbp), %%r14; mov 104(%%rbp), %%r15;"
                     "call *(%%rsp); pop %%rbp; pop %%rbp"
                     :
                     : "a"(entry), "d"(regs)
                     : "rbx", "rcx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "memory", "cc");
}
