/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `schedule`: processor time, for those who control a domain. */
#include <marzipan/schedule_server.h>

#include "policy.h"
#include "service.h"
#include "supply.h"

#define RESERVABLE_PERMIL 900u /* of each processor */

/* Set a property of one that the caller controls, within the limits of a description. */
static enum mz_error set(const struct mz_caller *caller, const char *who, const char *key,
                         uint32_t value, struct domain **d)
{
    enum mz_error error = service_target(caller, who, d);

    if (error)
        return error;
    return config_set_number(&(*d)->config, key, value) ? MZ_ERR_BAD_ARG : MZ_OK;
}

enum mz_error serve_schedule_set_weight(struct mz_caller *caller, const char *who, uint32_t weight)
{
    struct domain *d;
    enum mz_error error = set(caller, who, "weight", weight, &d);

    if (!error)
        policy_weight_changed(d);
    return error;
}

enum mz_error serve_schedule_set_cap(struct mz_caller *caller, const char *who, uint32_t percent)
{
    struct domain *d;
    enum mz_error error = set(caller, who, "cap", percent, &d);

    if (!error)
        policy_changed(d, false);
    return error;
}

enum mz_error serve_schedule_set_priority(struct mz_caller *caller, const char *who,
                                          uint32_t priority)
{
    struct domain *d;
    enum mz_error error = MZ_ERR_DENIED;

    if (priority <= caller->domain->config.priority)
        error = set(caller, who, "priority", priority, &d);
    if (!error)
        policy_changed(d, true);
    return error;
}

/* Thousandths of a processor that others have for certain. */
static uint64_t reserved_beside(const struct domain *d)
{
    uint64_t sum = 0;

    FOR_EACH_DOMAIN(other)
    {
        if (other != d && other->config.budget_us)
            sum += other->config.budget_us * UINT64_C(1000) / other->config.reservation_us;
    }
    return sum;
}

enum mz_error serve_schedule_set_reservation(struct mz_caller *caller, const char *who,
                                             uint32_t budget_us, uint32_t period_us)
{
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);

    if (error)
        return error;
    if (budget_us && d->creator) /* as at its start */
        return MZ_ERR_DENIED;
    if (budget_us && d->config.monitor) /* its children would go before all, too */
        return MZ_ERR_NOT_SUPPORTED;
    if (budget_us && supply_is_nested()) /* they go before all priorities */
        return MZ_ERR_NOT_SUPPORTED;
    if (budget_us && (period_us <= budget_us || period_us < CONFIG_PERIOD_MIN_US ||
                      period_us > CONFIG_PERIOD_MAX_US))
        return MZ_ERR_BAD_ARG;
    if (budget_us && reserved_beside(d) + budget_us * UINT64_C(1000) / period_us >
                         policy_processors() * RESERVABLE_PERMIL)
        return MZ_ERR_QUOTA;
    d->config.budget_us = budget_us;
    d->config.reservation_us = period_us;
    policy_changed(d, true);
    return MZ_OK;
}

enum mz_error serve_schedule_pin(struct mz_caller *caller, const char *who, uint32_t index,
                                 uint64_t processors)
{
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);
    uint32_t own = caller->domain->config.cpus;

    if (error)
        return error;
    if (processors > UINT32_MAX || (own && processors & ~own) || index >= SLOT_OWN_END ||
        L4_IsNilThread(d->thread[index]))
        return MZ_ERR_BAD_ARG;
    return policy_pin(d, index, (uint32_t)processors);
}

enum mz_error serve_schedule_get(struct mz_caller *caller, const char *who,
                                 struct mz_schedule_policy *result)
{
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);
    const struct domain_config *c;

    if (error)
        return error;
    c = &d->config;
    *result = (struct mz_schedule_policy){
        c->weight, c->cap, c->priority, c->budget_us, c->reservation_us, policy_allowed(d)};
    return MZ_OK;
}
