/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands to a running system. */
#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORD_MAX 100 /* the monitor takes lines of 127 characters */

static int ask_and_print(const struct settings *settings, const char *request)
{
    char *answer = NULL;
    int code = control_ask(settings, request, &answer);

    if (answer != NULL)
        fputs(answer, stdout);
    free(answer);
    return code;
}

/* The share of a processor is of the time since the table before: that one is not shown. */
static int print_top(const struct settings *settings)
{
    char *answer = NULL;
    int code = control_ask(settings, "top", &answer);

    free(answer);
    if (code != CODE_OK)
        return code;
    sleep(1);
    return ask_and_print(settings, "top");
}

int command_top(const struct settings *settings)
{
    return settings->once || !isatty(STDOUT_FILENO) ? print_top(settings) : control_watch(settings);
}

/* A name with a blank or a line's end in it would be another request. */
static bool is_word(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f)
            return false;
    }
    return length > 0 && length <= WORD_MAX;
}

int command_control(const struct settings *settings)
{
    const char *word = settings->operand;
    char request[WORD_MAX + 32];

    if (word != NULL && !is_word(word))
        return complain(CODE_VERB_USAGE, "\"marzipan ps\" lists the names",
                        "\"%s\" is no name: it is empty, too long, or has blanks or the like",
                        word);
    snprintf(request, sizeof request, "%s%s%s", settings->command, word != NULL ? " " : "",
             word != NULL ? word : "");
    return ask_and_print(settings, request);
}
