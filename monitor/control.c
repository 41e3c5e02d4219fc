/* SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <string.h>

#include <l4/exregs.h>
#include <l4/vcpu.h>

#include <books/memory.h>
#include <manifest/path.h>
#include <manifest/spans.h>
#include <rt/text.h>

#include "check.h"
#include "console.h"
#include "events.h"
#include "lifecycle.h"
#include "log.h"
#include "supply.h"
#include "thread.h"

#define PRESS_AGAIN_MS 2000u

const char *control_actor = CONTROL_OPERATOR;

static enum mz_error check_created(struct domain *d);

enum mz_error control_start(struct domain *d)
{
    enum mz_error error;

    if (d->state == DOMAIN_RUNNING || d->state == DOMAIN_DEPENDING)
        return MZ_ERR_BAD_STATE;
    error = d->creator ? check_created(d) : MZ_OK;
    if (!error)
        lifecycle_start(d);
    return error;
}

void control_press(struct domain *d)
{
    d->press_at_ms = now_ms() + PRESS_AGAIN_MS;
    if (L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY)
        L4_Notify(d->thread[SLOT_MAIN], MZ_NOTIFY_POWER);
}

enum mz_error control_stop(struct domain *d, uint32_t patience_ms)
{
    if (d->state != DOMAIN_RUNNING || d->stop_at_ms)
        return MZ_ERR_BAD_STATE;
    if (d->paused)
        control_resume(d);
    d->patience_ms = patience_ms < d->config.stop_ms ? patience_ms : d->config.stop_ms;
    d->stop_at_ms = now_ms() + d->patience_ms;
    lifecycle_changed();
    log_info("%s %s: asked to stop %s", domain_kind(d), d->config.name, control_actor);
    control_press(d);
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
    if (d->config.monitor) /* all that is below it would go on */
        return MZ_ERR_NOT_SUPPORTED;
    each_thread(d, halt);
    d->paused = true;
    log_info("%s %s: paused %s", domain_kind(d), d->config.name, control_actor);
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
    log_info("%s %s: resumed %s", domain_kind(d), d->config.name, control_actor);
    return MZ_OK;
}

enum mz_error control_reset(struct domain *d)
{
    if (d->state != DOMAIN_RUNNING)
        return control_start(d);
    d->stop_at_ms = 0;
    lifecycle_end(d, ENDING_RESTART, "reset %s", control_actor);
    return MZ_OK;
}

enum mz_error control_kill(struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        lifecycle_end(d, ENDING_KILLED, "killed %s", control_actor);
        return MZ_OK;
    case DOMAIN_WAITING:
    case DOMAIN_DEPENDING:
        d->state = DOMAIN_ENDED;
        lifecycle_changed();
        log_info("%s %s: kept down %s", domain_kind(d), d->config.name, control_actor);
        return MZ_OK;
    case DOMAIN_FREE:
    case DOMAIN_ENDED:
        break;
    }
    return MZ_ERR_BAD_STATE;
}

static enum mz_error refuse(const struct domain *d, const char *what, const char *why,
                            enum mz_error error)
{
    log_warn("%s %s: not started %s: its %s %s", domain_kind(d), d->config.name, control_actor,
             what, why);
    return error;
}

bool control_allows(const struct domain *who, const char *name)
{
    return path_in_list(who->config.controls, name) || path_in_list(who->config.controls, "any");
}

/* What all have that the domain has created, or would have with so much more. */
static bool exceeds_creates(const struct domain *creator, uint64_t more)
{
    FOR_EACH_DOMAIN(d)
    {
        if (d->creator == creator->number)
            more += d->config.memory + CONFIG_OVERHEAD;
    }
    return more > creator->config.creates;
}

/* A page of the monitor's own, cleared. */
static void *take_page(void)
{
    uint64_t phys = mem_take_pages(0, 1);

    return phys == MEM_NONE ? NULL : memset(mem_at(phys), 0, MEM_PAGE);
}

