/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <l4/schedule.h>

#include <marzipan/native.h>
#include <marzipan/statistics.h>
#include <rt/text.h>

#define DOMAINS 128u /* more than a monitor has */

static void line(void (*out)(const char *), const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void line(void (*out)(const char *), const char *format, ...)
{
    char text[640];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    out(text);
}

static bool next(struct mz_operator_row *row, uint32_t after)
{
    return !mz_operator_next(native_monitor(), after, row) && row->number < DOMAINS;
}

bool table_find(const char *who, struct mz_operator_row *row)
{
    for (uint32_t after = 0; next(row, after); after = row->number) {
        if (strcmp(row->who, who) == 0)
            return true;
    }
    return false;
}

const char *table_state(const struct mz_operator_row *row)
{
    static const char *const states[] = {
        [MZ_OPERATOR_OFF] = "off",
        [MZ_OPERATOR_FAILED] = "failed",
        [MZ_OPERATOR_RUNNING] = "running",
        [MZ_OPERATOR_PAUSED] = "paused",
        [MZ_OPERATOR_STOPPING] = "stopping",
        [MZ_OPERATOR_RESTARTING] = "restarting",
        [MZ_OPERATOR_DEPENDING] = "depending",
    };

    return states[row->now];
}

/* What a domain has done since the last table for it: tenths of a percent of one processor, exits in
 * a second. */
struct rates {
    uint64_t us, exits; /* all that there were, when the table was written */
    unsigned share, exit_rate;
};

static struct rates rates[DOMAINS];

static uint64_t exits_of(const char *who)
{
    uint64_t counts[26], sum = 0;
    uint32_t count;

    if (mz_statistics_exits_of(native_monitor(), who, counts, &count))
        return 0;
    while (count)
        sum += counts[--count];
    return sum;
}

static void measure(const struct mz_operator_row *row, uint64_t elapsed_us)
{
    struct rates *r = &rates[row->number];
    uint64_t us = 0, exits = exits_of(row->who);
    uint64_t more = exits < r->exits ? exits : exits - r->exits; /* fewer: it is another life */

    mz_statistics_cpu_time_of(native_monitor(), row->who, &us);
    if (us < r->us) /* another one had the number */
        r->us = 0;
    r->share = elapsed_us ? (unsigned)((us - r->us) * 1000 / elapsed_us) : 0;
    r->exit_rate = elapsed_us ? (unsigned)(more * 1000000 / elapsed_us) : 0;
    r->us = us;
    r->exits = exits;
}

static uint64_t elapsed(void)
{
    static uint64_t before;
    uint64_t now = L4_SystemClock().raw, us = now - before;

    before = now;
    return us;
}

static void domain_line(void (*out)(const char *), const struct mz_operator_row *row,
                        const char *cpu)
{
    struct mz_statistics_memory_use m = {0};

    mz_statistics_memory_of(native_monitor(), row->who, &m);
    line(out,
         "%2u  %-16s %-10s %s%7u s  %3u starts  memory %s of %s  kernel %s of %s  "
         "threads %u of %u",
         row->number, row->who, table_state(row), cpu, row->up_s, row->starts, text_size(m.memory),
         text_size(m.memory_limit), text_size(m.kernel_memory), text_size(m.kernel_memory_limit),
         m.threads, m.threads_limit);
}

void table_write(void (*out)(const char *), bool cpu)
{
    struct mz_statistics_kernel about = {0};
    struct mz_operator_row row;
    uint64_t us = cpu ? elapsed() : 0, held = 0;

    /* All at one time: to write a line takes some. */
    for (uint32_t after = 0; cpu && next(&row, after); after = row.number)
        measure(&row, us);
    for (uint32_t after = 0; next(&row, after); after = row.number) {
        const struct rates *r = &rates[row.number];
        char text[48] = "";

        if (cpu)
            snprintf(text, sizeof(text), "%3u.%u %%  %7u exits/s  ", r->share / 10, r->share % 10,
                     r->exit_rate);
        domain_line(out, &row, text);
    }
    mz_operator_held(native_monitor(), &held);
    mz_statistics_kernel_info(native_monitor(), &about);
    line(out, "    monitor %s; free %s of %s", text_size(held), text_size(about.memory_free),
         text_size(about.memory));
}

static const char *list(const char *names)
{
    return *names ? names : "nothing";
}

void table_quota(const char *who, void (*out)(const char *))
{
    static const char *const restarts[] = {"never", "on failure", "always"};
    char publishes[512] = "", uses[512] = "", shares[512] = "", controls[512] = "";
    enum mz_operator_restart when = MZ_OPERATOR_NEVER;
    struct mz_statistics_memory_use m = {0};

    mz_statistics_memory_of(native_monitor(), who, &m);
    mz_operator_rights(native_monitor(), who, publishes, sizeof(publishes), uses, sizeof(uses),
                       shares, sizeof(shares), controls, sizeof(controls), &when);
    line(out, "memory         %s of %s", text_size(m.memory), text_size(m.memory_limit));
    line(out, "kernel memory  %s of %s", text_size(m.kernel_memory),
         text_size(m.kernel_memory_limit));
    line(out, "threads        %u of %u", m.threads, m.threads_limit);
    line(out, "publishes      %s", list(publishes));
    line(out, "uses           %s", list(uses));
    line(out, "shares with    %s", list(shares));
    line(out, "controls       %s", list(controls));
    line(out, "restart        %s", restarts[when]);
}
