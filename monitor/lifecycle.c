/* SPDX-License-Identifier: BSD-2-Clause */
#include "lifecycle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <books/memory.h>
#include <rt/text.h>

#include "build_domain.h"
#include "control.h"
#include "console.h"
#include "depend.h"
#include "events.h"
#include "log.h"
#include "policy.h"
#include "power.h"
#include "supply.h"
#include "trace.h"

static bool changed;    /* the states must be looked at again         */
static uint64_t due_ms; /* when the next domain's time comes, 0: never */
static uint64_t end_ms; /* not before this time is it all over         */

/* What there is before and after a life: the same, or something was not given back. */
static void log_books(const struct domain *d, const char *when)
{
    uint64_t used, limit;

    if (!log_shows(MZ_LOG_DEBUG))
        return;
    supply_kernel_memory(supply_own_window(), SUPPLY_UNCHANGED, &used, &limit);
    log_debug("%s %s: %s, %llu bytes are free, %llu the kernel's for this monitor", domain_kind(d),
              d->config.name, when, (unsigned long long)mem_free(), (unsigned long long)used);
}

static void start(struct domain *d)
{
    static const char *const words[] = {
        [MZ_ERR_QUOTA] = "its memory, thread or kernel memory quota is too small",
        [MZ_ERR_NO_MEMORY] = "the machine's memory is exhausted",
        [MZ_ERR_BAD_ARG] = "the kernel refuses its threads or spaces",
    };
    uint64_t tsc = __builtin_ia32_rdtsc();
    enum mz_error error;

    d->incarnation++;
    d->history.started_ms = now_ms();
    d->state = DOMAIN_RUNNING;
    d->ready = d->config.program;
    d->paused = false;
    d->stop_at_ms = 0;
    d->alive_at_ms = d->config.program && d->config.watchdog_ms ? now_ms() : 0;
    changed = true;
    trace_note("start", d->number);
    log_books(d, "before");
    events_note(d, d->incarnation > 1 ? MZ_VM_RESTARTED : MZ_VM_STARTED, "");
    error = build_up(d);
    if (error)
        lifecycle_end(d, ENDING_FAILURE, "cannot be started: %s",
                      error <= MZ_ERR_NO_MEMORY && words[error] ? words[error] : "internal error");
    else
        log_debug("%s %s: start %u at tsc=%lu", domain_kind(d), d->config.name, d->incarnation,
                  (unsigned long)tsc);
}

void lifecycle_start(struct domain *d)
{
    char missing[DEPEND_TEXT];

    changed = true;
    if (depend_satisfied(d, missing))
        return start(d);
    d->state = DOMAIN_DEPENDING;
    log_info("%s %s: starts after %s", domain_kind(d), d->config.name, missing);
}

void lifecycle_start_all(void)
{
    if (domain_shell->state != DOMAIN_FREE)
        start(domain_shell);
    FOR_EACH_DOMAIN(d)
    {
        if (!d->config.manual)
            lifecycle_start(d);
        else
            d->succeeded = true; /* it has not failed */
    }
}

void lifecycle_changed(void)
{
    changed = true;
}

void lifecycle_hold(unsigned ms)
{
    end_ms = now_ms() + ms;
    changed = true;
}

void lifecycle_ready(struct domain *d)
{
    d->ready = changed = true;
    events_note(d, MZ_VM_READY, "");
}

void lifecycle_alive(struct domain *d)
{
    if (d->config.watchdog_ms)
        d->alive_at_ms = now_ms();
    changed = true;
}

/* How the line about an ending goes on: what will become of the domain. */
static void add_verdict(char *line, size_t size, const struct domain *d,
                        const struct restart_verdict *v, enum ending ending)
{
    const struct restart_policy *p = &d->config.restart;

    if (v->crash_loop) {
        text_add(line, size, "; it stays down after %u restarts within %u s", p->limit,
                 p->window_ms / 1000);
    } else if (v->restart) {
        text_add(line, size, "; restarting");
        if (v->delay_ms % 1000)
            text_add(line, size, " in %u ms", v->delay_ms);
        else if (v->delay_ms)
            text_add(line, size, " in %u s", v->delay_ms / 1000);
        if (v->attempt)
            text_add(line, size, " (%u of %u)", v->attempt, p->limit);
    } else if (ending == ENDING_FINAL || (ending == ENDING_FAILURE && p->when == RESTART_NEVER)) {
        text_add(line, size, "; not restarted");
    }
}

