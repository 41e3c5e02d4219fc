/* SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <l4/exregs.h>
#include <l4/vcpu.h>

#include "check.h"
#include "console.h"
#include "lifecycle.h"
#include "log.h"
#include "thread.h"

#define BY_OPERATOR "by the operator"

enum mz_error control_start(struct domain *d)
{
    if (d->state == DOMAIN_RUNNING || d->state == DOMAIN_DEPENDING)
        return MZ_ERR_BAD_STATE;
    lifecycle_start(d);
    return MZ_OK;
}

enum mz_error control_stop(struct domain *d)
{
    if (d->state != DOMAIN_RUNNING || d->stop_at_ms)
        return MZ_ERR_BAD_STATE;
    if (d->paused)
        control_resume(d);
    d->stop_at_ms = now_ms() + d->config.stop_ms;
    lifecycle_changed();
    log_info("%s %s: asked to stop", domain_kind(d), d->config.name);
    if (L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY)
        L4_Notify(d->thread[SLOT_MAIN], MZ_NOTIFY_POWER);
    return MZ_OK;
}

static void each_thread(const struct domain *d, void (*act)(L4_ThreadId_t))
{
    for (unsigned slot = 0; slot < SLOT_OWN_END; slot++) {
        if (!L4_IsNilThread(d->thread[slot]))
            act(d->thread[slot]);
    }
}

static void halt(L4_ThreadId_t t)
{
    L4_Stop(t);
}

/* L4_Start() would end what the thread waits for, or its guest's run. */
static void go_on(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_SET_HALT};

    L4_Exregs(t, &r);
}

enum mz_error control_pause(struct domain *d)
{
    if (d->state != DOMAIN_RUNNING || d->paused)
        return MZ_ERR_BAD_STATE;
    each_thread(d, halt);
    d->paused = true;
    log_info("%s %s: paused " BY_OPERATOR, domain_kind(d), d->config.name);
    return MZ_OK;
}

enum mz_error control_resume(struct domain *d)
{
    if (d->state != DOMAIN_RUNNING || !d->paused)
        return MZ_ERR_BAD_STATE;
    d->paused = false;
    if (d->alive_at_ms)
        lifecycle_alive(d); /* it could not feed its watchdog */
    each_thread(d, go_on);
    log_info("%s %s: resumed " BY_OPERATOR, domain_kind(d), d->config.name);
    return MZ_OK;
}

enum mz_error control_reset(struct domain *d)
{
    if (d->state != DOMAIN_RUNNING)
        return control_start(d);
    d->stop_at_ms = 0;
    lifecycle_end(d, ENDING_RESTART, "reset " BY_OPERATOR);
    return MZ_OK;
}

enum mz_error control_kill(struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        lifecycle_end(d, ENDING_KILLED, "killed " BY_OPERATOR);
        return MZ_OK;
    case DOMAIN_WAITING:
    case DOMAIN_DEPENDING:
        d->state = DOMAIN_ENDED;
        lifecycle_changed();
        log_info("%s %s: the operator keeps it down", domain_kind(d), d->config.name);
        return MZ_OK;
    case DOMAIN_FREE:
    case DOMAIN_ENDED:
        break;
    }
    return MZ_ERR_BAD_STATE;
}

enum mz_error control_create(const struct domain_config *config, struct domain **created)
{
    struct domain *d;

    if (domain_named(config->name))
        return MZ_ERR_EXISTS;
    d = domain_add(config);
    if (!d)
        return MZ_ERR_QUOTA;
    if (!check_domain(d)) {
        domain_remove(d);
        return MZ_ERR_BAD_ARG;
    }
    if (!console_open(d)) {
        domain_remove(d);
        return MZ_ERR_NO_MEMORY;
    }
    d->succeeded = true;
    *created = d;
    return MZ_OK;
}

void control_destroy(struct domain *d)
{
    if (d->state != DOMAIN_ENDED)
        control_kill(d);
    console_close(d);
    domain_remove(d);
    lifecycle_changed();
}
