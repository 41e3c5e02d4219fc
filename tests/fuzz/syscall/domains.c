/* SPDX-License-Identifier: BSD-2-Clause */
/* The root thread's part of Almond's extensions. */
#include "fuzz.h"

#define UNCHANGED (~0ul)

/* Limits around what is used: the next request, or the one after it, fails. */
void kernel_memory(void)
{
    L4_Word_t account = 1 + below(&chance, ACCOUNTS), limit, used;

    if (!L4_Almond())
        return;
    used = L4_KmemControl(account, UNCHANGED, &limit);
    L4_KmemControl(account, one_in(&chance, 3) ? 4ul << 20 : used + below(&chance, 5 * 4096),
                   &limit);
}

void vcpu_control(void)
{
    L4_ThreadId_t t = some();
    unsigned n = victim_of(t);
    L4_Word_t state = one_in(&chance, 3) ? random_address(&chance) : VCPU_STATE(n);

    if (!L4_Almond())
        return;
    if (!one_in(&chance, 4)) {
        give_vcpu((unsigned)below(&chance, VICTIMS));
        return;
    }
    L4_VcpuControl(t, some_or_none(), (void *)state);
    vcpu_kind[n] = NO_VCPU; /* the victim does not find it, unless it was there */
}

void notify(void)
{
    if (L4_Almond())
        L4_Notify(some(), random_word(&chance));
}

/* Whom the victims reach: soon all of them again, or their faults do not come. */
void domain_control(void)
{
    L4_Word_t domain = 1 + below(&chance, ACCOUNTS);

    if (!L4_Almond())
        return;
    L4_DomainControl(domain, below(&chance, 5), below(&chance, ACCOUNTS + 1));
    if (one_in(&chance, 2))
        L4_DomainControl(domain, L4_DOMAIN_REACH_ALL, 0);
    for (L4_Word_t n = 0; n <= ACCOUNTS && one_in(&chance, 8); n++)
        L4_DomainControl(n, L4_DOMAIN_REACH_ALL, 0);
}

void cpu_time(void)
{
    L4_Word64_t us;

    if (L4_Almond() && !L4_CpuTime(some(), &us))
        L4_DomainCpuTime(below(&chance, ACCOUNTS + 1), &us);
}
