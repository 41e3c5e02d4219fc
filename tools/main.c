/* SPDX-License-Identifier: BSD-2-Clause */
/* marzipan: checks, builds and runs systems of virtual machines. */
#include "command.h"

#include <manifest/nearest.h>
#include <stdarg.h>
#include <string.h>

#define MARZIPAN_VERSION "0.1"
#define DESCRIPTION      "system.yaml" /* where none is named */

#define NAME_REMEDY "name a VM or program; \"marzipan ps\" lists them"

const struct command commands[] = {
    {"check", "FILE", "check a system description",
     "Reads the description and everything it names, reports every error with its place,\n"
     "cause and remedy, and builds nothing. With --flows it prints who can influence whom\n"
     "instead of the word that all is well.",
     command_check, NULL, DESCRIPTION},
    {"graph", "FILE", "draw a system: who is in it, who calls whom",
     "Writes the picture as text in the language of Graphviz to standard output or to a file\n"
     "that ends in .dot, or has Graphviz draw a file that ends in .svg. Kernels, initrds and\n"
     "programs need not be there.",
     command_graph, NULL, DESCRIPTION},
    {"build", "FILE", "build a system into a folder",
     "Checks the description, compiles it, and puts all that a boot loader needs into a\n"
     "folder (./marzipan-out): the loader, the boot modules, their list in \"modules\", and\n"
     "a grub.cfg for them.",
     command_build, NULL, DESCRIPTION},
    {"run", "FILE", "build a system and run it in QEMU",
     "The terminal becomes the machine's serial console: Ctrl-] h shows the console's keys,\n"
     "Ctrl-] x ends the machine. What the machine reports at its end is the exit code: 0 if\n"
     "all VMs ended well.",
     command_run, NULL, DESCRIPTION},
    {"iso", "FILE", "build a CD image that boots on BIOS and UEFI",
     "Makes marzipan.iso, or what --output says, with GRUB.", command_iso, NULL, DESCRIPTION},
    {"ps", NULL, "list a running system's VMs and programs",
     "State, starts, memory, kernel memory and threads of each.", command_control, NULL, NULL},
    {"top", NULL, "watch their processor time",
     "The table of ps with the processor time of the last second, once a second until Ctrl-C or\n"
     "q; once with --once, or if standard output is no terminal.",
     command_top, NULL, NULL},
    {"start", "NAME", "start a VM or program that is down",
     "It waits for what it comes after, as at boot.", command_control, NAME_REMEDY, NULL},
    {"stop", "NAME", "press its power button",
     "It is killed if that does not help within its stop-timeout.", command_control, NAME_REMEDY,
     NULL},
    {"pause", "NAME", "let it stand still", "", command_control, NAME_REMEDY, NULL},
    {"resume", "NAME", "let it go on", "", command_control, NAME_REMEDY, NULL},
    {"reset", "NAME", "end it and start it anew", "", command_control, NAME_REMEDY, NULL},
    {"kill", "NAME", "end it at once", "It stays down.", command_control, NAME_REMEDY, NULL},
    {"destroy", "NAME", "kill it and forget it",
     "Nothing of it is left: its memory, its console and its name are free.", command_control,
     NAME_REMEDY, NULL},
    {"log", "LEVEL", "choose what gets into the log",
     "LEVEL is error, warn, info or debug. The log itself is on the console: Ctrl-] l.",
     command_control, "write error, warn, info or debug; Ctrl-] l on the console shows the log",
     NULL},
    {"services", NULL, "list what is published in the directory", "", command_control, NULL, NULL},
    {"quota", "NAME", "show what it may have and what it has", "", command_control, NAME_REMEDY,
     NULL},
    {"trace", "LOG", "convert a trace for Perfetto's viewer",
     "Takes the kernel's trace out of a console's log, or of standard input (-), and writes\n"
     "LOG.json, or what --output says, which https://ui.perfetto.dev opens. \"marzipan run\n"
     "--trace\" takes a trace and does the rest by itself. Without LOG: have the running system\n"
     "write its trace out.",
     command_trace, NULL, NULL},
    {"schema", NULL, "print the JSON schema of system descriptions",
     "For editors and other tools; the reference for people is system.yaml(5).", command_schema,
     NULL, NULL},
    {"help", "COMMAND", "explain a command", "Without a command: list them.", command_help, NULL,
     NULL},
    {"version", NULL, "print the version", "", command_version, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

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

const struct command *command_named(const char *name)
{
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
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
        puts("\nFILE is " DESCRIPTION " if it is left out.");
        puts("marzipan help COMMAND explains one; marzipan(1) and system.yaml(5) have it all.");
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
