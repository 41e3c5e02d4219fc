/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileged calls on the victims: any arguments, as long as they concern nobody else. */
#include "fuzz.h"

#define UNCHANGED (~0ul)
#define PRIO_MAX  200

L4_ThreadId_t some(void)
{
    return (L4_ThreadId_t){.raw = random_victim(&chance)};
}

L4_ThreadId_t some_or_none(void)
{
    return one_in(&chance, 3) ? L4_nilthread : some();
}

/* Itself or another victim, the root; anythread takes it away. */
static L4_ThreadId_t some_redirector(void)
{
    switch (below(&chance, 4)) {
    case 0:
        return some();
    case 1:
        return root;
    case 2:
        return L4_anythread;
    default:
        return L4_nilthread;
    }
}

static L4_Word_t some_utcb(void)
{
    if (one_in(&chance, 8))
        return random_address(&chance);
    return one_in(&chance, 3) ? UNCHANGED : UTCB_AREA + 1024 * below(&chance, 40);
}

/* Create, delete, activate, migrate, give a new version. */
static void thread_control(void)
{
    unsigned n = (unsigned)below(&chance, 3) ? VICTIMS + (unsigned)below(&chance, SPARE)
                                             : (unsigned)below(&chance, NUMBERS);
    L4_ThreadId_t t = {.raw = ids[n]}, space = some();

    if (one_in(&chance, 4))
        t = L4_GlobalId(L4_ThreadNo(t), 1 + below(&chance, 3));
    if (one_in(&chance, 3))
        space = t;
    else if (one_in(&chance, 10))
        space = L4_nilthread;
    if (L4_ThreadControl(t, space, some_or_none(), one_in(&chance, 2) ? root : some_or_none(),
                         (void *)some_utcb()))
        ids[n] = t.raw;
}

static void space_control(void)
{
    L4_Word_t control = 0, old;

    if (one_in(&chance, 3))
        control |= L4_SPACE_VM;
    if (one_in(&chance, 2))
        control |= L4_SPACE_ACCOUNT | (1 + below(&chance, ACCOUNTS)) << L4_SPACE_ACCOUNT_SHIFT;
    if (one_in(&chance, 10))
        control = random_value(&chance) & ~(L4_SPACE_ACCOUNT_MASK << L4_SPACE_ACCOUNT_SHIFT);
    if (one_in(&chance, 2))
        L4_SpaceControl(some(), control, fpage(KIP_AREA, 12, 0), fpage(UTCB_AREA, UTCB_LOG2, 0),
                        some_redirector(), &old);
    else
        L4_SpaceControl(some(), control, (L4_Fpage_t){.raw = random_fpage(&chance)},
                        (L4_Fpage_t){.raw = random_fpage(&chance)}, some_redirector(), &old);
}

static void schedule(void)
{
    L4_Word_t quantum = one_in(&chance, 50) ? random_time(&chance) : L4_TimePeriod(5000).raw, old;
    L4_Word_t time = one_in(&chance, 2) ? UNCHANGED : quantum << 16;

    L4_Schedule(some(), time,
                one_in(&chance, 2) ? UNCHANGED : below(&chance, L4_NumProcessors(L4_Kip()) + 1),
                one_in(&chance, 2) ? UNCHANGED : below(&chance, PRIO_MAX),
                one_in(&chance, 2) ? UNCHANGED : random_value(&chance), &old);
}

static void exchange_registers(void)
{
    struct l4_exregs e = {.control = below(&chance, 0x200),
                          .sp = random_address(&chance),
                          .ip = random_address(&chance),
                          .flags = random_word(&chance),
                          .handle = random_word(&chance),
                          .pager = root.raw};

    if (!one_in(&chance, 4))
        e.control &= ~(L4_EXREGS_SP | L4_EXREGS_IP);
    L4_Exregs(some(), &e);
}

/* Revoke from the victims what they have of the pool. */
static void revoke(void)
{
    L4_UnmapFpage(fpage(pool + below(&chance, 1ul << PLAY_LOG2),
                        12 + (unsigned)below(&chance, PLAY_LOG2 - 11), below(&chance, 8)));
}

/* Take interrupts that nobody needs: 3 to 7 and 10 to 13 are unused, or not available. */
static void interrupt(void)
{
    L4_ThreadId_t irq = L4_GlobalId(3 + below(&chance, 11), 1);

    if (L4_ThreadNo(irq) != 4 && L4_ThreadNo(irq) != 8)
        L4_ThreadControl(irq, irq, L4_nilthread, one_in(&chance, 3) ? irq : some(),
                         (void *)UNCHANGED);
}

static void other(void)
{
    L4_Word_t attributes[4] = {below(&chance, 10), 0, 1, below(&chance, 6)};

    if (one_in(&chance, 2)) {
        L4_ProcessorControl(below(&chance, 2), 0, 0, 0);
        return;
    }
    for (int i = 0; i < 4; i++)
        L4_LoadMR(i, fpage(pool + below(&chance, 1ul << PLAY_LOG2),
                           12 + (unsigned)below(&chance, PLAY_LOG2 - 11), below(&chance, 4))
                         .raw);
    L4_MemoryControl(below(&chance, 4), attributes);
}

void meddle(void)
{
    static void (*const calls[])(void) = {
        thread_control, thread_control, space_control,  schedule, schedule,     exchange_registers,
        kernel_memory,  vcpu_control,   notify,         notify,   interrupt,    revoke,
        revoke,         other,          domain_control, cpu_time, vcpu_control,
    };

    calls[below(&chance, sizeof(calls) / sizeof(calls[0]))]();
}
