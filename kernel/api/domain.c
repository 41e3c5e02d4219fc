/* SPDX-License-Identifier: BSD-2-Clause */
/* KmemControl, DomainControl and CpuTime (extensions): what domains may use, reach, and have used. */
#include "core/domain.h"
#include "core/kmem.h"

#include "core/arch.h"
#include "core/sched.h"
#include "error.h"
#include "l4/almond.h"

word_t api_kmem_control(struct thread *cur, word_t account, word_t limit, word_t *out_limit)
{
    *out_limit = 0;
    if (!api_privileged(cur)) {
        api_fail(cur, ERR_PRIVILEGE);
        return ~(word_t)0;
    }
    if (account >= ACCOUNTS) {
        api_fail(cur, ERR_PARAM);
        return ~(word_t)0;
    }
    if (limit != ~(word_t)0)
        account_set_limit(&accounts[account], limit);
    *out_limit = (word_t)accounts[account].limit;
    return account_used(&accounts[account]);
}

static void reach_fill(word_t *set, word_t with)
{
    for (unsigned i = 0; i < DOMAINS / WORD_BITS; i++)
        set[i] = with;
}

word_t api_domain_control(struct thread *cur, word_t domain, word_t operation, word_t argument)
{
    word_t *set, bit = (word_t)1 << argument % WORD_BITS;

    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (domain >= DOMAINS)
        return api_fail(cur, ERR_PARAM);
    set = domain_reach(domain);
    switch (operation) {
    case L4_DOMAIN_REACH_NONE:
        reach_fill(set, 0);
        return 1;
    case L4_DOMAIN_REACH_ALL:
        reach_fill(set, ~(word_t)0);
        return 1;
    case L4_DOMAIN_REACH:
    case L4_DOMAIN_UNREACH:
        if (argument >= DOMAINS)
            return api_fail(cur, ERR_PARAM);
        if (operation == L4_DOMAIN_REACH)
            atomic_or(&set[argument / WORD_BITS], bit);
        else
            atomic_and(&set[argument / WORD_BITS], ~bit);
        return 1;
    default:
        return api_fail(cur, ERR_PARAM);
    }
}

/* A thread's is for its scheduler's space to know, a domain's for the privileged. */
word_t api_cpu_time(struct thread *cur, word_t of, u64 *us, word_t *sent)
{
    struct thread *t = id_is_global(of) ? thread_find(of) : NULL;
    word_t domain = of >> L4_CPU_TIME_DOMAIN_SHIFT;

    *us = *sent = 0;
    if (!id_is_global(of)) {
        if (!api_privileged(cur))
            return api_fail(cur, ERR_PRIVILEGE);
        if (domain >= DOMAINS)
            return api_fail(cur, ERR_PARAM);
        *us = arch_tsc_to_us(accounts[domain].cpu_time);
        *sent = (word_t)accounts[domain].sent;
        return 1;
    }
    if (!t || !t->space)
        return api_fail(cur, ERR_THREAD);
    if (t->space != cur->space && !api_schedules(cur, t))
        return api_fail(cur, ERR_PRIVILEGE);
    api_own(cur, t->cpu);
    sched_settle(t);
    *us = arch_tsc_to_us(t->cpu_time);
    *sent = t->sent;
    return 1;
}
