/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `statistics`: numbers about oneself, and about those that one controls. */
#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/vcpu.h>

#include <books/memory.h>
#include <marzipan/statistics_server.h>
#include <rt/text.h>

#include "guest_ram.h"
#include "service.h"
#include "supply.h"

_Static_assert((unsigned)MZ_STATISTICS_SYSTEM_CALL == (unsigned)L4_EXIT_SYSCALL,
               "causes of exits have the kernel's numbers");

static enum mz_error about(const struct mz_caller *caller, const char *who, struct domain **d)
{
    *d = caller->domain;
    return *who ? service_target(caller, who, d) : MZ_OK;
}

/* Of all vCPUs in this life, as its VMM says. */
static uint64_t exits(const struct domain *d, unsigned cause)
{
    uint64_t sum = 0;

    for (unsigned v = 0; d->rings && v < d->config.vcpus; v++)
        sum += *(volatile uint64_t *)&d->rings->exits[v][cause];
    return sum;
}

enum mz_error serve_statistics_exits_of(struct mz_caller *caller, const char *who,
                                        uint64_t counts[static 26], uint32_t *counts_count)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);

    if (error)
        return error;
    if (d->config.program)
        return MZ_ERR_NOT_SUPPORTED;
    for (unsigned cause = 0; cause < L4_EXIT_COUNT; cause++)
        counts[cause] = exits(d, cause);
    *counts_count = L4_EXIT_COUNT;
    return MZ_OK;
}

enum mz_error serve_statistics_messages_of(struct mz_caller *caller, const char *who,
                                           struct mz_statistics_messages *result)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);

    if (!error)
        *result = (struct mz_statistics_messages){d->requests, d->refused, d->faults};
    return error;
}

enum mz_error serve_statistics_cpu_time_of(struct mz_caller *caller, const char *who,
                                           uint64_t *result)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);

    if (error)
        return error;
    if (!L4_Almond() || !(L4_Almond()->features & L4_ALMOND_F_DOMAINS))
        return MZ_ERR_NOT_SUPPORTED;
    *result = domain_cpu_time(d);
    return MZ_OK;
}

enum mz_error serve_statistics_messages_sent_by(struct mz_caller *caller, const char *who,
                                                uint64_t *result)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);
    L4_Word_t n, sum;

    if (error)
        return error;
    if (supply_is_nested() || !L4_Almond() || !(L4_Almond()->features & L4_ALMOND_F_DOMAINS))
        return MZ_ERR_NOT_SUPPORTED;
    sum = supply_messages_sent(d->window) - d->sent_before;
    for (unsigned i = 0; i < SLOTS; i++) {
        if (!L4_IsNilThread(d->thread[i]) && L4_MessagesSent(d->thread[i], &n))
            sum += n;
    }
    *result = sum;
    return MZ_OK;
}

enum mz_error serve_statistics_memory_of(struct mz_caller *caller, const char *who,
                                         struct mz_statistics_memory_use *result)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);

    if (error)
        return error;
    result->memory = d->memory.used;
    result->memory_limit = d->memory.limit;
    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &result->kernel_memory,
                         &result->kernel_memory_limit);
    result->threads = (uint32_t)d->threads.used;
    result->threads_limit = (uint32_t)d->threads.limit;
    return MZ_OK;
}

enum mz_error serve_statistics_working_set_of(struct mz_caller *caller, const char *who,
                                              uint64_t *result)
{
    struct domain *d;
    enum mz_error error = about(caller, who, &d);

    if (error)
        return error;
    if (d->config.program)
        return MZ_ERR_NOT_SUPPORTED;
    if (d->state != DOMAIN_RUNNING)
        return MZ_ERR_BAD_STATE;
    *result = guest_ram_used(d);
    return MZ_OK;
}

enum mz_error serve_statistics_kernel_info(struct mz_caller *caller,
                                           struct mz_statistics_kernel *about_it)
{
    const struct l4_almond *a = L4_Almond();

    text_copy(about_it->version, sizeof(about_it->version), L4_KernelVersionString(L4_Kip()),
              sizeof(about_it->version) - 1);
    about_it->almond = a != NULL;
    about_it->processors = (uint32_t)L4_NumProcessors(L4_Kip());
    about_it->features = a ? a->features : 0;
    about_it->tsc_khz = a ? a->tsc_khz : 0;
    about_it->uptime_us = L4_SystemClock().raw;
    about_it->memory = mem_total();
    about_it->memory_free = mem_free();
    supply_kernel_memory(supply_own_window(), SUPPLY_UNCHANGED, &about_it->kernel_memory,
                         &about_it->kernel_memory_limit);
    return MZ_OK;
}
