/* SPDX-License-Identifier: BSD-2-Clause */
/* What users may have in registers at a system call, and the kernel has to bear. */
#include "x2.h"

#define LOG2           24
#define SUPERPAGE      (1ul << 21)
#define MEMORY_CONTROL 9ul /* the kernel's number of the call */

/* MemoryControl with this in RBP; all attributes are the default. */
static L4_Word_t memory_control(L4_Word_t rbp)
{
    L4_Word_t result = 0;

    __asm__ volatile("push %%rbp; mov %%rax, %%rbp; xor %%esi, %%esi; xor %%edi, %%edi;"
                     "xor %%r8d, %%r8d; xor %%r9d, %%r9d; syscall; pop %%rbp"
                     : "+d"(result), "+a"(rbp)
                     :
                     : "rbx", "rcx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "cc", "memory");
    return result;
}

CHECK_ALMOND(upper_half, "almond",
             "what is above a call's number does not matter, interrupted or not")
{
    L4_Word_t memory = get_memory(LOG2), old;

    if (!memory)
        return SKIP;
    for (L4_Word_t at = memory; at < memory + (1ul << LOG2); at += SUPERPAGE)
        L4_Flush(page(at, 12, L4_FullyAccessible)); /* cuts it: much to do */
    L4_Set_Timeslice(me, L4_TimePeriod(100), L4_Never);
    for (int i = 0; i < 20; i++) {
        L4_LoadMR(0, L4_FpageLog2(memory, LOG2).raw);
        EXPECT_EQUAL(memory_control(0xdead00000000 | MEMORY_CONTROL), 1);
    }
    L4_Schedule(me, L4_TimePeriod(10000).raw << 16, ~0ul, ~0ul, ~0ul, &old);
    return PASS;
}

#define THREAD_SWITCH 7ul

static void yield(L4_Word_t rbp)
{
    L4_Word_t result;

    __asm__ volatile("push %%rbp; mov %1, %%rbp; xor %%edi, %%edi; syscall; pop %%rbp"
                     : "=a"(result)
                     : "r"(rbp)
                     : "rdi", "rcx", "r11", "memory", "cc");
}

CHECK_ALMOND(upper_half_traced, "almond", "nor does it in a call that is traced")
{
    EXPECT(L4_TraceSize(L4_TRACE_MIN_LOG2));
    EXPECT(L4_TraceStart(L4_TRACE_ALL));
    yield(0xdead00000000 | THREAD_SWITCH);
    EXPECT(L4_TraceStart(0));
    EXPECT(find_event(me, L4_TRACE_CALL, THREAD_SWITCH, ~0ul));
    EXPECT(L4_TraceSize(0));
    return PASS;
}

#define LAST_PAGE 0x7ffffffff000ul

CHECK_ALMOND(last_page, "almond", "no SYSCALL can be where the address behind it is none")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12);
    struct fault f;

    EXPECT(give(t, L4_CompleteAddressSpace,
                L4_MapItem(page(mine, 12, L4_FullyAccessible), LAST_PAGE)));
    EXPECT(ask_fault(t, do_read, LAST_PAGE, 0, &f));
    EXPECT_EQUAL(f.word[0], LAST_PAGE);
    return PASS;
}
