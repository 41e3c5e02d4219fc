/* SPDX-License-Identifier: BSD-2-Clause */
#include "shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <books/directory.h>
#include <rt/text.h>

#include "console.h"
#include "control.h"
#include "log.h"
#include "top.h"
#include "trace.h"

struct command {
    const char *verb, *words, *help;
    unsigned least, most; /* words behind the verb */
    enum shell_next (*run)(struct domain *d, char **words, unsigned count);
    bool domain; /* the first word names one */
};

static shell_out out;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    char line[192];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    out(line);
}

/* What a refusal of control.h means for this domain. */
static enum shell_next report(const struct domain *d, const char *done, enum mz_error error)
{
    if (!error) {
        say("%s: %s", d->config.name, done);
        return SHELL_MORE;
    }
    if (error == MZ_ERR_BAD_STATE)
        say("%s is %s; nothing was done", d->config.name, top_state(d));
    else
        say("%s: refused, %s; `log` may tell why", d->config.name, mz_error_name(error));
    return SHELL_REFUSED;
}

static enum shell_next run_ps(struct domain *d, char **words, unsigned count)
{
    top_table(out, false);
    return SHELL_MORE;
}

static enum shell_next run_top(struct domain *d, char **words, unsigned count)
{
    return SHELL_TOP;
}

static enum shell_next run_start(struct domain *d, char **words, unsigned count)
{
    return report(d, d->config.after ? "starts when its time comes" : "started", control_start(d));
}

static enum shell_next run_stop(struct domain *d, char **words, unsigned count)
{
    return report(d, "asked to stop", control_stop(d, CONTROL_PATIENT));
}

static enum shell_next run_pause(struct domain *d, char **words, unsigned count)
{
    return report(d, "paused", control_pause(d));
}

static enum shell_next run_resume(struct domain *d, char **words, unsigned count)
{
    return report(d, "goes on", control_resume(d));
}

static enum shell_next run_reset(struct domain *d, char **words, unsigned count)
{
    return report(d, "reset", control_reset(d));
}

static enum shell_next run_kill(struct domain *d, char **words, unsigned count)
{
    return report(d, "killed", control_kill(d));
}

static enum shell_next run_destroy(struct domain *d, char **words, unsigned count)
{
    char name[MZ_NAME_MAX];

    text_copy(name, sizeof(name), d->config.name, sizeof(name));
    control_destroy(d);
    say("%s is no more", name);
    return SHELL_MORE;
}

static enum shell_next run_console(struct domain *d, char **words, unsigned count)
{
    console_focus(d);
    return SHELL_CONSOLE;
}

static enum shell_next run_log(struct domain *d, char **words, unsigned count)
{
    if (count && !log_set_level(words[0])) {
        say("%s is no level; the levels are error, warn, info and debug", words[0]);
        return SHELL_REFUSED;
    }
    return count ? SHELL_MORE : SHELL_LOG;
}

static enum shell_next run_services(struct domain *d, char **words, unsigned count)
{
    for (const struct service *s = directory_next(NULL); s; s = directory_next(s))
        say("%-32s %-16s interface %u version %u.%u  %s", s->path,
            domains[s->owner - 1].config.name, s->interface >> 16, s->interface >> 8 & 0xff,
            s->interface & 0xff, s->attributes);
    say("%u services", directory_count());
    return SHELL_MORE;
}

static enum shell_next run_quota(struct domain *d, char **words, unsigned count)
{
    top_quota(d, out);
    return SHELL_MORE;
}

static enum shell_next run_trace(struct domain *d, char **words, unsigned count)
{
    if (!trace_is_on()) {
        say("nothing is traced: start with `marzipan run --trace`");
        return SHELL_REFUSED;
    }
    say("the trace of %u events is written, and goes on", trace_dump());
    return SHELL_MORE;
}

static enum shell_next run_exit(struct domain *d, char **words, unsigned count)
{
    return SHELL_LEAVE;
}

static enum shell_next run_help(struct domain *d, char **words, unsigned count);

/* A verb that stands alone, and one for the domain that is named. */
#define ALONE(verb, help)                                                                          \
    {                                                                                              \
#verb, "", help, 0, 0, run_##verb, false                                                   \
    }
#define WITH_DOMAIN(verb, help)                                                                    \
    {                                                                                              \
#verb, "NAME", help, 1, 1, run_##verb, true                                                \
    }

static const struct command commands[] = {
    ALONE(ps, "all VMs and programs"),
    ALONE(top, "the same with processor time, again every second, until a key is pressed"),
    WITH_DOMAIN(start, "start one that is down"),
    WITH_DOMAIN(stop, "press its power button; kill it if that does not help"),
    WITH_DOMAIN(pause, "let it stand still"),
    WITH_DOMAIN(resume, "let it go on"),
    WITH_DOMAIN(reset, "end it and start it anew"),
    WITH_DOMAIN(kill, "end it at once; it stays down"),
    WITH_DOMAIN(destroy, "kill it and forget it: nothing of it is left"),
    WITH_DOMAIN(console, "go to its console"),
    {"log", "[LEVEL]", "go to the log; or what gets into it", 0, 1, run_log, false},
    ALONE(services, "what is published in the directory"),
    WITH_DOMAIN(quota, "what it may have and what it has"),
    ALONE(trace, "write the trace out"),
    ALONE(help, "this list"),
    ALONE(exit, "leave"),
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static enum shell_next run_help(struct domain *d, char **words, unsigned count)
{
    for (unsigned i = 0; i < COMMANDS; i++)
        say("  %-8s %-8s %s", commands[i].verb, commands[i].words, commands[i].help);
    return SHELL_MORE;
}

static const struct command *find_command(const char *verb)
{
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].verb, verb) == 0)
            return &commands[i];
    }
    return NULL;
}

/* Cut the line into words in place; SHELL_WORDS + 1 means too many. */
static unsigned split(char *line, char **words)
{
    unsigned count = 0;

    for (;;) {
        line += strspn(line, " \t");
        if (!*line || count > SHELL_WORDS)
            return count;
        if (count < SHELL_WORDS)
            words[count] = line;
        count++;
        line += strcspn(line, " \t");
        if (*line)
            *line++ = '\0';
    }
}

enum shell_next shell_run(const char *text, shell_out to)
{
    char line[SHELL_LINE], *words[SHELL_WORDS];
    const struct command *c;
    struct domain *d = NULL;
    unsigned count;

    out = to;
    text_copy(line, sizeof(line), text, sizeof(line));
    count = split(line, words);
    if (!count)
        return SHELL_MORE;
    c = find_command(words[0]);
    if (!c) {
        say("no command is called %s; `help` lists them", words[0]);
        return SHELL_REFUSED;
    }
    if (count - 1 < c->least || count - 1 > c->most) {
        say("write: %s %s", c->verb, c->words);
        return SHELL_REFUSED;
    }
    if (c->domain) {
        d = domain_named(words[1]);
        if (!d) {
            say("no VM or program is called %s; `ps` lists them", words[1]);
            return SHELL_REFUSED;
        }
    }
    return c->run(d, words + 1, count - 1);
}
