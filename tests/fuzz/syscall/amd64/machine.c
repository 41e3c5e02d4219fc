/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers and instructions of AMD64. */
#include "fuzz.h"

#define LOAD_REGISTERS                                                                             \
    "mov (%%rbp), %%rax; mov 8(%%rbp), %%rbx; mov 16(%%rbp), %%rcx;"                               \
    "mov 24(%%rbp), %%rdx; mov 32(%%rbp), %%rsi; mov 40(%%rbp), %%rdi;"                            \
    "mov 48(%%rbp), %%r8; mov 56(%%rbp), %%r9; mov 64(%%rbp), %%r10;"                              \
    "mov 72(%%rbp), %%r11; mov 80(%%rbp), %%r12; mov 88(%%rbp), %%r13;"                            \
    "mov 96(%%rbp), %%r14; mov 104(%%rbp), %%r15;"

#define CLOBBERS                                                                                   \
    "rbx", "rcx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc"

void call_with(L4_Word_t entry, const L4_Word_t regs[REGISTERS])
{
    __asm__ volatile("push %%rbp; push %0; mov %1, %%rbp;" LOAD_REGISTERS
                     "call *(%%rsp); pop %%rbp; pop %%rbp"
                     :
                     : "a"(entry), "d"(regs)
                     : CLOBBERS);
}

void trap_with(L4_Word_t number, const L4_Word_t regs[REGISTERS])
{
    __asm__ volatile("push %%rbp; push %0; mov %1, %%rbp;" LOAD_REGISTERS
                     "pop %%rbp; syscall; pop %%rbp"
                     :
                     : "a"(number), "d"(regs)
                     : CLOBBERS);
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
