/* SPDX-License-Identifier: BSD-2-Clause */
#include "commands.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <marzipan/native.h>
#include <marzipan/operator.h>
#include <marzipan/vm.h>
#include <rt/text.h>

#include "table.h"

struct command {
    const char *verb, *words, *help;
    unsigned least, most; /* words behind the verb */
    enum shell_next (*run)(const char *word);
    enum { NONE, ANY, DOMAIN } takes; /* what the first word behind it is */
};

static shell_out out;
static bool acted; /* and the monitor waits for the answer to be seen */

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

/* What came of an operation of the interface `vm`. */
static enum shell_next report(const char *who, const char *done, enum mz_error error)
{
    struct mz_operator_row row;

    acted = true;
    if (!error) {
        say("%s%s", who, done);
        return SHELL_MORE;
    }
    if (error == MZ_ERR_BAD_STATE && table_find(who, &row))
        say("%s is %s; nothing was done", who, table_state(&row));
    else
        say("%s: refused, %s; `log` may tell why", who, mz_error_name(error));
    return SHELL_REFUSED;
}

static enum shell_next run_ps(const char *none)
{
    table_write(out, false);
    return SHELL_MORE;
}

static enum shell_next run_top(const char *none)
{
    return SHELL_TOP;
}

static enum shell_next run_start(const char *who)
{
    enum mz_error error = mz_vm_start(native_monitor(), who);
    struct mz_operator_row row;
    bool waits = !error && table_find(who, &row) && row.now == MZ_OPERATOR_DEPENDING;

    return report(who, waits ? ": starts when its time comes" : ": started", error);
}

static enum shell_next run_stop(const char *who)
{
    return report(who, ": asked to stop", mz_vm_stop(native_monitor(), who, UINT32_MAX));
}

static enum shell_next run_pause(const char *who)
{
    enum mz_error error = mz_vm_pause(native_monitor(), who);

    if (error != MZ_ERR_NOT_SUPPORTED)
        return report(who, ": paused", error);
    say("%s is a monitor, which cannot be paused; pause those inside of it", who);
    return SHELL_REFUSED;
}

static enum shell_next run_resume(const char *who)
{
    return report(who, ": goes on", mz_vm_resume(native_monitor(), who));
}

static enum shell_next run_reset(const char *who)
{
    return report(who, ": reset", mz_vm_reset(native_monitor(), who));
}

static enum shell_next run_kill(const char *who)
{
    return report(who, ": killed", mz_vm_stop(native_monitor(), who, 0));
}

static enum shell_next run_destroy(const char *who)
{
    return report(who, " is no more", mz_vm_destroy(native_monitor(), who));
}

static enum shell_next run_console(const char *who)
{
    enum mz_error error = mz_operator_focus(native_monitor(), who);

    return error ? report(who, "", error) : SHELL_CONSOLE;
}

static enum shell_next run_log(const char *level)
{
    if (!level)
        return SHELL_LOG;
    if (!mz_operator_set_log_level(native_monitor(), level)) {
        say("what gets into the log from now on: %s and what is worse", level);
        return SHELL_MORE;
    }
    say("%s is no level; the levels are error, warn, info and debug", level);
    return SHELL_REFUSED;
}

static enum shell_next run_services(const char *none)
{
    char path[64] = "", owner[32], about[64];
    unsigned count = 0;
    uint32_t kind;

    for (; !mz_operator_next_service(native_monitor(), path, path, owner, &kind, about); count++)
        say("%-32s %-16s interface %u version %u.%u  %s", path, owner, kind >> 16, kind >> 8 & 0xff,
            kind & 0xff, about);
    say("%u service%s", count, count == 1 ? "" : "s");
    return SHELL_MORE;
}

static enum shell_next run_quota(const char *who)
{
    table_quota(who, out);
    return SHELL_MORE;
}

static enum shell_next run_trace(const char *none)
{
    uint32_t events;

    if (mz_operator_dump_trace(native_monitor(), &events)) {
        say("nothing is traced: start with `marzipan run --trace`");
        return SHELL_REFUSED;
    }
    say("the trace of %u events is written, and goes on", events);
    return SHELL_MORE;
}

static enum shell_next run_exit(const char *none)
{
    return SHELL_LEAVE;
}

static enum shell_next run_help(const char *none);

/* A verb that stands alone, and one for the domain that is named. */
#define ALONE(verb, help)                                                                          \
    {                                                                                              \
#verb, "", help, 0, 0, run_##verb, NONE                                                    \
    }
#define WITH_DOMAIN(verb, help)                                                                    \
    {                                                                                              \
#verb, "NAME", help, 1, 1, run_##verb, DOMAIN                                              \
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
    {"log", "[LEVEL]", "go to the log; or what gets into it", 0, 1, run_log, ANY},
    ALONE(services, "what is published in the directory"),
    WITH_DOMAIN(quota, "what it may have and what it has"),
    ALONE(trace, "write the trace out"),
    {"help", "[COMMAND]", "all commands, or one", 0, 1, run_help, ANY},
    ALONE(exit, "leave"),
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static enum shell_next run_help(const char *verb)
{
    bool some = false;

    for (unsigned i = 0; i < COMMANDS; i++) {
        if (verb && strcmp(verb, commands[i].verb) != 0)
            continue;
        say("  %-8s %-9s %s", commands[i].verb, commands[i].words, commands[i].help);
        some = true;
    }
    if (!some)
        say("no command is called %s; `help` lists them", verb);
    return some ? SHELL_MORE : SHELL_REFUSED;
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
    struct mz_operator_row row;
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
    if (count - 1 > c->most) {
        say("\"%s\" is too much; write: %s%s%s", words[c->most + 1], c->verb, *c->words ? " " : "",
            c->words);
        return SHELL_REFUSED;
    }
    if (count - 1 < c->least) {
        say("write: %s %s", c->verb, c->words);
        return SHELL_REFUSED;
    }
    if (c->takes == DOMAIN && !table_find(words[1], &row)) {
        say("no VM or program is called %s; `ps` lists them", words[1]);
        return SHELL_REFUSED;
    }
    return c->run(count > 1 ? words[1] : NULL);
}

void shell_answered(void)
{
    if (acted)
        mz_operator_answered(native_monitor());
    acted = false;
}
