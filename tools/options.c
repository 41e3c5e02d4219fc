/* SPDX-License-Identifier: BSD-2-Clause */
#include "command.h"

#include <manifest/nearest.h>
#include <stddef.h>
#include <string.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option {
    const char *name;
    char letter; /* NUL: none */
    enum option_kind kind;
    size_t offset; /* in struct settings */
    const char *argument;
    const char *commands; /* that take it, in words with spaces around */
    const char *help;
};

static const struct option options[] = {
    {"output", 'o', OPTION_TEXT, offsetof(struct settings, output), "PATH",
     " graph build run iso trace ",
     "where the result goes: a folder, for graph, iso and trace a file"},
    {"libdir", 0, OPTION_TEXT, offsetof(struct settings, libdir), "DIR", " check build run iso ",
     "where Marzipan's own files are"},
    {"memory", 'm', OPTION_TEXT, offsetof(struct settings, memory), "SIZE", " check build run iso ",
     "the machine's memory, instead of what the description says"},
    {"args", 0, OPTION_LIST, offsetof(struct settings, module_args), "MODULE=TEXT",
     " build run iso ", "arguments for a boot module, as in --args monitor=loglevel=debug"},
    {"isa-debug-exit", 0, OPTION_TEXT, offsetof(struct settings, exit_port), "PORT", " build iso ",
     "end by writing to this port, for QEMU (run does so by itself)"},
    {"no-files", 0, OPTION_FLAG, offsetof(struct settings, no_files), NULL, " check ",
     "do not look at kernels, initrds and programs"},
    {"flows", 0, OPTION_FLAG, offsetof(struct settings, flows), NULL, " check ",
     "print who can influence whom, and through which services"},
    {"json", 0, OPTION_FLAG, offsetof(struct settings, json), NULL, " check ",
     "with --flows: as JSON"},
    {"machine", 'M', OPTION_TEXT, offsetof(struct settings, machine), "TYPE", " run ",
     "QEMU's machine type: q35 or pc"},
    {"cpu", 0, OPTION_TEXT, offsetof(struct settings, cpu), "MODEL", " run ",
     "QEMU's processor model and flags"},
    {"icount", 0, OPTION_FLAG, offsetof(struct settings, icount), NULL, " run ",
     "one instruction is one nanosecond: runs repeat exactly"},
    {"iso", 0, OPTION_FLAG, offsetof(struct settings, iso), NULL, " run ",
     "boot through GRUB from a CD image"},
    {"efi", 0, OPTION_FLAG, offsetof(struct settings, efi), NULL, " run ",
     "with --iso: boot on UEFI (package ovmf), not on BIOS"},
    {"timeout", 0, OPTION_TEXT, offsetof(struct settings, timeout), "TIME", " run ",
     "stop the machine after this time, as in 90s, and exit with 124"},
    {"trace", 0, OPTION_TEXT, offsetof(struct settings, trace), "JSON", " run ",
     "record what the processors do, into a file for Perfetto's viewer"},
    {"dry-run", 'n', OPTION_FLAG, offsetof(struct settings, dry_run), NULL, " run ",
     "build, print QEMU's command line, do not start it"},
    {"qemu-arg", 0, OPTION_LIST, offsetof(struct settings, qemu_args), "ARG", " run ",
     "pass one more argument to QEMU"},
    {"control", 0, OPTION_TEXT, offsetof(struct settings, control), "PATH",
     " run ps top start stop pause resume reset kill destroy log services console quota trace ",
     "the socket of the running system's control line"},
    {"once", 0, OPTION_FLAG, offsetof(struct settings, once), NULL, " top ",
     "print one table, of one second, and end"},
    {"markdown", 0, OPTION_FLAG, offsetof(struct settings, markdown), NULL, " schema ",
     "the reference of all keys, instead of the JSON schema"},
};

#define OPTIONS (sizeof options / sizeof options[0])

static bool takes(const struct command *command, const struct option *option)
{
    char word[32];

    snprintf(word, sizeof word, " %s ", command->name);
    return strstr(option->commands, word) != NULL;
}

