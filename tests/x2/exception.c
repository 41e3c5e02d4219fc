/* SPDX-License-Identifier: BSD-2-Clause */
/* The exception protocol, and the debugger's services. */
#include <l4/kdebug.h>
#include "x2.h"

/* Message registers of an exception; digest 6.6. */
enum {
    EX_RIP,
    EX_RBX,
    EX_R10,
    EX_R12,
    EX_R13,
    EX_R14,
    EX_R15,
    EX_RAX,
    EX_RCX,
    EX_RDX,
    EX_RSI,
    EX_RDI,
    EX_RBP,
    EX_R8,
    EX_R9,
    EX_R11,
    EX_RSP,
    EX_RFLAGS,
    EX_NUMBER,
    EX_ERROR,
    EX_WORDS
};

#define VECTOR_DIVIDE  0
#define VECTOR_INVALID 6
#define VECTOR_GP      13

static L4_Word_t do_ud2(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("ud2");
    return 0x600d;
}

static L4_Word_t do_hlt(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("hlt");
    return 0x600d;
}

static L4_Word_t do_divide(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("xor %%edx, %%edx; xor %%ecx, %%ecx; div %%ecx"
                     :
                     : "a"(a)
                     : "rcx", "rdx", "cc");
    return 0x600d;
}

/* Every register has its own number; the fault's length is 2. */
static L4_Word_t do_ud2_registers(L4_Word_t a, L4_Word_t b)
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

static L4_Word_t do_handle(L4_Word_t handler, L4_Word_t b)
{
    L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = handler});
    return 0;
}

/* A thread of another space whose exceptions come to us. */
static L4_ThreadId_t patient(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    return ask(t, do_handle, me.raw, 0, &r) ? t : L4_nilthread;
}

static bool is_exception(const struct fault *f)
{
    L4_Word_t protocol = L4_LABEL_PROTOCOL(L4_Label(f->tag));

    return protocol == L4_LABEL_ARCH_EXCEPTION || protocol == L4_LABEL_EXCEPTION;
}

/* Continues t with the registers of f, then reads its next message. */
static L4_MsgTag_t go_on(L4_ThreadId_t t, const struct fault *f, L4_Word_t words)
{
    L4_LoadMRs(1, (int)words, f->word);
    L4_Set_MsgTag(L4_MakeTag(0, words, 0));
    if (L4_IpcFailed(L4_Reply(t)))
        return L4_MsgTag();
    return hear(t);
}

CHECK(invalid_opcode, "6.6", "an undefined instruction, skipped by the handler")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2, 0, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(L4_TypedWords(f.tag), 0);
    EXPECT(L4_UntypedWords(f.tag) >= EX_NUMBER + 1);
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_INVALID);
    EXPECT(f.word[EX_RIP] - (L4_Word_t)do_ud2 < 64);
    EXPECT_EQUAL(*(const uint16_t *)f.word[EX_RIP], 0x0b0f);
    f.word[EX_RIP] += 2;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0x600d);
    return PASS;
}

CHECK_ALMOND(twenty_words, "6.6", "twenty words, with the error code")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_hlt, 0, 0, &f));
    EXPECT_EQUAL(f.tag.raw, L4_MakeTag(L4_LABEL_ARCH_EXCEPTION, EX_WORDS, 0).raw);
    EXPECT_EQUAL(f.word[EX_ERROR], 0);
    return PASS;
}

CHECK(protection, "6.6", "general protection")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_hlt, 0, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_GP);
    return PASS;
}

CHECK(divide, "6.6", "division by zero, mended by the handler")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_divide, 1, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_DIVIDE);
    f.word[EX_RCX] = 1;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0x600d);
    return PASS;
}