static bool is_success(enum ending ending)
{
    return ending != ENDING_FAILURE && ending != ENDING_FINAL;
}

void lifecycle_end(struct domain *d, enum ending ending, const char *cause, ...)
{
    struct restart_verdict verdict;
    char line[256];
    va_list args;
    uint64_t tsc;

    va_start(args, cause);
    vsnprintf(line, sizeof(line), cause, args);
    va_end(args);
    d->succeeded = is_success(ending);
    if (d->stop_at_ms) /* it was asked to: a restart is not wanted */
        ending = ENDING_KILLED;
    verdict = restart_decide(&d->config.restart, &d->history, ending, now_ms());
    trace_note("end", d->number);
    tsc = __builtin_ia32_rdtsc();
    build_tear_down(d);
    tsc = __builtin_ia32_rdtsc() - tsc;
    log_debug("%s %s: taken down, tsc +%lu", domain_kind(d), d->config.name, (unsigned long)tsc);
    log_books(d, "after");
    changed = true;
    d->state = verdict.restart ? DOMAIN_WAITING : DOMAIN_ENDED;
    d->restart_at_ms = now_ms() + verdict.delay_ms;
    policy_end();
    d->ready = d->succeeded && ending == ENDING_SUCCESS && !verdict.restart;
    d->stop_at_ms = 0;
    text_copy(d->last_end, sizeof(d->last_end), line, sizeof(d->last_end) - 1);
    events_note(d, d->succeeded ? MZ_VM_STOPPED : MZ_VM_CRASHED, d->last_end);
    add_verdict(line, sizeof(line), d, &verdict, ending);
    log_write(d->succeeded ? MZ_LOG_INFO : MZ_LOG_ERROR, "%s %s: %s", domain_kind(d),
              d->config.name, line);
    if (d->state == DOMAIN_ENDED && console_focused() == d)
        console_show_all();
}

/* When nothing runs and nothing will: the machine's work is done. */
static void power_off_if_done(void)
{
    bool success = true, depending = false;

    FOR_EACH_DOMAIN(d)
    {
        if (d->state == DOMAIN_DEPENDING)
            depending = true;
        else if (d->state != DOMAIN_ENDED)
            return;
        else
            success = success && d->succeeded;
    }
    if (now_ms() < end_ms) {
        due_ms = end_ms;
        return;
    }
    if (depending)
        power_off(1, "all have ended, and others wait for what will not come");
    power_off(success ? 0 : 1, success ? "all have ended" : "all have ended, not all well");
}

/* When the monitor has to do something about the domain by itself; 0: never. */
static uint64_t due(const struct domain *d)
{
    if (d->state == DOMAIN_WAITING)
        return d->restart_at_ms;
    if (d->state != DOMAIN_RUNNING || d->paused)
        return 0;
    if (d->stop_at_ms)
        return d->press_at_ms < d->stop_at_ms ? d->press_at_ms : d->stop_at_ms;
    return d->alive_at_ms ? d->alive_at_ms + d->config.watchdog_ms : 0;
}

static void come_due(struct domain *d)
{
    if (d->state == DOMAIN_WAITING)
        lifecycle_start(d);
    else if (d->stop_at_ms && now_ms() < d->stop_at_ms)
        control_press(d);
    else if (d->stop_at_ms)
        lifecycle_end(d, ENDING_KILLED, "did not stop within %u s; killed",
                      (d->patience_ms + 999) / 1000);
    else
        lifecycle_end(d, ENDING_FAILURE, "gave no sign of life for %u ms", d->config.watchdog_ms);
}

static void look_at(struct domain *d, uint64_t now)
{
    char missing[DEPEND_TEXT];
    uint64_t at = due(d);

    if (d->state == DOMAIN_DEPENDING && depend_satisfied(d, missing))
        start(d);
    else if (at && at <= now)
        come_due(d);
    at = due(d);
    if (at && (!due_ms || at < due_ms))
        due_ms = at;
}

/* Do what can be done now, and find out when the next domain's time comes. */
static void look_at_all(uint64_t now)
{
    changed = false;
    due_ms = 0;
    look_at(domain_shell, now);
    FOR_EACH_DOMAIN(d)
    {
        look_at(d, now);
    }
}

uint64_t lifecycle_poll(void)
{
    uint64_t now;

    if (!changed && !due_ms)
        return 0;
    now = now_ms();
    while (changed || (due_ms && due_ms <= now)) {
        look_at_all(now);
        power_off_if_done();
    }
    return due_ms ? due_ms - now : 0;
}
