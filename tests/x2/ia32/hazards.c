/* SPDX-License-Identifier: BSD-2-Clause */
/* What users may do to segment registers and flags, and the kernel has to bear. */
#include <l4/kdebug.h>
#include "x2.h"

#define UDATA 0x23
#define UTCB  0x2b

/* The four segment registers that users load. */
static bool standard(void)
{
    L4_Word_t ds, es, fs, gs;

    __asm__ volatile("mov %%ds, %0; mov %%es, %1; mov %%fs, %2; mov %%gs, %3"
                     : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
    return (ds & 0xffff) == UDATA && (es & 0xffff) == UDATA && (fs & 0xffff) == UDATA &&
           (gs & 0xffff) == UTCB;
}

static void load_all(L4_Word_t selector)
{
    __asm__ volatile("mov %0, %%fs; mov %0, %%gs; mov %0, %%ds; mov %0, %%es" : : "r"(selector));
}

CHECK(selectors, "8.2", "the selectors of users")
{
    L4_Word_t cs, ss;

    __asm__ volatile("mov %%cs, %0; mov %%ss, %1" : "=r"(cs), "=r"(ss));
    EXPECT_EQUAL(cs & 0xffff, 0x1b);
    EXPECT_EQUAL(ss & 0xffff, UDATA);
    EXPECT(standard());
    return PASS;
}

CHECK(null_selectors, "8.2", "a null selector in DS and ES is made good")
{
    volatile L4_Word_t memory = 5;

    __asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"(0));
    EXPECT_EQUAL(shared[0] + memory, 5); /* QEMU lets it pass */
    L4_Yield();
    EXPECT(standard());
    return PASS;
}

/* Nothing may use memory between the load and the call. */
static void yield_with(L4_Word_t selector)
{
    __asm__ volatile("mov %1, %%ds; mov %1, %%es; int $0xd7" : : "a"(0), "r"(selector) : "memory");
}

static L4_Word_t ipc_with(L4_Word_t selector)
{
    L4_Word_t tag = 0;

    __asm__ volatile("push %%ebp; mov %%ebx, %%ds; mov %%ebx, %%es; mov $1f, %%ebx;"
                     "mov %%esp, %%ebp; sysenter; 1: pop %%ebp"
                     : "+S"(tag), "+b"(selector)
                     : "a"(0), "c"(0), "d"(0), "D"(L4_Utcb())
                     : "memory", "cc");
    return tag;
}

CHECK_ALMOND(odd_selectors, "8.2", "any selectors at a system call")
{
    static const L4_Word_t selectors[] = {0, 3, 0x1b, UTCB};

    for (unsigned i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
        yield_with(selectors[i]);
        EXPECT(standard());
        EXPECT_EQUAL(ipc_with(selectors[i]), 0);
        EXPECT(standard());
    }
    return PASS;
}

CHECK(impossible_selectors, "6.6", "impossible selectors are not loaded")
{
    L4_Word_t sp, before;

    __asm__ volatile("mov %%esp, %0" : "=r"(before));
    load_all(0x08);
    load_all(0x50);
    load_all(0x07);
    __asm__ volatile("push $0x50; pop %%ds; push $0x50; pop %%es; push $0x50; pop %%fs;"
                     "push $0x50; pop %%gs; mov %%esp, %0"
                     : "=r"(sp)
                     :
                     : "memory");
    EXPECT_EQUAL(sp, before);
    EXPECT(standard());
    return PASS;
}

static void spoil_gs(void)
{
    __asm__ volatile("mov %0, %%gs" : : "r"(UDATA));
    __asm__ volatile("int $0xd7" : : "a"(0)); /* yields: no look at gs:0 in between */
    __asm__ volatile("mov %0, %%gs" : : "r"(UTCB));
    finish();
}

/* GS is not what a thread has left in it when another one runs. */
CHECK_ALMOND(others_gs, "3.1", "GS belongs to the thread")
{
    L4_ThreadId_t t = spawn(spoil_gs);

    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT(standard());
    EXPECT_EQUAL(L4_MyGlobalId().raw, me.raw);
    return PASS;
}

static void set_flags(L4_Word_t flags)
{
    __asm__ volatile("pushf; orl %0, (%%esp); popf" : : "r"(flags) : "memory", "cc");
}

static void clear_flags(L4_Word_t flags)
{
    __asm__ volatile("pushf; andl %0, (%%esp); popf" : : "r"(~flags) : "memory", "cc");
}

#define FLAG_TF 0x100
#define FLAG_DF 0x400
#define FLAG_NT 0x4000
#define FLAG_AC 0x40000

CHECK_ALMOND(odd_flags, "8.2", "NT and AC at a system call")
{
    const L4_Word_t odd = FLAG_NT | FLAG_AC;
    L4_Word_t yielded, slept, failed;
    L4_ThreadId_t from;
    L4_MsgTag_t tag;

    set_flags(odd);
    L4_Yield();
    yielded = read_flags();
    L4_Sleep(L4_TimePeriod(2000));
    slept = read_flags();
    set_flags(odd);
    tag = L4_Wait_Timeout(L4_ZeroTime, &from);
    failed = read_flags();
    clear_flags(odd);
    EXPECT(L4_IpcFailed(tag));
    EXPECT_EQUAL(yielded & odd, odd); /* INT and IRET keep them, SYSENTER and SYSEXIT do not */
    EXPECT_EQUAL(slept & odd, 0);
    EXPECT_EQUAL(failed & odd, 0);
    return PASS;
}

CHECK_ALMOND(direction, "8.2", "DF at a system call")
{
    L4_Word_t flags;

    __asm__ volatile("std; int $0xd7; pushf; pop %0; cld" : "=r"(flags) : "a"(0) : "memory", "cc");
    EXPECT(flags & FLAG_DF);
    return PASS;
}

/* The trap comes in the kernel, whose business it is not. */
CHECK_ALMOND(stepping, "8.6", "single steps into SYSENTER")
{
    L4_Word_t tag = 0;

    __asm__ volatile(
        "push %%ebp; mov $1f, %%ebx; mov %%esp, %%ebp; pushf; orl %[tf], (%%esp); popf;"
        "sysenter; 1: pop %%ebp"
        : "+S"(tag)
        : [tf] "i"(FLAG_TF), "a"(0), "c"(0), "d"(0), "D"(L4_Utcb())
        : "ebx", "memory", "cc");
    EXPECT_EQUAL(tag, 0);
    EXPECT_EQUAL(read_flags() & FLAG_TF, 0);
    return PASS;
}