CHECK(registers, "6.6", "each register, out and in")
{
    static const L4_Word_t expected[][2] = {
        {EX_RAX, 1},  {EX_RBX, 2},  {EX_RCX, 3},  {EX_RDX, 4},  {EX_RSI, 5},
        {EX_RDI, 6},  {EX_RBP, 7},  {EX_R8, 8},   {EX_R9, 9},   {EX_R10, 10},
        {EX_R11, 11}, {EX_R12, 12}, {EX_R13, 13}, {EX_R14, 14}, {EX_R15, 15},
    };
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2_registers, 0, 0, &f));
    for (unsigned i = 0; i < 15; i++)
        EXPECT_EQUAL(f.word[expected[i][0]], expected[i][1]);
    for (unsigned i = 0; i < 15; i++)
        f.word[expected[i][0]] *= 100;
    f.word[EX_RIP] += 2;
    f.word[EX_RFLAGS] |= 1; /* carry: one more in the sum */
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 12001);
    return PASS;
}

CHECK(empty_reply, "6.6", "an empty reply changes nothing")
{
    L4_ThreadId_t t = patient();
    struct fault f;
    L4_Word_t ip;

    EXPECT(ask_fault(t, do_ud2_registers, 0, 0, &f));
    ip = f.word[EX_RIP];
    f.tag = go_on(t, &f, 0);
    L4_StoreMRs(1, EX_WORDS, f.word);
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_RIP], ip);
    EXPECT_EQUAL(f.word[EX_RBX], 2);
    return PASS;
}

static L4_Word_t do_ud2_transparent(L4_Word_t a, L4_Word_t b)
{
    L4_Word_t wrong = 0;

    for (int i = 0; i < 64; i++)
        L4_LoadMR(i, 0x300ul + (L4_Word_t)i);
    __asm__ volatile("ud2" : : : "memory");
    for (int i = 0; i < 64; i++)
        wrong += L4_MR(i) != 0x300ul + (L4_Word_t)i;
    return wrong;
}

CHECK(transparent, "6.6", "message registers come back")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2_transparent, 0, 0, &f));
    f.word[EX_RIP] += 2;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0);
    return PASS;
}

/* Flags that would give a thread what it must not have. */
static L4_Word_t do_read_flags(L4_Word_t a, L4_Word_t b)
{
    L4_Word_t flags;

    __asm__ volatile("ud2; pushfq; pop %0" : "=r"(flags) : : "memory");
    return flags;
}

CHECK(flags_guarded, "6.6", "a handler cannot set system flags")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_read_flags, 0, 0, &f));
    f.word[EX_RIP] += 2;
    f.word[EX_RFLAGS] = 0x3000 | 0x4000; /* IOPL 3, NT, interrupts off */
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1) & 0x7200, 0x0200);
    return PASS;
}

/* Somebody else than the handler cannot make it run on. */
CHECK_ALMOND(no_handler, "6.6", "without a handler the thread stops")
{
    L4_ThreadId_t t = spawn_remote(agent);

    settle();
    L4_LoadMR(1, (L4_Word_t)do_ud2);
    L4_Set_MsgTag(L4_MakeTag(0x51, 3, 0));
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_TimePeriod(50000))));
    return PASS;
}

CHECK_ALMOND(wild_ip, "6.6", "addresses that are not canonical")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_execute, 0x0000800000000000ul, 0, &f)); /* not canonical */
    f.word[EX_RIP] = 0xffff800000000000ul;
    f.word[EX_RSP] = 0x8000000000000001ul;
    L4_LoadMRs(1, EX_WORDS, f.word);
    L4_Set_MsgTag(L4_MakeTag(0, EX_WORDS, 0));
    L4_Reply(t);
    L4_Receive_Timeout(t, L4_TimePeriod(50000)); /* whatever happens to it, we live */
    return PASS;
}

CHECK(debugger, "9", "the debugger prints")
{
    L4_Word_t kept;

    L4_KDB_PrintString("# printed by the kernel:");
    __asm__ volatile("mov $5, %%ebx; mov $' ', %%eax; int3; cmpb $0, %%al; mov %%rbx, %0"
                     : "=r"(kept)
                     :
                     : "rax", "rbx", "cc", "memory");
    for (const char *s = "one by one\n"; *s; s++)
        L4_KDB_PrintChar(*s);
    EXPECT_EQUAL(kept, 5);
    return PASS;
}
