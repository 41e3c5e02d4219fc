/* SPDX-License-Identifier: BSD-2-Clause */
/* Unprivileged threads that call the kernel with nonsense: it must outlive them, and lose nothing. */
#include "x2.h"

#define ROUNDS 400
#define IMAGE  0x1000000ul

#define CALLS 16

static volatile L4_Word_t seed, calls;

/* The KIP of the root task is not in the other spaces: what is needed from it. */
static L4_Word_t user_base, sigma0, entries[CALLS];

static L4_Word_t random_word(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static L4_Word_t random_id(void)
{
    switch (random_word() % 8) {
    case 0:
        return me.raw;
    case 1:
        return L4_MyGlobalId().raw;
    case 2:
        return L4_MyLocalId().raw;
    case 3:
        return L4_anylocalthread.raw;
    case 4:
        return sigma0;
    case 5:
        return L4_GlobalId(random_word() % 256, 1).raw;
    default:
        return L4_GlobalId(user_base + random_word() % 2048, random_word() % 4).raw;
    }
}

static L4_Word_t random_address(void)
{
    static const L4_Word_t bases[] = {0,          KIP_AREA,       UTCB_AREA,          0x1000000,
                                      0xfee00000, KERNEL_ADDRESS, MORE_WILD_ADDRESSES};

    return bases[random_word() % (sizeof(bases) / sizeof(bases[0]))] + random_word() % 0x2000;
}

static L4_Word_t random_value(void)
{
    switch (random_word() % 8) {
    case 0:
        return random_word() % 80;
    case 1:
    case 2:
        return random_id();
    case 3:
        return random_address();
    case 4: /* an fpage */
        return (random_address() & ~0x3fful) | (random_word() & 0x3ff);
    case 5:
        return 1ul << random_word() % L4_WORD_BITS;
    case 6:
        return random_word() & 1 ? 0 : ~0ul;
    default:
        return random_word();
    }
}

/* Message: whatever is there, with few words more often than with many. */
static void fill_registers(void)
{
    for (int i = 1; i < 12; i++)
        L4_LoadMR(i, random_value());
    for (int i = 0; i < 4; i++)
        L4_LoadBR(i, random_value());
    L4_Set_MsgTag(L4_MakeTag(random_value(), random_word() % 6, random_word() % 6));
    L4_Set_VirtualSender((L4_ThreadId_t){.raw = random_id()});
}

static void nonsense(void)
{
    L4_Word_t regs[CALL_REGISTERS];

    for (;;) {
        bool sane = random_word() % 4 != 0; /* the MRs' address, no endless waits */

        fill_registers();
        for (int i = 0; i < CALL_REGISTERS; i++)
            regs[i] = random_value();
        if (regs[CALL_UTCB] >> 20 == IMAGE >> 20) /* entries may write there: not to our image */
            regs[CALL_UTCB] = 0;
        if (sane) {
            regs[CALL_UTCB] = (L4_Word_t)L4_Utcb();
            regs[CALL_TIMEOUTS] = (L4_Word_t)L4_ZeroTime.raw << 16 | L4_ZeroTime.raw;
            regs[CALL_TAG] = L4_MsgTag().raw;
        }
        calls++;
        call_entry(entries[random_word() % CALLS], regs);
    }
}

/* Until the thread has stopped calling, but not for ever.  What it sends gets no answer. */
static void watch(void)
{
    L4_Clock_t end = L4_ClockAddUsec(L4_SystemClock(), 20000);
    L4_Word_t before;
    L4_ThreadId_t from;

    do {
        before = calls;
        while (L4_IpcSucceeded(L4_Wait_Timeout(L4_TimePeriod(2000), &from)) &&
               L4_IsClockEarlier(L4_SystemClock(), end))
            ;
    } while (calls != before && L4_IsClockEarlier(L4_SystemClock(), end));
}

static void read_kip(void)
{
    user_base = L4_ThreadIdUserBase(L4_Kip());
    sigma0 = L4_Sigma0Id().raw;
    memcpy(entries, &l4_links, sizeof(entries)); /* they are the first members */
}

static L4_Word_t kernel_memory(void)
{
    L4_Word_t limit;

    return L4_KmemControl(0, ~0ul, &limit);
}

CHECK_ALMOND(storm, "4.1", "random calls from unprivileged spaces")
{
    L4_ThreadId_t survivor = spawn_remote(agent), from;
    L4_Word_t before = 0, r;

    read_kip();
    for (L4_Word_t round = 1; round <= ROUNDS; round++) {
        L4_ThreadId_t t;

        seed = round * (L4_Word_t)0x9e3779b97f4a7c15ull;
        t = spawn_remote(nonsense);
        EXPECT(!L4_IsNilThread(t));
        watch();
        kill(t);
        while (L4_IpcSucceeded(L4_Wait_Timeout(L4_ZeroTime, &from)))
            ;
        if (round == 1)
            before = kernel_memory();
    }
    printf("# %lu calls\n", calls);
    EXPECT(ask(survivor, do_nothing, 1, 0, &r));
    EXPECT(calls > ROUNDS * 2);
    EXPECT_EQUAL(kernel_memory(), before);
    return PASS;
}
