/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `vm`: control over others, for those to whom the description gives it. */
#include <string.h>

#include <marzipan/vm_server.h>
#include <rt/text.h>

#include "control.h"
#include "events.h"
#include "lifecycle.h"
#include "log.h"
#include "service.h"
#include "supply.h"

enum mz_error service_target(const struct mz_caller *caller, const char *who, struct domain **d)
{
    if (!control_allows(caller->domain, who))
        return MZ_ERR_DENIED;
    *d = domain_named(who);
    return *d ? MZ_OK : MZ_ERR_NOT_FOUND;
}

static struct domain *acting;

static bool may_log(void)
{
    return service_log_allowed(acting);
}

#define ANSWER_MS 1000u /* that the shell has to tell the operator what became of it */

/* Do it to `who`, in the caller's name: the lines of the log about it are the caller's, too. */
static enum mz_error act(const struct mz_caller *caller, const char *who,
                         enum mz_error (*what)(struct domain *))
{
    static char actor[MZ_NAME_MAX + 16];
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);

    if (error)
        return error;
    if (caller->domain == domain_shell) {
        lifecycle_hold(ANSWER_MS);
        return what(d);
    }
    actor[0] = '\0';
    text_add(actor, sizeof(actor), "by %s %s", domain_kind(caller->domain),
             caller->domain->config.name);
    control_actor = actor;
    acting = caller->domain;
    log_gate = may_log;
    error = what(d);
    log_gate = NULL;
    control_actor = CONTROL_OPERATOR;
    return error;
}

/* A name as descriptions have them: small letters, digits and hyphens, a letter first. */
static bool is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return *name >= 'a' && !name[n] && strcmp(name, "any") != 0 && strcmp(name, "shell") != 0;
}

enum mz_error serve_vm_create(struct mz_caller *caller, const char *who, bool is_program)
{
    struct domain *d;

    if (!control_allows(caller->domain, who))
        return MZ_ERR_DENIED;
    if (!is_name(who))
        return MZ_ERR_BAD_ARG;
    return control_create(who, is_program, caller->domain, &d);
}

enum mz_error serve_vm_configure(struct mz_caller *caller, const char *who, const char *key,
                                 const char *value)
{
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);
    const char *what;

    if (error)
        return error;
    if (!d->creator || d->state != DOMAIN_ENDED)
        return MZ_ERR_BAD_STATE;
    what = config_set(&d->config, key, value, d->texts);
    if (!what)
        return MZ_OK;
    if (service_log_allowed(caller->domain)) {
        char clean[32];

        text_copy(clean, sizeof(clean), key, sizeof(clean));
        log_warn("%s %s: property %s of %s %s", domain_kind(caller->domain),
                 caller->domain->config.name, clean, d->config.name, what);
    }
    return MZ_ERR_VM_BAD_KEY;
}

enum mz_error serve_vm_start(struct mz_caller *caller, const char *who)
{
    return act(caller, who, control_start);
}

enum mz_error serve_vm_pause(struct mz_caller *caller, const char *who)
{
    return act(caller, who, control_pause);
}

enum mz_error serve_vm_resume(struct mz_caller *caller, const char *who)
{
    return act(caller, who, control_resume);
}

enum mz_error serve_vm_reset(struct mz_caller *caller, const char *who)
{
    return act(caller, who, control_reset);
}

static enum mz_error destroy(struct domain *d)
{
    control_destroy(d);
    return MZ_OK;
}

enum mz_error serve_vm_destroy(struct mz_caller *caller, const char *who)
{
    return act(caller, who, destroy);
}

static uint32_t patience_ms;

static enum mz_error stop(struct domain *d)
{
    return control_stop(d, patience_ms);
}

enum mz_error serve_vm_stop(struct mz_caller *caller, const char *who, uint32_t timeout_ms)
{
    patience_ms = timeout_ms;
    return act(caller, who, timeout_ms ? stop : control_kill);
}

static enum mz_vm_state state_of(const struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        return d->paused ? MZ_VM_PAUSED : MZ_VM_RUNNING;
    case DOMAIN_WAITING:
    case DOMAIN_DEPENDING:
        return MZ_VM_WAITING;
    default:
        return !d->incarnation ? MZ_VM_DEFINED : d->succeeded ? MZ_VM_ENDED : MZ_VM_FAILED;
    }
}

enum mz_error serve_vm_list(struct mz_caller *caller, uint32_t first,
                            const struct mz_vm_summary **some, uint32_t *some_count)
{
    static struct mz_vm_summary list[64];
    uint32_t n = 0;

    memset(list, 0, sizeof(list)); /* what lies between the fields goes out, too */
    *some = list;
    *some_count = 0;
    FOR_EACH_DOMAIN(d)
    {
        struct mz_vm_summary *s = &list[*some_count];

        if (*some_count == 64 || !control_allows(caller->domain, d->config.name) || n++ < first)
            continue;
        text_copy(s->who, sizeof(s->who), d->config.name, sizeof(s->who));
        s->now = state_of(d);
        s->is_program = d->config.program;
        s->starts = d->incarnation;
        s->vcpus = d->config.vcpus;
        s->memory = d->config.memory;
        ++*some_count;
    }
    return MZ_OK;
}

enum mz_error serve_vm_inspect(struct mz_caller *caller, const char *who, struct mz_vm_details *all)
{
    struct domain *d;
    enum mz_error error = service_target(caller, who, &d);

    if (error)
        return error;
    all->now = state_of(d);
    all->is_program = d->config.program;
    all->starts = d->incarnation;
    all->vcpus = d->config.vcpus;
    all->priority = d->config.priority;
    all->memory = d->memory.used;
    all->memory_limit = d->memory.limit;
    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &all->kernel_memory,
                         &all->kernel_memory_limit);
    all->cpu_us = domain_cpu_time(d);
    memcpy(all->last_end, d->last_end, sizeof(all->last_end));
    return MZ_OK;
}

enum mz_error serve_vm_next_event(struct mz_caller *caller, uint64_t after,
                                  struct mz_vm_event *next)
{
    struct domain *d = caller->domain;
    enum mz_error error = events_next(d, after, next);

    if (error != MZ_LATER)
        return error;
    if (!L4_IsNilThread(d->event_waiter))
        return MZ_ERR_QUOTA;
    d->event_waiter = caller_thread(caller);
    d->event_after = after;
    return MZ_LATER;
}