enum mz_error control_create(const char *name, bool program, const struct domain *creator,
                             struct domain **created)
{
    struct domain_config config;
    struct domain *d;

    if (domain_named(name))
        return MZ_ERR_EXISTS;
    if (exceeds_creates(creator, CONFIG_OVERHEAD))
        return MZ_ERR_QUOTA;
    config_defaults(&config, program ? CONFIG_PROGRAM : CONFIG_VM, domain_end);
    text_copy(config.name, sizeof(config.name), name, sizeof(config.name));
    d = domain_add(&config);
    if (!d)
        return MZ_ERR_QUOTA;
    d->cpu_before_us = domain_cpu_time(d);
    d->sent_before = supply_messages_sent(d->window);
    d->texts = take_page();
    if (!d->texts || !console_open(d)) {
        mem_give_pages(0, mem_address(d->texts), d->texts ? 1 : 0);
        domain_remove(d);
        return MZ_ERR_NO_MEMORY;
    }
    d->creator = creator->number;
    d->succeeded = true;
    events_note(d, MZ_VM_CREATED, "");
    *created = d;
    return MZ_OK;
}

/* Whether somebody whom the creator controls has this image. */
static bool may_see(const struct domain *creator, const char *image)
{
    FOR_EACH_DOMAIN(d)
    {
        if (!d->creator && (d == creator || control_allows(creator, d->config.name)) &&
            (strcmp(d->config.module, image) == 0 ||
             (d->config.initrd && strcmp(d->config.initrd, image) == 0)))
            return true;
    }
    return false;
}

/* What it would have more than its creator, of all that config_set() takes; NULL: nothing. */
static const char *exceeds(const struct domain_config *c, const struct domain *creator)
{
    const struct domain_config *most = &creator->config;

    if (c->priority > most->priority)
        return "priority";
    if (c->may_poweroff && !most->may_poweroff)
        return "may-poweroff";
    if (most->cpus && (!c->cpus || c->cpus & ~most->cpus))
        return "cpus";
    if (c->kernel_memory > CONFIG_KERNEL_MEMORY(c->memory))
        return "kernel-memory";
    if (!path_list_within(c->publishes, most->publishes))
        return "publishes";
    if (!path_list_within(c->uses, most->uses))
        return "uses";
    if (!path_list_within(c->shares, most->shares))
        return "shares";
    if (!may_see(creator, c->module) || (c->initrd && !may_see(creator, c->initrd)))
        return "image";
    return NULL;
}

/* Whether one that was created may start: the description's own were checked at boot. */
static enum mz_error check_created(struct domain *d)
{
    const struct domain *creator = &domains[d->creator - 1];
    struct domain_config *c = &d->config;
    const char *property, *what = config_complete(c, &property);

    if (what)
        return refuse(d, property, what, MZ_ERR_VM_BAD_KEY);
    property = exceeds(c, creator);
    if (property)
        return refuse(d, property, "is more than its creator has", MZ_ERR_DENIED);
    if (exceeds_creates(creator, 0))
        return refuse(d, "memory", "is more than may be created", MZ_ERR_QUOTA);
    if (mem_free() < c->memory + CONFIG_OVERHEAD + MEM_CHUNK)
        return refuse(d, "memory", "is more than there is", MZ_ERR_NO_MEMORY);
    return check_domain(d) ? MZ_OK : MZ_ERR_VM_BAD_IMAGE;
}

void control_destroy(struct domain *d)
{
    if (d->state != DOMAIN_ENDED)
        control_kill(d);
    FOR_EACH_DOMAIN(other)
    {
        if (other->creator == d->number)
            control_destroy(other);
    }
    events_note(d, MZ_VM_DESTROYED, "");
    console_close(d);
    if (d->texts)
        mem_give_pages(0, mem_address(d->texts), 1);
    domain_remove(d);
    lifecycle_changed();
}
