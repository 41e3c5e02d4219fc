/* SPDX-License-Identifier: BSD-2-Clause */
/* The other system calls: with arguments of the right kind, or with any. */
#include "fuzz.h"

void unmap(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t n = one_in(r, 30) ? below(r, 64) : below(r, 2);

    for (L4_Word_t i = 0; i <= n; i++)
        L4_LoadMR((int)i, random_fpage(r));
    L4_Unmap(n | (one_in(r, 2) ? L4_UNMAP_FLUSH : 0));
}

void exchange(struct victim *v)
{
    struct random *r = &v->random;
    L4_ThreadId_t t = {.raw = random_id(r)};
    struct l4_exregs e = {below(r, 0x400),
                          one_in(r, 2) ? random_address(r) : BLOCK + STATE_BYTES,
                          one_in(r, 2) ? random_address(r) : (L4_Word_t)victim,
                          random_value(r),
                          random_value(r),
                          one_in(r, 2) ? root.raw : random_id(r)};

    if (!one_in(r, 8))
        e.control &= ~(L4_EXREGS_SP | L4_EXREGS_IP | L4_EXREGS_HALT);
    L4_Exregs(t, &e);
}

void thread_switch(struct victim *v)
{
    L4_ThreadSwitch((L4_ThreadId_t){.raw = random_id(&v->random)});
}

void clock(struct victim *v)
{
    if (one_in(&v->random, 2))
        L4_SystemClock();
    else
        L4_GetKernelInterface();
}

/* None of these may work, but for Schedule on threads whose scheduler is in the own space. */
void privileged(struct victim *v)
{
    struct random *r = &v->random;
    L4_ThreadId_t a = {.raw = random_id(r)}, b = {.raw = random_id(r)}, c = {.raw = random_id(r)};
    L4_Word_t old, attributes[4] = {random_value(r), random_value(r), below(r, 9), below(r, 9)};
    L4_Fpage_t f = {.raw = random_fpage(r)};

    switch (below(r, 5)) {
    case 0:
        L4_ThreadControl(a, b, c, (L4_ThreadId_t){.raw = random_id(r)}, (void *)random_address(r));
        break;
    case 1:
        L4_SpaceControl(a, random_value(r), f, (L4_Fpage_t){.raw = random_fpage(r)}, b, &old);
        break;
    case 2:
        L4_ProcessorControl(below(r, 3), random_value(r), random_value(r), random_value(r));
        break;
    case 3:
        L4_LoadMR(0, f.raw);
        L4_MemoryControl(below(r, 70), attributes);
        break;
    case 4:
        L4_Schedule(a, one_in(r, 2) ? ~0ul : random_time(r) << 16 | random_time(r),
                    one_in(r, 2) ? ~0ul : random_value(r), one_in(r, 2) ? ~0ul : below(r, 256),
                    one_in(r, 2) ? ~0ul : random_value(r), &old);
        break;
    }
}

void extend(struct victim *v)
{
    struct random *r = &v->random;
    L4_ThreadId_t a = {.raw = random_id(r)}, b = {.raw = random_id(r)};
    L4_Word64_t us;
    L4_Word_t limit;

    if (!L4_Almond())
        return;
    switch (below(r, 8)) {
    case 0:
    case 1:
        L4_Notify(a, random_value(r));
        break;
    case 2:
        L4_KmemControl(below(r, 1100), random_value(r), &limit);
        break;
    case 3:
        L4_VcpuControl(a, b, (void *)random_address(r));
        break;
    case 4:
        L4_VcpuMap((L4_Fpage_t){.raw = random_fpage(r)},
                   one_in(r, 2) ? random_value(r) : below(r, 64) << 12);
        break;
    case 5:
        L4_DomainControl(below(r, 1100), below(r, 5), below(r, 1100));
        break;
    case 6:
        L4_CpuTime(a, &us);
        break;
    case 7:
        L4_DomainCpuTime(below(r, 1100), &us);
        break;
    }
}

/* Bases and descriptors of its own; the selectors are loaded by `instruction`. */
void segments(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word64_t s = one_in(r, 4) ? 0 : random_segment(r);

    if (L4_Almond())
        L4_ThreadLocal(one_in(r, 8) ? random_value(r) : below(r, 3), (L4_Word_t)s,
                       L4_WORD_BITS == 32 || one_in(r, 20) ? (L4_Word_t)(s >> 32) : 0);
}

static void random_registers(struct random *r, L4_Word_t regs[REGISTERS])
{
    for (int i = 0; i < REGISTERS; i++)
        regs[i] = random_value(r);
    regs[REGISTER_UTCB] = one_in(r, 2) ? L4_MyLocalId().raw : regs[REGISTER_UTCB];
    if (!one_in(r, 30)) { /* no endless waits; a tag that goes */
        regs[REGISTER_TIMEOUTS] = random_time(r) << 16 | random_time(r);
        regs[REGISTER_TAG] &= below(r, 2) ? 0xfc7 : 0x7;
    }
}

/* A stub with whatever is in the registers. */
void garbage(struct victim *v)
{
    L4_Word_t regs[REGISTERS], entry = entries[below(&v->random, ENTRIES)];

    if (!entry)
        return;
    random_registers(&v->random, regs);
    call_with(entry, regs);
}

/* The trap instruction without a stub: local ids and bad numbers get through to the kernel. */
void raw_syscall(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t regs[REGISTERS], number = one_in(r, 20) ? random_value(r) : below(r, 20);

    if (L4_WORD_BITS == 64 && one_in(r, 4)) /* it is half of a register */
        number |= random_word(r) << (L4_WORD_BITS / 2);
    random_registers(r, regs);
    trap_with(number, regs);
}
