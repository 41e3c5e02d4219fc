/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers and instructions of IA32. */
#include "fuzz.h"

#define LOAD_REGISTERS                                                                             \
    "mov (%%edx), %%eax; mov 4(%%edx), %%ebx; mov 8(%%edx), %%ecx; mov 16(%%edx), %%esi;"          \
    "mov 20(%%edx), %%edi; mov 24(%%edx), %%ebp; mov 12(%%edx), %%edx;"

#define CLOBBERS "ebx", "ecx", "esi", "edi", "memory", "cc"

void call_with(L4_Word_t entry, const L4_Word_t regs[REGISTERS])
{
    __asm__ volatile("push %%ebp; push %%eax;" LOAD_REGISTERS "call *(%%esp); pop %%ebp; pop %%ebp"
                     : "+a"(entry), "+d"(regs)
                     :
                     : CLOBBERS);
}

/* Ipc's own way in, which needs a place to come back to. */
static void sysenter_with(const L4_Word_t regs[REGISTERS])
{
    __asm__ volatile("push %%ebp;" LOAD_REGISTERS
                     "mov $1f, %%ebx; mov %%esp, %%ebp; sysenter; 1: pop %%ebp"
                     : "+d"(regs)
                     :
                     : "eax", CLOBBERS);
}

/* One for each vector from the first system call's to behind the last: 3 bytes each. */
__asm__(".pushsection .text.traps, \"ax\"; traps:"
        ".set n, 0xd0; .rept 20; int $n; ret; .set n, n + 1; .endr; .popsection");
extern const char traps[];

void trap_with(L4_Word_t number, const L4_Word_t regs[REGISTERS])
{
    if (number % 4 == 0)
        sysenter_with(regs);
    else
        call_with((L4_Word_t)traps + 3 * (number % 20), regs);
}

/* Each sequence: edx is a port, eax anything, the stack is there to be used. */
/* clang-format off */
#define INSN_LIST(X)                                                                               \
    X("ud2") X("hlt") X("cli") X("sti") X("clts") X("iret") X("syscall") X("sysexit")              \
    X("in %%dx, %%al") X("in %%dx, %%eax") X("out %%al, %%dx") X("outsl") X("insb")                \
    X("rep outsb") X("int3") X("int $0x80") X("int $0x20") X("int $2") X("int $8") X("int $14")    \
    X("int $255") X("lgdt (%%esp)") X("lidt (%%esp)") X("lldt %%ax") X("ltr %%ax")                 \
    X("sidt -32(%%esp)") X("mov %%eax, %%cr0") X("mov %%eax, %%cr3") X("mov %%cr4, %%eax")         \
    X("mov %%eax, %%dr0") X("mov %%eax, %%dr7") X("rdmsr") X("wrmsr") X("invlpg (%%esp)")          \
    X("wbinvd") X("rdpmc") X("xsetbv") X("monitor") X("mwait") X("vmmcall")                        \
    X(".byte 0x0f,0x01,0xd8") X("sysenter") X("lock; nop") X("stac") X("clac") X("into")           \
    X("mov %%ax, %%ds") X("mov %%ax, %%es") X("mov %%ax, %%fs") X("mov %%ax, %%gs")                \
    X("mov %%ax, %%ss") X("push %%eax; pop %%ds") X("push %%eax; pop %%es; rep movsb")             \
    X("push %%eax; pop %%fs") X("push %%eax; pop %%gs") X("push %%eax; pop %%ss")                  \
    X("xor %%eax, %%eax; mov %%ax, %%gs; mov %%ax, %%ds; mov %%ax, %%es; int $0xd7")               \
    X("mov $0x2b, %%eax; mov %%ax, %%ds; mov %%ax, %%es; int $0xd7")                               \
    X("mov $0x2b, %%eax; mov %%ax, %%ds; mov %%ax, %%es; sysenter")                                \
    X("mov $0x1b, %%eax; mov %%ax, %%ds; mov %%ax, %%es; int $0xd7")                               \
    X("mov $0x23, %%eax; mov %%ax, %%gs; mov %%gs:0, %%eax") X("push $0x23; push $0; lret")        \
    X("lcall $0x08, $0") X("lcall $0x30, $0") X("ljmp $0x38, $0") X("ljmp $0x2b, $0")              \
    X("push %%eax; popf") X("push $0x40102; popf; nop") X("push $0x302; popf; nop; int $0xd7")     \
    X("push $0x302; popf; sysenter") X("push $0x4202; popf; sysenter")                             \
    X("push $0x4202; popf; iret") X("push $0x4202; popf; int $0xd7")                               \
    X("xor %%edx, %%edx; xor %%ecx, %%ecx; div %%ecx") X("fninit; fld1") X("aam $0")               \
    X("fninit; fldcw (%%esp)") X(".byte 0x0f,0xae,0x14,0x24") X(".byte 0x66,0x0f,0xef,0xc0")       \
    X(".byte 0x0f,0x77") X(".byte 0x0f,0xae,0x04,0x24") X("xor %%ecx, %%ecx; xgetbv")              \
    X("bound %%eax, (%%esp)") X("mov $1, %%esp; push %%eax") X("mov %%eax, %%esp; int3")           \
    X("mov %%eax, %%esp; int $0xd7") X("mov %%eax, %%ebp; sysenter") X("mov %%eax, %%ebx; sysenter")\
    X("jmp *%%eax") X("std; sysenter") X("std; int $0xd7") X("int1") X(".byte 0xf0,0xf0,0xf0,0x90")
/* clang-format on */

#define AS_CASE(text)                                                                              \
    case __COUNTER__ - FIRST_CASE:                                                                 \
        __asm__ volatile(text                                                                      \
                         : "+a"(a), "+d"(d), "+c"(c), "+S"(si), "+D"(di)                           \
                         :                                                                         \
                         : "ebx", "memory", "cc");                                                 \
        break;

enum { FIRST_CASE = __COUNTER__ + 1 };

void instruction(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t a = random_value(r), c = random_value(r) & 0xffff, d = SAFE_PORT + below(r, 40);
    L4_Word_t si = PLAY, di = PLAY;

    switch ((int)below(r, 110)) {
        INSN_LIST(AS_CASE)
    }
}
