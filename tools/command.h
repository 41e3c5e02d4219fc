/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of `marzipan`, their options and exit codes.  The tables in
 * commands.c and options.c are where a command or an option is added: parsing, `help` and the
 * tests of the manual page and the completion follow them.
 */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include <manifest/system.h>

/* Above what a machine reports (0 to 63), and as in sysexits.h where it says so. */
enum exit_code {
    CODE_OK = 0,
    CODE_REFUSED = 1,      /* a running system refused a command                     */
    CODE_VERB_USAGE = 2,   /* as CODE_USAGE, of the commands to a running system     */
    CODE_USAGE = 64,       /* EX_USAGE: unknown command or option, missing argument  */
    CODE_DESCRIPTION = 65, /* EX_DATAERR: the description, or a trace, has errors    */
    CODE_MISSING = 69,     /* EX_UNAVAILABLE: a program or a file of Marzipan's      */
    CODE_STOPPED = 70,     /* EX_SOFTWARE: the machine stopped without reporting     */
    CODE_IO = 74,          /* EX_IOERR: reading or writing failed                    */
    CODE_TIMEOUT = 124     /* as timeout(1)                                          */
};

#define LIST_MAX 16

struct list {
    const char *items[LIST_MAX];
    unsigned count;
};

/* What the command line said; NULL or false where it said nothing. */
struct settings {
    const char *command; /* its name                                       */
    const char *operand; /* FILE, NAME, or the command of `help`           */
    const char *output, *libdir, *machine, *cpu, *memory, *timeout, *exit_port, *trace, *control;
    struct list qemu_args, module_args;
    bool icount, iso, efi, dry_run, no_files, markdown, flows, json, once;
};

struct command {
    const char *name;
    const char *operand; /* as `help` shows it; NULL: none */
    const char *summary;
    const char *details;
    int (*run)(const struct settings *settings);
    const char *operand_help;    /* what to do if it is missing; NULL: it may be */
    const char *operand_default; /* then it is this                              */
};

#define DEFAULT_DESCRIPTION "system.yaml" /* where none is named */

extern const struct command commands[]; /* ends with a NULL name */
const struct command *command_named(const char *name);

int command_check(const struct settings *settings);
int command_graph(const struct settings *settings);
int command_build(const struct settings *settings);
int command_run(const struct settings *settings);
int command_iso(const struct settings *settings);
int command_trace(const struct settings *settings);
int command_control(const struct settings *settings);
int command_top(const struct settings *settings);
int command_schema(const struct settings *settings);
int command_help(const struct settings *settings);
int command_version(const struct settings *settings);

/* Read what follows the command's name, with the default operand if there is none.  CODE_OK
 * or CODE_USAGE. */
int options_parse(const struct command *command, int count, char **words,
                  struct settings *settings);

/* The options of a command, one a line, for `help`. */
void options_print(const struct command *command);

/* "marzipan: CAUSE" and "  remedy: REMEDY" on standard error; returns code. */
int complain(int code, const char *remedy, const char *cause, ...)
    __attribute__((format(printf, 3, 4)));

/* Read and check settings->operand, print what there is to say about it.  CODE_OK,
 * or what to exit with.  system_free() in any case. */
int load_system(const struct settings *settings, struct system *system);

#endif
