/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `directory`: who may publish and find what is in the description. */
#include <books/directory.h>
#include <marzipan/directory_server.h>

#include "lifecycle.h"
#include "reach.h"
#include "service.h"

enum mz_error serve_directory_publish(struct mz_caller *caller, const char *name, const char *about,
                                      uint32_t kind)
{
    struct domain *d = caller->domain;
    enum mz_error error;

    if (!path_is_valid(name))
        return MZ_ERR_BAD_ARG;
    if (!path_in_list(d->config.publishes, name))
        return service_deny(d, "publish", name);
    error = directory_publish(d->number, name, about, caller_thread(caller).raw, kind);
    if (!error)
        lifecycle_changed();
    return error;
}

enum mz_error serve_directory_withdraw(struct mz_caller *caller, const char *name)
{
    return path_is_valid(name) ? directory_withdraw(caller->domain->number, name) : MZ_ERR_BAD_ARG;
}

static enum mz_error may_use(struct domain *d, const char *what, const char *name)
{
    if (!path_is_valid(name))
        return MZ_ERR_BAD_ARG;
    if (path_in_list(d->config.uses, name) || path_in_list(d->config.publishes, name))
        return MZ_OK;
    return service_deny(d, what, name);
}

enum mz_error serve_directory_find(struct mz_caller *caller, const char *name, L4_ThreadId_t *who,
                                   uint32_t *kind, char about[static 64])
{
    enum mz_error error = may_use(caller->domain, "find", name);
    const struct service *s;

    if (error)
        return error;
    s = directory_find(name);
    if (!s)
        return MZ_ERR_NOT_FOUND;
    reach_connect(caller->domain, &domains[s->owner - 1]);
    who->raw = (L4_Word_t)s->thread;
    *kind = s->interface;
    for (unsigned i = 0; i < ATTRIBUTES_SIZE; i++)
        about[i] = s->attributes[i];
    return MZ_OK;
}

enum mz_error serve_directory_watch(struct mz_caller *caller, const char *name, uint64_t bits)
{
    enum mz_error error = may_use(caller->domain, "watch", name);

    if (error)
        return error;
    return directory_watch(caller->domain->number, name, caller_thread(caller).raw, bits);
}

enum mz_error serve_directory_unwatch(struct mz_caller *caller, const char *name)
{
    return path_is_valid(name) ? directory_unwatch(name, caller_thread(caller).raw)
                               : MZ_ERR_BAD_ARG;
}
