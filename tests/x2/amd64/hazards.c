/* SPDX-License-Identifier: BSD-2-Clause */
/* What users may leave in registers, and the kernel has to bear. */
#include "x2.h"

#define SYS_THREAD_SWITCH 7

/* A system call whose number has bits that entry.S does not look at. */
static L4_Word_t call_with(L4_Word_t number)
{
    L4_Word_t result = 0;

    __asm__ volatile("push %%rbp; mov %1, %%rbp; syscall; pop %%rbp"
                     : "+a"(result)
                     : "r"(number), "D"(0)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

CHECK_ALMOND(call_number, "almond",
             "a system call's number is one of 32 bits, also while it is traced")
{
    call_with(0xdead00000000 | SYS_THREAD_SWITCH);
    EXPECT(L4_TraceSize(L4_TRACE_MIN_LOG2));
    EXPECT(L4_TraceStart(L4_TRACE_ALL));
    call_with(0xdead00000000 | SYS_THREAD_SWITCH);
    EXPECT(L4_TraceSize(0));
    return PASS;
}
