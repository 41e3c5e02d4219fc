/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel debugger's services: a breakpoint, and behind it harmless
 * instructions that say what is wanted.
 */
#ifndef L4_IA32_KDEBUG_H
#define L4_IA32_KDEBUG_H

#include <l4/types.h>

/* Prints a literal string and enters the debugger. */
#define L4_KDB_Enter(text)                                                                         \
    __asm__ volatile("int3; jmp 1f; movl $2f, %%eax; 1:"                                           \
                     ".pushsection .rodata.kdb, \"a\"; 2: .asciz " #text "; .popsection"           \
                     :                                                                             \
                     :                                                                             \
                     : "eax", "memory")

static inline void L4_KDB_PrintChar(char c)
{
    __asm__ volatile("int3; cmpb $0, %%al" : : "a"(c) : "memory", "cc");
}

static inline void L4_KDB_PrintString(const char *s)
{
    __asm__ volatile("int3; cmpb $1, %%al" : : "a"(s) : "memory", "cc");
}

static inline void L4_KDB_ClearPage(void)
{
    __asm__ volatile("int3; cmpb $2, %%al" : : : "memory", "cc");
}

static inline void L4_KDB_ToggleBreakin(void)
{
    __asm__ volatile("int3; cmpb $3, %%al" : : : "memory", "cc");
}

/* -1 if there is none. */
static inline L4_SignedWord_t L4_KDB_ReadChar(void)
{
    L4_SignedWord_t c;

    __asm__ volatile("int3; cmpb $8, %%al" : "=a"(c) : : "memory", "cc");
    return c;
}

static inline L4_SignedWord_t L4_KDB_ReadChar_Blocked(void)
{
    L4_SignedWord_t c;

    __asm__ volatile("int3; cmpb $13, %%al" : "=a"(c) : : "memory", "cc");
    return c;
}

#endif
