/* SPDX-License-Identifier: BSD-2-Clause */
/* marzipan: checks, builds and runs systems of virtual machines. */
#include "command.h"

#include <manifest/nearest.h>
#include <stdarg.h>
#include <string.h>

#define MARZIPAN_VERSION "0.1"

int complain(int code, const char *remedy, const char *cause, ...)
{
    va_list args;

    fputs("marzipan: ", stderr);
    va_start(args, cause);
    vfprintf(stderr, cause, args);
    va_end(args);
    fprintf(stderr, "\n  remedy: %s\n", remedy);
    return code;
}

static int unknown_command(const char *name)
{
    struct nearest nearest = nearest_to(name);
    char remedy[64] = "\"marzipan help\" lists the commands";

    for (const struct command *c = commands; c->name != NULL; c++)
        nearest_try(&nearest, c->name);
    if (nearest.best != NULL)
        snprintf(remedy, sizeof remedy, "did you mean \"%s\"?", nearest.best);
    return complain(CODE_USAGE, remedy, "there is no command \"%s\"", name);
}

int command_help(const struct settings *settings)
{
    const struct command *command;
    bool optional;

    if (settings->operand == NULL) {
        puts("usage: marzipan COMMAND [OPTION]... [FILE|NAME]\n");
        for (const struct command *c = commands; c->name != NULL; c++)
            printf("  %-8s %s\n", c->name, c->summary);
        puts("\nFILE is " DEFAULT_DESCRIPTION " if it is left out.");
        puts("marzipan help COMMAND explains one; marzipan(1) and system.yaml(5), in tools/, have "
             "it all.");
        return CODE_OK;
    }
    command = command_named(settings->operand);
    if (command == NULL)
        return unknown_command(settings->operand);
    optional = command->operand != NULL && command->operand_help == NULL;
    printf("usage: marzipan %s [OPTION]...%s%s%s%s\n\n%s%s", command->name,
           command->operand != NULL ? " " : "", optional ? "[" : "",
           command->operand != NULL ? command->operand : "", optional ? "]" : "", command->details,
           *command->details != '\0' ? "\n\n" : "");
    options_print(command);
    return CODE_OK;
}

int command_version(const struct settings *settings)
{
    puts("marzipan " MARZIPAN_VERSION);
    return CODE_OK;
}

/* Their codes are what scripts expect of small commands: done, refused, misused. */
static bool speaks_to_system(const struct command *command)
{
    return command->run == command_control || command->run == command_top;
}

int main(int count, char **words)
{
    struct settings settings = {0};
    const struct command *command;
    const char *name = count > 1 ? words[1] : "help";
    int code;

    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    command = command_named(name);
    if (command == NULL)
        return unknown_command(name);
    for (int i = 2; i < count; i++) {
        if (strcmp(words[i], "--help") == 0) {
            settings.operand = command->name;
            return command_help(&settings);
        }
    }
    settings.command = command->name;
    code = options_parse(command, count > 2 ? count - 2 : 0, words + 2, &settings);
    if (code == CODE_OK)
        return command->run(&settings);
    return speaks_to_system(command) ? CODE_VERB_USAGE : code;
}