/* The option that begins this word of len characters behind the hyphens. */
static const struct option *find(const struct command *command, const char *name, size_t len,
                                 bool letter)
{
    for (unsigned i = 0; i < OPTIONS; i++) {
        const struct option *o = &options[i];

        if (takes(command, o) && (letter ? len == 1 && o->letter == *name
                                         : strlen(o->name) == len && !memcmp(o->name, name, len)))
            return o;
    }
    return NULL;
}

static int unknown(const struct command *command, const char *word)
{
    struct nearest nearest = nearest_to(word + strspn(word, "-"));
    char remedy[128];

    for (unsigned i = 0; i < OPTIONS; i++) {
        if (takes(command, &options[i]))
            nearest_try(&nearest, options[i].name);
    }
    if (nearest.best != NULL)
        snprintf(remedy, sizeof remedy, "did you mean --%s?", nearest.best);
    else
        snprintf(remedy, sizeof remedy, "\"marzipan help %s\" lists its options", command->name);
    return complain(CODE_USAGE, remedy, "%s has no option %s", command->name, word);
}

static int store(const struct option *option, const char *text, struct settings *settings)
{
    void *target = (char *)settings + option->offset;
    struct list *list = target;

    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        break;
    case OPTION_TEXT:
        *(const char **)target = text;
        break;
    case OPTION_LIST:
        if (list->count == LIST_MAX)
            return complain(CODE_USAGE, "leave some out", "more than %d times --%s", LIST_MAX,
                            option->name);
        list->items[list->count++] = text;
        break;
    }
    return CODE_OK;
}

/* Take words[0], which begins with a hyphen, and its argument; *used counts them. */
static int take_option(const struct command *command, int count, char **words, int *used,
                       struct settings *settings)
{
    bool letter = words[0][1] != '-';
    const char *name = words[0] + (letter ? 1 : 2);
    size_t len = letter ? 1 : strcspn(name, "=");
    const struct option *option = find(command, name, len, letter);
    const char *text = name[len] == '\0' ? NULL : name + len + (letter ? 0 : 1);

    *used = 1;
    if (option == NULL)
        return unknown(command, words[0]);
    if (option->kind == OPTION_FLAG) {
        if (text != NULL)
            return complain(CODE_USAGE, "give it alone", "--%s takes no argument", option->name);
        return store(option, NULL, settings);
    }
    if (text == NULL && count > 1) {
        text = words[1];
        *used = 2;
    }
    if (text == NULL)
        return complain(CODE_USAGE, option->help, "--%s needs an argument: %s", option->name,
                        option->argument);
    return store(option, text, settings);
}

int options_parse(const struct command *command, int count, char **words, struct settings *settings)
{
    bool options_end = false;

    for (int i = 0, used = 1, code; i < count; i += used) {
        used = 1;
        if (!options_end && strcmp(words[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && words[i][0] == '-' && words[i][1] != '\0') {
            code = take_option(command, count - i, words + i, &used, settings);
            if (code != CODE_OK)
                return code;
        } else if (command->operand == NULL || settings->operand != NULL) {
            return complain(CODE_USAGE, "remove it", "%s does not know what to do with \"%s\"",
                            command->name, words[i]);
        } else {
            settings->operand = words[i];
        }
    }
    if (command->operand_help != NULL && settings->operand == NULL)
        return complain(CODE_USAGE, command->operand_help, "%s needs a %s", command->name,
                        command->operand);
    if (settings->operand == NULL)
        settings->operand = command->operand_default;
    return CODE_OK;
}

void options_print(const struct command *command)
{
    for (unsigned i = 0; i < OPTIONS; i++) {
        const struct option *o = &options[i];
        char left[48];

        if (!takes(command, o))
            continue;
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
        printf("  %c%c%c %-22s %s\n", o->letter != 0 ? '-' : ' ', o->letter != 0 ? o->letter : ' ',
               o->letter != 0 ? ',' : ' ', left, o->help);
    }
}
