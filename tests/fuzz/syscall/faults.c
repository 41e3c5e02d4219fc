/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: memory, instructions, the debugger's traps; and registers that the kernel reads. */
#include "fuzz.h"

void touch(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t at = random_address(r);

    if (at >= UTCB_AREA && at < UTCB_AREA + (1ul << UTCB_LOG2) && one_in(r, 2))
        at = PLAY;
    switch (below(r, 40)) {
    case 0:
        ((void (*)(void))at)();
        break;
    case 1:
    case 2:
    case 3: /* random bytes, for those who execute them and for guests */
        if (at >= PLAY && at < PLAY + (1ul << PLAY_LOG2) - 8)
            *(volatile L4_Word_t *)at = random_word(r);
        break;
    case 4:
        __asm__ volatile("rep stosb" : : "D"(at), "a"(0), "c"(below(r, 5000)) : "memory");
        break;
    default:
        *(volatile char *)at;
    }
}

/* Each sequence: rdx is a port, rax anything, the stack is there to be used. */
/* clang-format off */
#define INSN_LIST(X)                                                                               \
    X("ud2") X("hlt") X("cli") X("sti") X("clts") X("swapgs") X("sysretq") X("iretq")              \
    X("in %%dx, %%al") X("in %%dx, %%eax") X("out %%al, %%dx") X("outsl") X("insb")                \
    X("rep outsb") X("int3") X("int $0x80") X("int $0x20") X("int $2") X("int $14")                \
    X("int $255") X("lgdt (%%rsp)") X("lidt (%%rsp)") X("lldt %%ax") X("ltr %%ax")                 \
    X("sidt -32(%%rsp)") X("mov %%rax, %%cr0") X("mov %%rax, %%cr3") X("mov %%cr4, %%rax")         \
    X("mov %%rax, %%dr0") X("mov %%rax, %%dr7") X("rdmsr") X("wrmsr") X("invlpg (%%rsp)")          \
    X("wbinvd") X("rdpmc") X("xsetbv") X("monitor") X("mwait") X("vmmcall")                        \
    X(".byte 0x0f,0x01,0xd8") X(".byte 0x0f,0x01,0xdb") X("sysenter") X("lock; nop") X("stac")     \
    X("clac") X("mov %%ax, %%ds") X("mov %%ax, %%es") X("mov %%ax, %%fs") X("mov %%ax, %%gs")      \
    X("mov %%ax, %%ss") X("push %%rax; pop %%fs") X("push %%rax; pop %%gs")                        \
    X("xor %%eax, %%eax; mov %%ax, %%gs") X("mov $0x23, %%eax; mov %%ax, %%gs; mov %%ax, %%ds")    \
    X("pushq $0x23; lretq") X("push %%rax; popfq") X("pushq $0x40102; popfq; nop")                 \
    X("pushq $0x302; popfq; nop; syscall") X("pushq $0x4202; popfq; syscall")                      \
    X("xor %%edx, %%edx; xor %%ecx, %%ecx; div %%ecx") X("fninit; fld1")                           \
    X("fninit; fldcw (%%rsp)") X(".byte 0x0f,0xae,0x14,0x24") X(".byte 0x66,0x0f,0xef,0xc0")       \
    X(".byte 0x0f,0x77") X(".byte 0x0f,0xae,0x04,0x24") X("xor %%ecx, %%ecx; xgetbv")              \
    X("movabs 0x800000000000, %%al") X("movabs 0xffff800000000000, %%al")                          \
    X("mov $1, %%rsp; push %%rax") X("mov %%rax, %%rsp; int3") X("mov %%rax, %%rsp; syscall")      \
    X("jmp *%%rax") X("std; syscall") X("mov %%rax, %%rbp; syscall") X("int1")                     \
    X(".byte 0xf0,0xf0,0xf0,0x90")
/* clang-format on */

#define AS_CASE(text)                                                                              \
    case __COUNTER__ - FIRST_CASE:                                                                 \
        __asm__ volatile(text                                                                      \
                         :                                                                         \
                         : "a"(a), "d"(SAFE_PORT + below(r, 40)), "c"(c), "S"(PLAY), "D"(PLAY)     \
                         : "rbx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory",  \
                           "cc");                                                                  \
        break;

enum { FIRST_CASE = __COUNTER__ + 1 };

void instruction(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t a = random_value(r), c = random_value(r) & 0xffff;

    switch ((int)below(r, 90)) {
        INSN_LIST(AS_CASE)
    }
}

/* The console's services; with strings anywhere. */
void debugger(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t at = one_in(r, 4) ? (L4_Word_t) "kdb\n" : random_address(r);

    switch (below(r, 8)) {
    case 0:
        __asm__ volatile("int3; cmp $0, %%al" : : "a"('.') : "cc");
        break;
    case 1:
    case 2:
    case 3:
        __asm__ volatile("int3; cmp $1, %%al" : : "a"(at) : "cc", "memory");
        break;
    case 4:
        __asm__ volatile("int3; cmp $8, %%al" : "+a"(at) : : "cc");
        break;
    case 5:
        __asm__ volatile("int3; cmp $77, %%al" : : "a"(at) : "cc");
        break;
    case 6:
        __asm__ volatile("int3; jmp 1f; movabs $0x50000010, %%rax; 1:" : : : "rax");
        break;
    case 7:
        __asm__ volatile("int3; jmp 1f; mov $0x90001000, %%eax; 1:" : : : "rax");
        break;
    }
}

/* Thread control registers, as far as users may write them: all. */
void thread_registers(struct victim *v)
{
    struct random *r = &v->random;

    switch (below(r, 6)) {
    case 0:
        L4_Set_Pager((L4_ThreadId_t){.raw = one_in(r, 3) ? random_id(r) : root.raw});
        break;
    case 1:
        L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = one_in(r, 3) ? random_id(r) : root.raw});
        break;
    case 2:
        L4_Set_Tcr(L4_TCR_FLAGS, random_word(r));
        break;
    case 3:
        L4_Set_XferTimeouts(random_value(r));
        break;
    case 4: /* any word of the UTCB; the stubs need the global id to be one */
        ((volatile L4_Word_t *)L4_MyLocalId().raw)[(L4_SignedWord_t)below(r, 128) - 64] =
            random_value(r);
        L4_Set_Pager(root);
        break;
    case 5:
        L4_Set_Pager(root);
        L4_Set_ExceptionHandler(root);
        break;
    }
}
