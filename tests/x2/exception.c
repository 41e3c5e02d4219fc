/* SPDX-License-Identifier: BSD-2-Clause */
/* The exception protocol, and the debugger's services. */
#include <l4/kdebug.h>
#include "x2.h"

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
                     : "ecx", "edx", "cc");
    return 0x600d;
}

/* A thread of another space whose exceptions come to us. */
static L4_ThreadId_t patient(void)
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;

    return ask(t, do_set_handler, me.raw, 0, &r) ? t : L4_nilthread;
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

CHECK_SPREAD(invalid_opcode, "6.6", "an undefined instruction, skipped by the handler")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2, 0, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(L4_TypedWords(f.tag), 0);
    EXPECT(L4_UntypedWords(f.tag) >= EX_NUMBER + 1);
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_INVALID);
    EXPECT(f.word[EX_IP] - (L4_Word_t)do_ud2 < 64);
    EXPECT_EQUAL(*(const uint16_t *)f.word[EX_IP], 0x0b0f);
    f.word[EX_IP] += 2;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0x600d);
    return PASS;
}

CHECK_ALMOND_SPREAD(all_words, "6.6", "all words, with the error code")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_hlt, 0, 0, &f));
    EXPECT_EQUAL(plain(f.tag), L4_MakeTag(L4_LABEL_ARCH_EXCEPTION, EX_WORDS, 0).raw);
    EXPECT_EQUAL(f.word[EX_ERROR], 0);
    return PASS;
}

CHECK_SPREAD(protection, "6.6", "general protection")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_hlt, 0, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_GP);
    return PASS;
}

CHECK_SPREAD(divide, "6.6", "division by zero, mended by the handler")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_divide, 1, 0, &f));
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_NUMBER], VECTOR_DIVIDE);
    f.word[EX_CX] = 1;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0x600d);
    return PASS;
}

CHECK_SPREAD(registers, "6.6", "each register, out and in")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2_registers, 0, 0, &f));
    for (unsigned i = 0; i < REGISTERS; i++)
        EXPECT_EQUAL(f.word[registers_in_order[i]], i + 1);
    for (unsigned i = 0; i < REGISTERS; i++)
        f.word[registers_in_order[i]] *= 100;
    f.word[EX_IP] += 2;
    f.word[EX_FLAGS] |= 1; /* carry: one more in the sum */
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), REGISTERS * (REGISTERS + 1) / 2 * 100 + 1);
    return PASS;
}

CHECK_SPREAD(empty_reply, "6.6", "an empty reply changes nothing")
{
    L4_ThreadId_t t = patient();
    struct fault f;
    L4_Word_t ip;

    EXPECT(ask_fault(t, do_ud2_registers, 0, 0, &f));
    ip = f.word[EX_IP];
    f.tag = go_on(t, &f, 0);
    L4_StoreMRs(1, EX_WORDS, f.word);
    EXPECT(is_exception(&f));
    EXPECT_EQUAL(f.word[EX_IP], ip);
    EXPECT_EQUAL(f.word[EX_BX], 2);
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

CHECK_SPREAD(transparent, "6.6", "message registers come back")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_ud2_transparent, 0, 0, &f));
    f.word[EX_IP] += 2;
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1), 0);
    return PASS;
}

/* Flags that would give a thread what it must not have. */
static L4_Word_t do_read_flags(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("ud2" : : : "memory");
    return read_flags();
}

CHECK_SPREAD(flags_guarded, "6.6", "a handler cannot set system flags")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_read_flags, 0, 0, &f));
    f.word[EX_IP] += 2;
    f.word[EX_FLAGS] = 0x3000 | 0x4000; /* IOPL 3, NT, interrupts off */
    EXPECT(L4_IpcSucceeded(go_on(t, &f, L4_UntypedWords(f.tag))));
    EXPECT_EQUAL(L4_MR(1) & 0x7200, 0x0200);
    return PASS;
}

/* Somebody else than the handler cannot make it run on. */
CHECK_ALMOND_SPREAD(no_handler, "6.6", "without a handler the thread stops")
{
    L4_ThreadId_t t = spawn_remote(agent);

    settle();
    L4_LoadMR(1, (L4_Word_t)do_ud2);
    L4_Set_MsgTag(L4_MakeTag(0x51, 3, 0));
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_TimePeriod(50000))));
    return PASS;
}

CHECK_ALMOND_SPREAD(wild_ip, "6.6", "impossible addresses")
{
    L4_ThreadId_t t = patient();
    struct fault f;

    EXPECT(ask_fault(t, do_execute, WILD_IP, 0, &f));
    f.word[EX_IP] = WILD_IP2;
    f.word[EX_SP] = WILD_SP;
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
    __asm__ volatile("mov $5, %%ebx; mov $' ', %%eax; int3; cmpb $0, %%al"
                     : "=b"(kept)
                     :
                     : "eax", "cc", "memory");
    for (const char *s = "one by one\n"; *s; s++)
        L4_KDB_PrintChar(*s);
    EXPECT_EQUAL(kept, 5);
    return PASS;
}
