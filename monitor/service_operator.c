/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `operator`: what the operator's shell needs beyond `vm` and `statistics`. */
#include <books/directory.h>
#include <books/memory.h>
#include <marzipan/operator_server.h>
#include <rt/text.h>

#include "console.h"
#include "keys.h"
#include "lifecycle.h"
#include "log.h"
#include "service.h"
#include "trace.h"

static enum mz_operator_state state_of(const struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        return d->paused       ? MZ_OPERATOR_PAUSED
               : d->stop_at_ms ? MZ_OPERATOR_STOPPING
                               : MZ_OPERATOR_RUNNING;
    case DOMAIN_WAITING:
        return MZ_OPERATOR_RESTARTING;
    case DOMAIN_DEPENDING:
        return MZ_OPERATOR_DEPENDING;
    default:
        return d->succeeded ? MZ_OPERATOR_OFF : MZ_OPERATOR_FAILED;
    }
}

enum mz_error serve_operator_next(struct mz_caller *caller, uint32_t after,
                                  struct mz_operator_row *result)
{
    const struct domain *d = domain_behind(after);

    if (!d)
        return MZ_ERR_NOT_FOUND;
    result->number = d->number;
    text_copy(result->who, sizeof(result->who), d->config.name, sizeof(result->who));
    result->now = state_of(d);
    result->starts = d->incarnation;
    if (d->state == DOMAIN_RUNNING)
        result->up_s = (uint32_t)((now_ms() - d->history.started_ms) / 1000);
    return MZ_OK;
}

enum mz_error serve_operator_held(struct mz_caller *caller, uint64_t *result)
{
    *result = mem_held(0);
    return MZ_OK;
}

_Static_assert((unsigned)MZ_OPERATOR_ALWAYS == RESTART_ALWAYS, "the same order");

static const char *list(const char *names)
{
    return names ? names : "";
}

enum mz_error serve_operator_rights(struct mz_caller *caller, const char *who,
                                    const char **published, const char **used, const char **shared,
                                    const char **controlled, enum mz_operator_restart *when)
{
    struct domain *d = domain_named(who);

    if (!d)
        return MZ_ERR_NOT_FOUND;
    *published = list(d->config.publishes);
    *used = list(d->config.uses);
    *shared = list(d->config.shares);
    *controlled = list(d->config.controls);
    *when = (enum mz_operator_restart)d->config.restart.when;
    return MZ_OK;
}

enum mz_error serve_operator_next_service(struct mz_caller *caller, const char *after,
                                          char service[static 64], char owner[static 32],
                                          uint32_t *kind, char about[static 64])
{
    const struct service *s = *after ? directory_find(after) : NULL;

    s = *after && !s ? NULL : directory_next(s);
    if (!s)
        return MZ_ERR_NOT_FOUND;
    text_copy(service, PATH_SIZE, s->path, PATH_SIZE);
    text_copy(owner, MZ_NAME_MAX, domains[s->owner - 1].config.name, MZ_NAME_MAX);
    *kind = s->interface;
    text_copy(about, ATTRIBUTES_SIZE, s->attributes, ATTRIBUTES_SIZE);
    return MZ_OK;
}

enum mz_error serve_operator_focus(struct mz_caller *caller, const char *who)
{
    struct domain *d = domain_named(who);

    if (!d)
        return MZ_ERR_NOT_FOUND;
    console_focus(d);
    keys_leave_shell();
    return MZ_OK;
}

enum mz_error serve_operator_show_log(struct mz_caller *caller)
{
    console_show_log();
    keys_leave_shell();
    return MZ_OK;
}

enum mz_error serve_operator_leave(struct mz_caller *caller)
{
    keys_leave_shell();
    return MZ_OK;
}

enum mz_error serve_operator_set_log_level(struct mz_caller *caller, const char *level)
{
    return log_set_level(level) ? MZ_OK : MZ_ERR_BAD_ARG;
}

enum mz_error serve_operator_dump_trace(struct mz_caller *caller, uint32_t *result)
{
    if (!trace_is_on())
        return MZ_ERR_BAD_STATE;
    *result = trace_dump();
    return MZ_OK;
}

enum mz_error serve_operator_answered(struct mz_caller *caller)
{
    lifecycle_hold(0);
    return MZ_OK;
}
