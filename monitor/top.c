/* SPDX-License-Identifier: BSD-2-Clause */
#include "top.h"

#include <stdarg.h>
#include <stdio.h>

#include <l4/schedule.h>

#include <books/memory.h>
#include <rt/text.h>

#include "log.h"
#include "supply.h"

static void line(void (*out)(const char *), const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void line(void (*out)(const char *), const char *format, ...)
{
    char text[192];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    out(text);
}

const char *top_state(const struct domain *d)
{
    switch (d->state) {
    case DOMAIN_RUNNING:
        return d->paused ? "paused" : d->stop_at_ms ? "stopping" : "running";
    case DOMAIN_WAITING:
        return "restarting";
    case DOMAIN_DEPENDING:
        return "depending";
    case DOMAIN_FREE:
    case DOMAIN_ENDED:
        break;
    }
    return d->succeeded ? "off" : "failed";
}

uint64_t top_cpu_time(const struct domain *d)
{
    return supply_cpu_time(d->window) - d->cpu_before_us;
}

uint64_t top_exits(const struct domain *d, unsigned first, unsigned end)
{
    uint64_t sum = 0;

    for (unsigned v = 0; d->rings && v < d->config.vcpus; v++) {
        for (unsigned cause = first; cause < end; cause++)
            sum += *(volatile uint64_t *)&d->rings->exits[v][cause];
    }
    return sum;
}

/* What the domain has done since the last call for it: tenths of a percent of one processor, exits in a
 * second. */
struct rates {
    unsigned share, exits;
};

static struct rates rates_of(struct domain *d, uint64_t elapsed_us)
{
    uint64_t us = top_cpu_time(d), exits = top_exits(d, 0, MZ_EXIT_KINDS);
    uint64_t used = us - d->cpu_shown_us;
    uint64_t more = exits - d->exits_shown;

    if (exits < d->exits_shown) /* another life */
        more = exits;
    d->cpu_shown_us = us;
    d->exits_shown = exits;
    if (!elapsed_us)
        return (struct rates){0, 0};
    return (struct rates){(unsigned)(used * 1000 / elapsed_us),
                          (unsigned)(more * 1000000 / elapsed_us)};
}

static uint64_t elapsed(void)
{
    static uint64_t before;
    uint64_t now = L4_SystemClock().raw, us = now - before;

    before = now;
    return us;
}

static void domain_line(void (*out)(const char *), const struct domain *d, const char *cpu)
{
    uint64_t used, limit, up = 0;

    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &used, &limit);
    if (d->state == DOMAIN_RUNNING)
        up = (now_ms() - d->history.started_ms) / 1000;
    line(out,
         "%2u  %-16s %-10s %s%7lu s  %3u starts  memory %s of %s  kernel %s of %s  "
         "threads %lu of %lu",
         d->number, d->config.name, top_state(d), cpu, (unsigned long)up, d->incarnation,
         text_size(d->memory.used), text_size(d->memory.limit), text_size(used), text_size(limit),
         (unsigned long)d->threads.used, (unsigned long)d->threads.limit);
}

void top_table(void (*out)(const char *), bool cpu)
{
    static struct rates rates[CONFIG_DOMAINS + 1];
    uint64_t us = cpu ? elapsed() : 0;

    /* All at one time: to write a line takes some. */
    for (struct domain *d = cpu ? domain_next(NULL) : NULL; d; d = domain_next(d))
        rates[d->number] = rates_of(d, us);
    FOR_EACH_DOMAIN(d)
    {
        struct rates r = rates[d->number];
        char text[48] = "";

        if (cpu)
            snprintf(text, sizeof(text), "%3u.%u %%  %7u exits/s  ", r.share / 10, r.share % 10,
                     r.exits);
        domain_line(out, d, text);
    }
    line(out, "    monitor %s; free %s of %s", text_size(mem_held(0)), text_size(mem_free()),
         text_size(mem_total()));
}

static const char *list(const char *names)
{
    return names ? names : "nothing";
}

void top_quota(const struct domain *d, void (*out)(const char *))
{
    uint64_t used, limit;

    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &used, &limit);
    line(out, "memory         %s of %s", text_size(d->memory.used), text_size(d->memory.limit));
    line(out, "kernel memory  %s of %s", text_size(used), text_size(limit));
    line(out, "threads        %lu of %lu", (unsigned long)d->threads.used,
         (unsigned long)d->threads.limit);
    line(out, "publishes      %s", list(d->config.publishes));
    line(out, "uses           %s", list(d->config.uses));
    line(out, "shares with    %s", list(d->config.shares));
    line(out, "controls       %s", list(d->config.controls));
    line(out, "restart        %s",
         d->config.restart.when == RESTART_NEVER    ? "never"
         : d->config.restart.when == RESTART_ALWAYS ? "always"
                                                    : "on failure");
}
